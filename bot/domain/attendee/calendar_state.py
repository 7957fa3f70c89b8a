"""The events that subscribed calendars have, and their updates: sequence numbers and cancellations."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.attendee.private_address import CalendarEvent

CANCELLED_SHOWN_FOR = timedelta(days=30)
"""A cancelled event is shown this long after its end: a calendar that misses the cancellation keeps it for ever."""
MOST_EVENTS = 1_000
"""Events that are remembered; more than anybody's agenda has."""


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event of the current agenda; `digest` is a hash of everything that it shows."""

    digest: str
    starts_at: datetime
    ends_at: datetime
    title: str


def advanced(
    stored: Mapping[str, CalendarEvent], events: Mapping[str, ShownEvent], now: datetime, *, with_walks: bool
) -> Mapping[str, CalendarEvent]:
    """Return the events that calendars have after they read the agenda; equal to `stored` if nothing changed.

    An event that changed gets the next sequence number. One that is no longer shown is cancelled, and forgotten some
    time after its end.

    Args:
        stored: the events that calendars have, by UID.
        events: the events of the agenda, by UID.
        now: the present time.
        with_walks: whether `events` has the walks, too; else walks that another calendar has stay as they are.
    """
    after = {uid: _after(stored.get(uid), event, now) for uid, event in events.items()}
    for uid, event in stored.items():
        if uid in events or event.ends_at + CANCELLED_SHOWN_FOR < now:
            continue
        stays = event.cancelled or (is_walk(uid) and not with_walks)
        after[uid] = event if stays else _cancelled(event, now)
    return dict(sorted(after.items(), key=lambda pair: (-pair[1].ends_at.timestamp(), pair[0]))[:MOST_EVENTS])


def is_walk(uid: str) -> bool:
    """Whether an event is a walk to a session."""
    return uid.startswith("walk.")


def _after(stored: CalendarEvent | None, event: ShownEvent, now: datetime) -> CalendarEvent:
    if stored and stored.digest == event.digest and not stored.cancelled:
        return stored
    sequence = stored.sequence + 1 if stored else 0
    return CalendarEvent(event.digest, sequence, now, event.starts_at, event.ends_at, event.title)


def _cancelled(event: CalendarEvent, now: datetime) -> CalendarEvent:
    return replace(event, sequence=event.sequence + 1, changed_at=now, cancelled=True)
