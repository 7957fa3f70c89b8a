"""Compares the UTC offsets in a file with the clock times beside them and the conference's time zone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.domain.imports.draft import DraftSession, Remark, remark
from bot.domain.phrases import phrase

DAY = timedelta(days=1)
PLURALS = {
    "says ": "say ",
    "prints ": "print ",
    "has a ": "have a ",
    "its instant has": "their instants have",
    "the instant was": "the instants were",
    "beside it": "beside them",
    "the clock time was": "the clock times were",
}
UTC_NAMES = ("UTC", "Etc/UTC", "GMT", "Etc/GMT")


def settle_offsets(
    rows: Sequence[DraftSession], zone: ZoneInfo, own: ZoneInfo | None = None
) -> tuple[list[DraftSession], Sequence[Remark]]:
    """Resolve contradictions between offsets, clock times and the zone of the conference.

    Where the offset contradicts the zone, the printed clock time wins: programs often write a wrong offset, but people
    read the clock time. Without a clock time, and where the offset is that of the zone that the file names, the instant
    stays as stated.

    Args:
        zone: the zone of the conference.
        own: the zone that the file names.

    Returns:
        The rows, and one remark for each kind of contradiction with the number of sessions and a sample.
    """
    faults: dict[str, list[DraftSession]] = defaultdict(list)
    corrected = []
    for row in rows:
        clock, fault = _corrected_start(row, zone, own)
        corrected.append(replace(row, starts=clock) if clock else row)
        if fault:
            faults[fault].append(corrected[-1])
    return corrected, [_remark(fault, faulty, zone) for fault, faulty in faults.items()]


def agrees(rows: Iterable[DraftSession], zone: ZoneInfo) -> bool:
    """Whether `zone` has every offset that the file states."""
    return all(not _corrected_start(row, zone, None)[1] for row in rows)


def _corrected_start(row: DraftSession, zone: ZoneInfo, own: ZoneInfo | None) -> tuple[datetime | None, str]:
    """Return the clock time to use in place of the stated instant, if any, and the problem."""
    # An offset that was guessed has a remark of its own.
    if not isinstance(row.starts.tzinfo, timezone) or row.zone_source:
        return None, ""
    local, stated = row.starts.astimezone(zone), f"{row.starts:%z}"
    right = row.starts.utcoffset() == local.utcoffset()
    wrong = f"{stated} where {zone.key} has {local:%z}"
    if row.wall in (None, local.time()):
        # An instant in UTC is right in every zone, unless the printed clock time contradicts it.
        return None, "" if right or not row.starts.utcoffset() else phrase(
            "says {wrong}: the stated instant is used", wrong=wrong
        )
    if right and row.starts.time() == time():
        return _on(local, row.wall), "has a date at 00:00 and another clock time: the clock time is used"
    # A file that calls its zone UTC does not know it, and a conference is hardly there.
    if right or zone.key in UTC_NAMES or (own and row.starts.utcoffset() == row.starts.astimezone(own).utcoffset()):
        what = phrase(
            "shows a different clock time than its instant has in {key}: the stated instant is used", key=zone.key
        )
        return None, what if right else phrase("says {wrong}: the stated instant is used", wrong=wrong)
    what = phrase("says {wrong}, which contradicts the clock time beside it: the clock time is used", wrong=wrong)
    return _on(row.starts, row.wall), what


def _on(moment: datetime, wall: time | None) -> datetime:
    """Return the clock time on the date that brings it nearest to `moment`."""
    local = moment.replace(tzinfo=None)
    if wall is None:
        return local
    same = datetime.combine(local.date(), wall)
    # A date at midnight is only a date.
    return (
        same
        if local.time() == time()
        else min((same, same - DAY, same + DAY), key=lambda candidate: abs(candidate - local))
    )


def _remark(fault: str, rows: Sequence[DraftSession], zone: ZoneInfo) -> Remark:
    first = rows[0]
    starts = first.starts if first.starts.tzinfo is None else first.starts.astimezone(zone)
    what = f"1 session {fault}"
    if len(rows) > 1:
        for singular, plural in PLURALS.items():
            fault = fault.replace(singular, plural)
        what = f"{len(rows)} sessions {fault}"
    sample = phrase("such as {title} at {starts}", title=repr(first.title), starts=f"{starts:%Y-%m-%d %H:%M}")
    return remark(first.where, "{what}, {sample}; --zone sets another zone", what=what, sample=sample)
