"""`/community [name]`: for which of your communities a direct message is answered."""

from collections.abc import Sequence

from bot.app.command_spec import TEXT, Call, Command, Context, Effect, Param, Requirement
from bot.app.messages import Button, Reply
from bot.app.text import either, sentence
from bot.domain.attendee.attendee import Community
from bot.domain.errors import BadInputError

NAME = Param("name", TEXT, "the community to be answered for")


async def handle(call: Call, context: Context) -> Reply:
    """Show the community that is spoken of, or make it another one."""
    attendee, asked = context.attendee, call.get(NAME)
    known = await context.work.communities.of_user(attendee.community.platform, attendee.user)
    if not asked:
        others = [each for each in known if each.id != attendee.community.id]
        buttons = tuple(Button(each.called, "community", {"name": each.tenant}) for each in others)
        here = f"In direct messages I answer for {attendee.community.called}"
        more = "; a button switches." if buttons else ", the only community in which you use me."
        return Reply((sentence(here + more),), buttons=buttons)
    wanted = _named(asked, known)
    member = await context.work.people.find(wanted.platform, wanted.tenant, attendee.user)
    await context.work.people.set_current(member or attendee)
    return Reply((sentence(f"In direct messages I answer for {wanted.called} now."),), buttons=(Button("Next", "now"),))


def _named(asked: str, known: Sequence[Community]) -> Community:
    for each in known:
        if asked.casefold() in (each.tenant.casefold(), each.name.casefold()):
            return each
    message = f"You use me in {either([each.called for each in known])}, and not in {asked!r}."
    raise BadInputError(message)


COMMAND = Command(
    "community",
    "For which community I answer direct messages",
    handle,
    (NAME,),
    effect=Effect.WRITE,
    requires=Requirement.NOTHING,
    examples=("/community", "/community CloudClub"),
)
