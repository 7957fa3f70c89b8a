"""The events that subscribed calendars have, and their updates: sequence numbers and cancellations."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.attendee.private_address import CalendarEvent

KEPT = timedelta(days=30)
"""A cancelled event is shown this long after its end: a calendar that misses the cancellation keeps it for ever."""
MOST_EVENTS = 1_000
"""Events that are remembered; more than anybody's agenda has."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An event of the current agenda; `digest` is a hash of everything that it shows."""

    digest: str
    starts_at: datetime
    ends_at: datetime
    title: str


def advanced(
    known: Mapping[str, CalendarEvent], shown: Mapping[str, Shown], now: datetime, *, with_walks: bool
) -> Mapping[str, CalendarEvent]:
    """Return the events that calendars have after they read the agenda; equal to `known` if nothing changed.

    An event that changed gets the next sequence number. One that is no longer shown is cancelled, and forgotten some
    time after its end.

    Args:
        known: the events that calendars have, by UID.
        shown: the events of the agenda, by UID.
        now: the present time.
        with_walks: whether `shown` has the walks, too; else walks that another calendar has stay as they are.
    """
    after = {uid: _after(known.get(uid), event, now) for uid, event in shown.items()}
    for uid, event in known.items():
        if uid in shown or event.ends_at + KEPT < now:
            continue
        stays = event.cancelled or (is_walk(uid) and not with_walks)
        after[uid] = event if stays else _cancelled(event, now)
    return dict(sorted(after.items(), key=lambda pair: (-pair[1].ends_at.timestamp(), pair[0]))[:MOST_EVENTS])


def is_walk(uid: str) -> bool:
    """Whether an event is a walk to a session."""
    return uid.startswith("walk.")


def _after(known: CalendarEvent | None, event: Shown, now: datetime) -> CalendarEvent:
    if known and known.digest == event.digest and not known.cancelled:
        return known
    sequence = known.sequence + 1 if known else 0
    return CalendarEvent(event.digest, sequence, now, event.starts_at, event.ends_at, event.title)


def _cancelled(event: CalendarEvent, now: datetime) -> CalendarEvent:
    return replace(event, sequence=event.sequence + 1, changed_at=now, cancelled=True)
