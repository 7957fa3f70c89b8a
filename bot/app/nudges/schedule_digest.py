"""The digest in a channel: which sessions of the new version are not as they were, for everybody to see."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply, Strong, Text
from bot.app.text import Reader, change_text, count, lateness_text, line_of, sentence
from bot.domain.nudges.digest import REST, Told, told_of
from bot.domain.nudges.nudge import NudgeKind

MOST_LINES = 12
"""What fits into one message on a phone."""


async def write(occasion: RenderContext) -> Reply | None:
    """A line for each session; None where all is as it was, or the community follows another conference by now."""
    nudge, conference = occasion.nudge, occasion.schedule.conference
    told = told_of(nudge.facts, occasion.schedule)
    if nudge.subject != conference.slug or not told:
        return None
    rest = int(nudge.facts.get(REST, 0))
    head = sentence(
        Strong(f"The schedule of {conference.title} has changed"), f": {count(len(told) + rest, 'session')}."
    )
    reader = Reader(conference.zone)
    lines = [_line(each, reader) for each in told[:MOST_LINES]]
    more = len(told) - len(lines) + rest
    tail = [sentence(f"… and {more:,} more.")] if more else []
    late = lateness_text(occasion.late)
    return Reply((head, *((late,) if late else ()), *lines, *tail), buttons=(Button("My agenda", "agenda"),))


def _line(told: Told, reader: Reader) -> Text:
    if told.before is None:
        return sentence("• ", reader.day(told.session.starts_at), ": new: ", line_of(told.session, reader))
    head = sentence("• ", reader.day(told.before.starts_at), f": {told.session.code} {told.session.title}: ")
    return sentence(head, change_text(told.before, told.session, reader))


NUDGE = NudgeTemplate(NudgeKind.SCHEDULE_DIGEST, write)
