"""Signs that a new copy is parsed in another way than the last one: another zone, day start or encoding."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.phrases import phrase
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

FEWEST = 3
"""With fewer sessions, the same change in most of them means nothing."""
SHORTEST, STEP = timedelta(hours=1), timedelta(minutes=30)
"""Zones differ by half hours, days by 24 hours; a programme that is only late moves by less than an hour."""
LONGEST = 100
"""Characters of a title that the sentence quotes."""

Pair = tuple[Session, Session]


def reread(old: Schedule | None, new: Schedule, now: datetime, *, zone_given: bool) -> str:
    """Return what changed in most of the sessions to come at once, as a sentence without its stop; "" if nothing did.

    Args:
        old: the stored version.
        new: the version to import.
        now: sessions that have begun do not count.
        zone_given: whether a person chose the zone of `new`.
    """
    if old is None:
        return ""
    pairs = [
        (before, after)
        for before in old.listed
        if before.starts_at > now and (after := new.by_id.get(before.id)) and after.listed
    ]
    if not zone_given and _zones_differ(old, new, pairs):
        return phrase(
            "This import would change the time zone from {before} to {after}",
            before=old.conference.zone,
            after=new.conference.zone,
        )
    return _moved(pairs) or _respelled(pairs)


def _zones_differ(old: Schedule, new: Schedule, pairs: Sequence[Pair]) -> bool:
    old_zone, new_zone = old.conference.tz, new.conference.tz
    return any(
        before.starts_at.astimezone(old_zone).utcoffset() != before.starts_at.astimezone(new_zone).utcoffset()
        for before, _ in pairs
    )


def _moved(pairs: Sequence[Pair]) -> str:
    """Most sessions move by the same number of hours."""
    moves = Counter(after.starts_at - before.starts_at for before, after in pairs)
    ((move, count),) = moves.most_common(1) or [(timedelta(), 0)]
    if count < FEWEST or count * 2 <= len(pairs) or abs(move) < SHORTEST or move % STEP:
        return ""
    direction = "later" if move > timedelta() else "earlier"
    hours = f"{abs(move) / timedelta(hours=1):g}"
    return phrase(
        "This import would move {count} of {total} sessions {hours} h {direction} at once",
        count=count,
        total=len(pairs),
        hours=hours,
        direction=direction,
    )


def _respelled(pairs: Sequence[Pair]) -> str:
    """Most titles with letters outside ASCII change in these letters only."""
    special = [pair for pair in pairs if not all(session.title.isascii() for session in pair)]
    changed = [
        (before, after)
        for before, after in special
        if before.title != after.title and _in_ascii(before.title) == _in_ascii(after.title)
    ]
    if len(changed) < FEWEST or len(changed) * 2 <= len(special):
        return ""
    before, after = changed[0]
    return phrase(
        "This import would change letters in {count} of {total} titles with special letters, such as {before} to "
        "{after}",
        count=len(changed),
        total=len(special),
        before=repr(before.title[:LONGEST]),
        after=repr(after.title[:LONGEST]),
    )


def _in_ascii(title: str) -> str:
    return title.encode("ascii", "ignore").decode()
