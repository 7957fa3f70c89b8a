"""`/community [name]`: the community that direct messages are about."""

from collections.abc import Sequence

from bot.app.command_spec import TEXT, Call, Command, Context, Effect, Param, Requirement
from bot.app.messages import Button, Reply
from bot.app.text import either, s, t
from bot.domain.attendee.attendee import Community
from bot.domain.errors import BadInputError

NAME = Param("name", TEXT, "the community that direct messages are about")


async def handle(call: Call, context: Context) -> Reply:
    """Show the community, or choose another one."""
    attendee, asked = context.attendee, call.get(NAME)
    communities = await context.work.communities.of_user(attendee.community.platform, attendee.user)
    if not asked:
        others = [community for community in communities if community.id != attendee.community.id]
        buttons = tuple(Button(other.called, "community", {"name": other.tenant}) for other in others)
        here = attendee.community.called
        text = t("Our direct messages are about {community}. Switch with a button.", community=here)
        only = t("Our direct messages are about {community}, the only community where you use me.", community=here)
        return Reply((text if buttons else only,), buttons=buttons)
    wanted = _named(asked, communities)
    member = await context.work.people.find(wanted.platform, wanted.tenant, attendee.user)
    await context.work.people.set_current(member or attendee)
    text = t("Our direct messages are now about {community}.", community=wanted.called)
    return Reply((text,), buttons=(Button(s("What's on now"), "now"),))


def _named(asked: str, communities: Sequence[Community]) -> Community:
    for community in communities:
        if asked.casefold() in (community.tenant.casefold(), community.name.casefold()):
            return community
    names = either([other.called for other in communities])
    raise BadInputError(s('You don\'t use me in "{name}". You use me in {names}.', name=asked, names=names))


COMMAND = Command(
    "community",
    "Choose the community that direct messages are about",
    handle,
    (NAME,),
    effect=Effect.WRITE,
    requires=Requirement.NOTHING,
    examples=("/community", "/community CloudClub"),
)
