"""The digest in a channel: the sessions that a new version of the schedule changes."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply, Strong, Text
from bot.app.text import Reader, change_text, lateness_text, lines, n, s, session_line, session_name, t
from bot.app.text.page_links import schedule_links
from bot.domain.nudges.digest import REST, DigestEntry, digest_entries
from bot.domain.nudges.nudge import NudgeKind

MOST_LINES = 12
"""Maximum number of sessions in a digest: one message on a phone has room for this many."""


async def write(occasion: RenderContext) -> Reply | None:
    """Write one line for each changed session.

    None if no session differs any more, or if the community follows another conference now.
    """
    nudge, conference = occasion.nudge, occasion.schedule.conference
    changes = digest_entries(nudge.facts, occasion.schedule)
    if nudge.subject != conference.slug or not changes:
        return None
    rest = int(nudge.facts.get(REST, 0))
    changed = Strong(s("The schedule of {conference} has changed", conference=conference.title))
    head = n(
        "{changed}: {count} session.",
        "{changed}: {count} sessions.",
        len(changes) + rest,
        changed=changed,
    )
    reader = Reader(conference.zone)
    items = [_line(change, reader) for change in changes[:MOST_LINES]]
    more = len(changes) - len(items) + rest
    tail = t("… and {count} more.", count=more) if more else ()
    text = lines(head, lateness_text(occasion.late), *items, tail)
    links = schedule_links(occasion.web, occasion.community)
    return Reply(text, buttons=(Button(s("My agenda"), "agenda"),), links=links)


def _line(change: DigestEntry, reader: Reader) -> Text:
    if change.before is None:
        day = reader.day(change.session.starts_at)
        return t("• {day}: new: {session}", day=day, session=session_line(change.session, reader))
    return t(
        "• {day}: {session}: {change}",
        day=reader.day(change.before.starts_at),
        session=session_name(change.session),
        change=change_text(change.before, change.session, reader),
    )


NUDGE = NudgeTemplate(NudgeKind.SCHEDULE_DIGEST, write)
