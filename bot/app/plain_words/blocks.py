"""Own entries in plain words: `block 12 to 1 for lunch`, `keep 3pm to 4pm free for a call`."""

from bot.app.command_spec import StaticContext
from bot.app.plain_words.meaning import Meaning
from bot.domain.errors import BadInputError
from bot.domain.times.span_parsing import read_span

VERBS = ("block", "keep", "hold")
COMMAND, WHAT = "block", "what"


def block_typed(text: str, context: StaticContext) -> Meaning | None:
    """Return the entry that a line asks for; None if it names no span of time."""
    verb, _, rest = text.strip().partition(" ")
    if verb.casefold() not in VERBS or COMMAND not in context.commands:
        return None
    schedule = context.schedule
    try:
        read_span(rest, context.now, schedule.days, schedule.conference.tz, context.hours)
    except BadInputError:
        return None
    return Meaning(COMMAND, {WHAT: rest.strip()})
