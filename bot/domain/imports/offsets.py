"""Offsets that a file states, held against what its zone has at that moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from bot.domain.imports.draft import DraftSession, Remark


def offset_faults(rows: Iterable[DraftSession], zone: ZoneInfo) -> Iterator[Remark]:
    """One remark for each kind of fault, with how many sessions have it. The instants stand as they are stated."""
    faults: dict[str, list[DraftSession]] = defaultdict(list)
    for row in rows:
        if fault := _fault(row, zone):
            faults[fault].append(row)
    for fault, found in faults.items():
        yield Remark(found[0].where, f"{len(found)} sessions {fault}; --zone tells another zone")


def _fault(row: DraftSession, zone: ZoneInfo) -> str:
    if not isinstance(row.starts.tzinfo, timezone):
        return ""
    local = row.starts.astimezone(zone)
    stated, right = row.starts.utcoffset() or timedelta(), local.utcoffset() or timedelta()
    # An instant written in UTC is right in every zone, unless the clock time beside it says that it is none.
    if stated and stated != right:
        return f"say {row.starts:%z} where {zone.key} has {local:%z}: the instants were taken as stated"
    if row.wall and row.wall != local.time():
        return f"print another clock time than their instant has in {zone.key}: the instants were taken as stated"
    return ""
