"""A schedule as a table that the format catalog-csv reads."""

import csv
from datetime import datetime
from html import escape
from io import StringIO

from bot.app.text.spreadsheet import harmless
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Recorded, Session
from bot.sources.text import plain_html

HEADER = (
    *("id", "code", "title", "startTime", "endTime", "venue", "room", "type", "level", "track", "speakers", "abstract"),
    *("language", "recorded", "status", "recordingUrl", "overflowRoom"),
)


def schedule_text(schedule: Schedule) -> str:
    """Write the listed sessions as they are now, with what organizers edited."""
    table = StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(HEADER)
    for session in sorted(schedule.listed, key=lambda session: (session.starts_at, session.code)):
        writer.writerow(map(harmless, _row(session, schedule)))
    return table.getvalue()


def _row(session: Session, schedule: Schedule) -> tuple[str, ...]:
    def moment(at: datetime) -> str:
        return at.astimezone(schedule.conference.tz).isoformat()

    return (
        session.id,
        session.code,
        session.title,
        moment(session.starts_at),
        moment(session.ends_at),
        session.venue,
        session.room,
        session.kind,
        session.level,
        session.track,
        "; ".join(session.speakers),
        # `Vec<T>` would be read as a tag.
        session.abstract if plain_html(session.abstract) == session.abstract else escape(session.abstract),
        session.language,
        "" if session.recorded is Recorded.UNKNOWN else session.recorded.value,
        "cancelled" if session.cancelled else "",
        session.recording_url,
        session.overflow,
    )
