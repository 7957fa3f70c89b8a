"""`/here venue`: the place where the attendee is now; the next walk starts there."""

from dataclasses import replace

from bot.app.command_spec import VENUE, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.schedules.walks import count_arrival
from bot.app.text import lines, moved_text, s, t
from bot.domain.attendee.attendee import Here

HERE = Param("venue", VENUE, "the venue you are in", required=True, question=s("Where are you?"))


async def handle(call: Call, context: Context) -> Reply:
    """Store the place for this conference day."""
    venue, before, chosen = call.need(HERE), context.attendee, await context.attendances()
    await count_arrival(context.work, before, chosen, context.schedule, venue.name, context.now)
    after = replace(before, here=Here(venue.name, context.now))
    await context.work.people.save(after)
    text = t("Got it, you're at {venue}. I'll plan your next walk from there.", venue=venue.name)
    moved = moved_text(before, after, chosen, context.schedule, context.now)
    return Reply(lines(text, moved), buttons=(Button(s("Next session"), "nextsession"),))


COMMAND = Command(
    "here",
    "Tell me where you are, so I can plan your next walk",
    handle,
    (HERE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/here Wynn",),
)
