"""`/feedback code useful|not [word]`: whether a session was useful, once for each person."""

from dataclasses import replace

from bot.app.command_spec import CHOSEN_SESSION, TEXT, Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply, Typed
from bot.app.schedules.feedback import planned_sessions
from bot.app.text import Reader, rating_buttons, s, t
from bot.domain.attendee.feedback import MOST_CHARACTERS, just_seen
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    CHOSEN_SESSION,
    "its code, part of its title, or a number from the last list; without it, the last one you went to",
)
ANSWER = Param("answer", choice("useful", "not"), "useful, or not")
WORD = Param("word", replace(TEXT, max_length=5 * MOST_CHARACTERS), "a word about it, if you like; without your name")


async def handle(call: Call, context: Context) -> Reply:
    """Store the answer instead of an earlier one."""
    session, answer = call.get(CODE), call.get(ANSWER)
    if not context.attendee.community.feedback:
        return Reply((t("The organizers here do not ask for feedback."),))
    if session is None:
        seen = await _seen(context)
        if not seen:
            return Reply((t("Which session? {example}", example=Typed("/feedback ARC301 useful")),), is_error=True)
        if answer is None:
            return Reply((t("What was useful?"),), buttons=tuple(rating_buttons(seen)))
        session = seen[0]
    if session.is_block:
        raise BadInputError(s("That is your own entry. Nobody else sees it."))
    if context.now < session.starts_at:
        begins = Reader.of(context.attendee, context.schedule).day_time(session.starts_at)
        return Reply((t('"{title}" doesn\'t begin until {time}.', title=session.title, time=begins),))
    if answer is None:
        return Reply((t('Was "{title}" useful?', title=session.title),), buttons=tuple(rating_buttons((session,))))
    word = _cut(call.get(WORD) or "")
    slug, useful = context.schedule.conference.slug, answer == "useful"
    await context.work.feedback.rate(context.attendee.id, slug, session.id, word, useful=useful)
    thanks = t('Thank you. "{title}" was useful.', title=session.title)
    thanks = thanks if useful else t('Thank you. "{title}" was not useful.', title=session.title)
    secret = t("The organizers see only counts of five people or more. To change your answer, answer again.")
    return Reply((thanks, secret), buttons=(Button(s("Recap"), "recap"),))


async def _seen(context: Context) -> list[Session]:
    """The sessions that the attendee has just been to, as far as the agenda tells."""
    going = planned_sessions(context.attendee, await context.attendances(), context.schedule, context.today)
    return just_seen(going, context.now)


def _cut(typed: str) -> str:
    """The words on one line, without control characters."""
    words = "".join(character if character.isprintable() else " " for character in typed).split()
    return " ".join(words)[:MOST_CHARACTERS].rstrip()


COMMAND = Command(
    "feedback",
    "Say whether a session was useful",
    handle,
    (CODE, ANSWER, WORD),
    effect=Effect.WRITE,
    examples=("/feedback useful", "/feedback ARC301 not too many slides"),
)
