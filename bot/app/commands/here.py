"""`/here venue`: the place where the attendee is now; the next walk starts there."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.command_spec import VENUE, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.schedules.walks import count_arrival
from bot.app.text import lines, moved_text, room_buttons, s, t
from bot.domain.attendee.attendee import Attendance, Choice, Here
from bot.domain.attendee.feedback import DOORS_BEFORE

HERE = Param("venue", VENUE, "the venue you are in", required=True, question=s("Where are you?"))


async def handle(call: Call, context: Context) -> Reply:
    """Store the place for this conference day."""
    venue, before, chosen = call.need(HERE), context.attendee, await context.attendances()
    await count_arrival(context.work, before, chosen, context.schedule, venue.name, context.now)
    after = replace(before, here=Here(venue.name, context.now))
    await context.work.people.save(after)
    text = t("Got it, you're at {venue}. I'll plan your next walk from there.", venue=venue.name)
    moved = moved_text(before, after, chosen, context.schedule, context.now)
    doors = _doors(venue.name, chosen, context) if before.community.feedback else ()
    return Reply(lines(text, moved), buttons=(*doors, Button(s("Next session"), "nextsession")))


def _doors(venue: str, chosen: Sequence[Attendance], context: Context) -> tuple[Button, ...]:
    """Return what the attendee can say at the door of their session there, around its start."""
    going = (
        context.schedule.by_id.get(attendance.session) for attendance in chosen if attendance.choice is Choice.GOING
    )
    there = [session for session in going if session and session.venue == venue and session.takes_place]
    near = [
        session
        for session in there
        if abs(session.starts_at - context.now) <= DOORS_BEFORE and context.now < session.ends_at
    ]
    return room_buttons(min(near, key=lambda session: abs(session.starts_at - context.now))) if near else ()


COMMAND = Command(
    "here",
    "Tell me where you are, so I can plan your next walk",
    handle,
    (HERE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/here Wynn",),
)
