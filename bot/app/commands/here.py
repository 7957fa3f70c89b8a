"""`/here venue`: "I'm here", so that the next way starts from the right place."""

from dataclasses import replace

from bot.app.command_spec import VENUE, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.text import sentence
from bot.domain.attendee.attendee import Here

HERE = Param("venue", VENUE, "the venue you are in", required=True)


async def handle(call: Call, context: Context) -> Reply:
    """Remember where the asker is, for this conference day."""
    venue = call.need(HERE)
    await context.work.people.save(replace(context.attendee, here=Here(venue.name, context.now)))
    told = f"You are at {venue.name}. Your next way starts there, until a later session of yours begins."
    return Reply((sentence(told),), buttons=(Button("Next session", "nextsession"),))


COMMAND = Command(
    "here",
    "Say where you are, so that your next way starts there",
    handle,
    (HERE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/here Wynn",),
)
