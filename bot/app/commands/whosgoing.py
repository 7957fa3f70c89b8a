"""`/whosgoing code`: who of this community goes, as far as they let it be seen."""

from bot.app.command_spec import SESSION, Call, Command, Context, Param, Requirement
from bot.app.messages import Button, Reply, Typed
from bot.app.text import count, sentence
from bot.domain.attendee.attendee import Privacy

CODE = Param("code", SESSION, "its code, part of its title, or a number from the last list", required=True)
MOST = 30


async def handle(call: Call, context: Context) -> Reply:
    """How many go, and the names of those who chose the level `community`."""
    session, asker = call.need(CODE), context.attendee
    attendances, slug = context.work.attendances, context.schedule.conference.slug
    number, fellows = await attendances.going(asker.community.id, slug, session.id)
    names = [fellow.name or fellow.user for fellow in fellows]
    head = f"{count(number, 'person goes', 'people go')} to {session.code} {session.title}"
    shown = f": {', '.join(names[:MOST])}" if names else ""
    rest = number - min(len(names), MOST)
    hidden = f" and {rest} more" if names and rest else ""
    lines = [sentence(f"{head}{shown}{hidden}." if number else f"Nobody here goes to {session.code} yet.")]
    if asker.privacy is not Privacy.COMMUNITY:
        lines.append(sentence("You are not named yourself: ", Typed("/privacy community"), " changes that."))
    return Reply(tuple(lines), buttons=(Button("Details", "session", {"code": session.code}),))


COMMAND = Command(
    "whosgoing",
    "Who of this community goes to a session",
    handle,
    (CODE,),
    requires=Requirement.CONFERENCE | Requirement.COMMUNITY,
    examples=("/whosgoing ARC301",),
)
