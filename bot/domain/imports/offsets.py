"""Check the UTC offsets in a file against the conference's time zone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from bot.domain.imports.draft import DraftSession, Remark


def offset_remarks(rows: Iterable[DraftSession], zone: ZoneInfo) -> Iterator[Remark]:
    """Yield one remark per kind of contradiction, with the number of sessions. The stated instants are kept."""
    faults: dict[str, list[DraftSession]] = defaultdict(list)
    for row in rows:
        if fault := _fault(row, zone):
            faults[fault].append(row)
    for fault, found in faults.items():
        yield Remark(found[0].where, f"{len(found)} sessions {fault}; --zone tells another zone")


def _fault(row: DraftSession, zone: ZoneInfo) -> str:
    # An offset that was guessed has a remark of its own.
    if not isinstance(row.starts.tzinfo, timezone) or row.zone_source:
        return ""
    local = row.starts.astimezone(zone)
    stated, right = row.starts.utcoffset() or timedelta(), local.utcoffset() or timedelta()
    # An instant in UTC is right in every zone, unless the printed clock time contradicts it.
    if stated and stated != right:
        return f"say {row.starts:%z} where {zone.key} has {local:%z}: the instants were taken as stated"
    if row.wall and row.wall != local.time():
        return f"print another clock time than their instant has in {zone.key}: the instants were taken as stated"
    return ""
