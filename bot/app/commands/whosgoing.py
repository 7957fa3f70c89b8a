"""`/whosgoing code`: the members of this community who go to a session and share it."""

from collections.abc import Sequence

from bot.app.command_spec import SESSION, Call, Command, Context, Param, Requirement
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import lines, n, s, t
from bot.domain.attendee.attendee import Privacy
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)
MOST = 30


async def handle(call: Call, context: Context) -> Reply:
    """Show the number of people, and the names of those who chose the privacy level `community`."""
    session, asker = call.need(CODE), context.attendee
    if session.is_block:
        return Reply((t("That is your own entry: nobody else sees it."),))
    attendances, slug = context.work.attendances, context.schedule.conference.slug
    number, fellows = await attendances.going(asker.community.id, slug, session.id)
    names = [fellow.name or fellow.user for fellow in fellows]
    hidden = () if asker.privacy is Privacy.COMMUNITY else _hidden_text()
    details = Button(s("Details"), "session", {"code": session.code})
    return Reply(lines(_people_text(session, number, names), hidden), buttons=(details,))


def _people_text(session: Session, number: int, names: Sequence[str]) -> Text:
    if not number:
        return t('Nobody here is going to "{title}" yet.', title=session.title)
    people = n(
        '{count} person is going to "{title}"', '{count} people are going to "{title}"', number, title=session.title
    )
    rest = number - min(len(names), MOST)
    listed = ", ".join(names[:MOST])
    if names and rest:
        return t("{people}: {names} and {count} more.", people=people, names=listed, count=rest)
    return t("{people}: {names}.", people=people, names=listed) if names else t("{people}.", people=people)


def _hidden_text() -> Text:
    return t("Your own name isn't shown. To show it: {show}", show=Typed("/privacy community"))


COMMAND = Command(
    "whosgoing",
    "See who's going to a session",
    handle,
    (CODE,),
    requires=Requirement.CONFERENCE | Requirement.COMMUNITY,
    examples=("/whosgoing ARC301",),
)
