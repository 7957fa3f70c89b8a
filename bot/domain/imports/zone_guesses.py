"""Zones of a file that are half known: abbreviations such as CEST, and definitions of its own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import DraftSession, Remark, remark
from bot.domain.phrases import phrase
from bot.domain.times.zones import resolve_wall

QUOTED = 100
"""Characters of a title in a sentence."""
HALVES = ("S", "D")
"""The middle letter of winter and summer: EST and EDT are both called ET."""


def settle_abbreviations(rows: Iterable[DraftSession], zone: ZoneInfo, source: str, remarks: list[Remark]) -> None:
    """Check the abbreviations beside clock times, which are taken as clock times of the conference's zone.

    Nothing else can settle them: CST is a time in America, China and Cuba.
    EST in summer is taken as New York's clock time, and reported: people write it all year.

    Raises:
        ScheduleImportError: the conference's zone has no such abbreviation in that year.
    """
    doubtful: dict[str, list[tuple[DraftSession, str]]] = defaultdict(list)
    for row in rows:
        if not row.abbreviation:
            continue
        right = _name_at(row.starts, zone)
        if row.abbreviation in (right, _general(right)):
            continue
        names = {_name_at(datetime(row.starts.year, month, 1), zone) for month in (1, 7)}  # noqa: DTZ001 — a clock time
        if row.abbreviation not in names:
            raise ScheduleImportError(
                "{source}, {where}: {title} starts at {time} {abbreviation}, but the conference's zone {zone} has "
                "{right} then: give the zone that is meant with --zone, or write an IANA name such as Europe/Berlin "
                "into the file.",
                source=source,
                where=row.where,
                title=repr(row.title[:QUOTED]),
                time=f"{row.starts:%H:%M}",
                abbreviation=row.abbreviation,
                zone=zone.key,
                right=right,
            )
        doubtful[row.abbreviation].append((row, right))
    remarks.extend(_remarks(doubtful, zone))


def _remarks(doubtful: Mapping[str, list[tuple[DraftSession, str]]], zone: ZoneInfo) -> Iterator[Remark]:
    for abbreviation, found in doubtful.items():
        row, right = found[0]
        what = phrase(
            "{sessions} in {abbreviation} where {key} has {right}: taken as its clock times, such as {starts} {right}",
            sessions=_sessions(found),
            abbreviation=abbreviation,
            key=zone.key,
            right=right,
            starts=f"{row.starts:%Y-%m-%d %H:%M}",
        )
        yield Remark(row.where, what)


def _name_at(wall: datetime, zone: ZoneInfo) -> str:
    return resolve_wall(wall, zone)[0].astimezone(zone).tzname() or ""


def _general(name: str) -> str:
    """Return ET for EST and EDT; "" for other names."""
    return name[0] + name[2] if len(name) == len("EST") and name[1] in HALVES else ""


def zone_remarks(rows: Iterable[DraftSession], zone: ZoneInfo) -> Iterator[Remark]:
    """Yield one remark per guess of a zone in the file, with the number of sessions and what it did to the first."""
    guesses: dict[str, list[DraftSession]] = defaultdict(list)
    for row in rows:
        if row.zone_source:
            guesses[row.zone_source].append(row)
    for guess, found in guesses.items():
        stated = found[0].starts
        local = stated.astimezone(zone)
        form = "%H:%M" if local.date() == stated.date() else "%Y-%m-%d %H:%M"
        yield remark(
            found[0].where,
            "{guess} ({sessions}): {stated} is {local} in {zone}",
            guess=guess,
            sessions=_sessions(found),
            stated=f"{stated:{form}}",
            local=f"{local:{form}}",
            zone=zone.key,
        )


def _sessions(found: Sequence[object]) -> str:
    return f"{len(found)} sessions" if len(found) > 1 else "1 session"
