"""The hours of a conference in which a session takes place."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from bot.domain.schedule.session import Session

HOUR = timedelta(hours=1)
MOST_HOURS = 24
"""An exhibition may be open for days; its first day is counted."""


def hours_of(session: Session, zone: tzinfo) -> Iterator[datetime]:
    """Yield the beginnings of the full hours in `zone` in which `session` takes place, as UTC."""
    local = session.starts_at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    begins = local.astimezone(UTC)
    for number in range(MOST_HOURS):
        hour = begins + number * HOUR
        if number and hour >= session.ends_at:
            return
        yield hour
