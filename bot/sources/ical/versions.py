"""Several versions of one event in a file: the newest is used."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC

from bot.domain.imports.draft import Remark, remark
from bot.sources.ical.entry import CalendarEntry
from bot.sources.ical.zones import FileTime


def newest(entries: Sequence[CalendarEntry], skipped: list[Remark]) -> list[CalendarEntry]:
    """Return the entries without older versions of the same event or sitting, which are added to `skipped`.

    SEQUENCE decides. For equal SEQUENCE, LAST-MODIFIED and DTSTAMP decide, but not between events that share only their
    UID: some programs give all events the same UID.
    """
    versions: dict[Hashable, list[CalendarEntry]] = defaultdict(list)
    for entry in entries:
        if entry.uid:
            versions[entry.uid, _sitting(entry)].append(entry)
    older = {id(entry) for group in versions.values() if len(group) > 1 for entry in _older(group, skipped)}
    return [entry for entry in entries if id(entry) not in older]


def _sitting(entry: CalendarEntry) -> Hashable:
    if not isinstance(entry.recurrence, FileTime) or not entry.recurrence.likely:
        return entry.recurrence
    moment = entry.recurrence.resolved()[0]
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _older(group: Sequence[CalendarEntry], skipped: list[Remark]) -> Iterator[CalendarEntry]:
    # If sittings are equal, the last one in the file is used.
    best = max(enumerate(group), key=lambda numbered: (numbered[1].version, numbered[0]))[1]
    for entry in group:
        if entry is best or (entry.recurrence is None and not _replaced(entry, best)):
            continue
        number, newer = entry.version[0], best.version[0]
        by = f"SEQUENCE {number}, not {newer}" if number != newer else "its time stamps are not newer"
        skipped.append(
            remark(
                entry.where,
                "{title} is an older version of the event at {place} ({by})",
                title=repr(entry.title),
                place=best.where,
                by=by,
            )
        )
        yield entry


def _replaced(entry: CalendarEntry, best: CalendarEntry) -> bool:
    if entry.version[0] != best.version[0]:
        return True
    same = entry.title == best.title or entry.starts == best.starts
    return entry.version != best.version and same
