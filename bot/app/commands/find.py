"""`/find words… [day] [venue] [level]`: sessions by title, speaker, track or what they are about."""

from bot.app.command_spec import DAY, LEVEL, TEXT, VENUE, Call, Command, Context, Param
from bot.app.messages import Reply, Text, Typed
from bot.app.text import Reader, count, numbered, sentence
from bot.domain.schedule.session import Session

WORDS = Param("words", TEXT, "words of the title, a speaker, a topic", required=True)
ON = Param("day", DAY, "today, tuesday, day 2, 2021-11-30")
WHERE = Param("venue", VENUE, "only in this venue")
LEVELS = Param("level", LEVEL, "only of this level")
SHOWN = 6
ENOUGH = 200


async def handle(call: Call, context: Context) -> Reply:
    """The best matches that pass the filters, numbered."""
    words = call.need(WORDS)
    found = [session for session in context.search.search(words, ENOUGH) if _passes(session, call, context)]
    if not found:
        return _nothing(words, context)
    reader, shown = Reader.of(context.attendee, context.schedule), found[:SHOWN]
    speakers: list[Text] = [sentence(", ".join(session.speakers)) for session in shown]
    more = f", the best {SHOWN} of them" if len(found) > SHOWN else ""
    head = sentence(
        f"{count(len(found), 'session')} for {words!r}{more}. ",
        Typed("/attend 1"),
        " puts the first on your agenda.",
    )
    return Reply((head,), numbered(shown, reader, speakers), listed=tuple(session.id for session in shown))


def _passes(session: Session, call: Call, context: Context) -> bool:
    day, venue, level = call.get(ON), call.get(WHERE), call.get(LEVELS)
    return (
        (day is None or session.day(context.schedule.conference.tz) == day)
        and (venue is None or session.venue == venue.name)
        and (level is None or session.level == level)
    )


def _nothing(words: str, context: Context) -> Reply:
    near = context.search.nearest(words, 3)
    reader = Reader.of(context.attendee, context.schedule)
    told = f"Nothing found for {words!r} with these filters." + (" These look most like it:" if near else "")
    return Reply((sentence(told),), numbered(near, reader), listed=tuple(session.id for session in near))


COMMAND = Command(
    "find",
    "Look for sessions",
    handle,
    (WORDS, ON, WHERE, LEVELS),
    examples=("/find kubernetes security", "/find serverless tuesday Wynn 300"),
)
