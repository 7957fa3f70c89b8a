"""`/find words… [day] [venue] [level]`: sessions by title, speaker, track or topic."""

from bot.app.command_spec import DAY, LEVEL, TEXT, VENUE, Call, Command, Context, Param
from bot.app.messages import Reply, Text, Typed
from bot.app.text import Reader, listed_once, n, numbered, s, t
from bot.domain.schedule.session import Session

WORDS = Param(
    "words", TEXT, "words of the title, a speaker, a topic", required=True, question=s("What should I look for?")
)
ON = Param("day", DAY, "today, tuesday, day 2, 2021-11-30")
WHERE = Param("venue", VENUE, "only in this venue")
LEVELS = Param("level", LEVEL, "only of this level")
SHOWN = 6
ENOUGH = 200


async def handle(call: Call, context: Context) -> Reply:
    """The best matches that pass the filters, numbered."""
    words = call.need(WORDS)
    found = listed_once(session for session in context.search.search(words, ENOUGH) if _passes(session, call, context))
    if not found:
        return _nothing(words, context)
    reader, shown = Reader.of(context.attendee, context.schedule), found[:SHOWN]
    speakers = [t("{names}", names=", ".join(session.speakers)) for session in shown]
    return Reply(
        (_head(words, len(found)),), numbered(shown, reader, speakers), listed=tuple(session.id for session in shown)
    )


def _head(words: str, found: int) -> Text:
    attend = Typed("/attend 1")
    if found > SHOWN:
        return t(
            'I found {count} sessions for "{words}". Here are the best {shown}. Add the first with {attend}:',
            count=found,
            words=words,
            shown=SHOWN,
            attend=attend,
        )
    return n(
        'I found {count} session for "{words}". Add it with {attend}:',
        'I found {count} sessions for "{words}". Add the first with {attend}:',
        found,
        words=words,
        attend=attend,
    )


def _passes(session: Session, call: Call, context: Context) -> bool:
    day, venue, level = call.get(ON), call.get(WHERE), call.get(LEVELS)
    return (
        (day is None or session.day(context.schedule.conference.tz) == day)
        and (venue is None or session.venue == venue.name)
        and (level is None or session.level == level)
    )


def _nothing(words: str, context: Context) -> Reply:
    near = listed_once(context.search.nearest(words, 3))
    reader = Reader.of(context.attendee, context.schedule)
    text = (
        t('I found no "{words}". Did you mean one of these?', words=words)
        if near
        else t('I found no "{words}". Try other words.', words=words)
    )
    return Reply((text,), numbered(near, reader), listed=tuple(session.id for session in near))


COMMAND = Command(
    "find",
    "Find sessions by title, speaker or topic",
    handle,
    (WORDS, ON, WHERE, LEVELS),
    examples=("/find kubernetes security", "/find serverless tuesday Wynn 300"),
)
