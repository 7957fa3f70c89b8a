"""`hallway venues suggest`: the candidates on the map, a person's choice, and the list of venues."""

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from bot.domain.errors import HallwayError
from bot.domain.travel.venue import Venue
from bot.sources.venues_csv import HEADER, read_venues
from bot.streets import ATTRIBUTION
from bot.streets.candidates import VenueCandidate
from bot.streets.candidates import suggest as candidates_of

MOST_NAMES = 100
Candidates = Mapping[str, tuple[VenueCandidate, ...]]


def suggest(path: Path, names: Sequence[str], take: Sequence[str], output: Path) -> None:
    """Show the candidates for each name; write those that are taken to a list of venues.

    Args:
        path: the extract.
        names: names of venues.
        take: choices such as `Wynn=2`. Without any, a person at a terminal is asked for each name.
        output: the list: venues of the same name are replaced, others are kept.

    Raises:
        HallwayError: the extract or the list cannot be read or written, or a choice is none of the candidates.
    """
    wanted = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted or len(wanted) > MOST_NAMES:
        raise HallwayError("Give 1 to {most} names of venues.", most=MOST_NAMES)
    found = candidates_of(path, wanted)
    for name in wanted:
        print("\n".join(_shown(name, found[name])))
    print(f"Map data: {ATTRIBUTION}")
    chosen = _taken(take, found) if take else _asked(found) if sys.stdin.isatty() else {}
    if chosen:
        print(_write(output, [_venue(name, candidate) for name, candidate in chosen.items()]))
    elif any(found.values()):
        name = next(name for name in wanted if found[name])
        print(f'Nothing is taken yet: look at the candidates, then add --take "{name}=1" and so on.')


def _shown(name: str, candidates: Sequence[VenueCandidate]) -> list[str]:
    if not candidates:
        return [name, "  nothing on this map has that name: add its coordinates to the list by hand"]
    return [name, *(f"  {number}. {_line(each)}" for number, each in enumerate(candidates, 1))]


def _line(candidate: VenueCandidate) -> str:
    size = f"{candidate.size:.0f} m across" if candidate.size else "a point"
    doors = f"{candidate.entrances} entrance{'' if candidate.entrances == 1 else 's'}"
    lat, lon = candidate.at
    return (
        f"{candidate.name} ({candidate.kind}, {size}, {doors}): {lat:.5f},{lon:.5f}, "
        f"{candidate.minutes_inside} min inside, {candidate.key}"
    )


def _taken(take: Sequence[str], found: Candidates) -> dict[str, VenueCandidate]:
    chosen, names = {}, {name.casefold(): name for name in found}
    for choice in take:
        typed, _, number = (part.strip() for part in choice.rpartition("="))
        if (name := names.get(typed.casefold())) is None:
            raise HallwayError(
                "--take {choice} names no venue of this search: write it as NAME=NUMBER.", choice=repr(choice)
            )
        chosen[name] = _numbered(name, number, found[name])
    return chosen


def _numbered(name: str, number: str, candidates: Sequence[VenueCandidate]) -> VenueCandidate:
    if not number.isdecimal() or not 1 <= int(number) <= len(candidates):
        raise HallwayError(
            "{name} has no candidate {number}: it has {count}.", name=name, number=repr(number), count=len(candidates)
        )
    return candidates[int(number) - 1]


def _asked(found: Candidates) -> dict[str, VenueCandidate]:
    chosen = {}
    for name, candidates in found.items():
        while candidates and name not in chosen:
            print(f"Which one is {name}? Its number, or Enter for none: ", end="", flush=True)
            if not (answer := sys.stdin.readline().strip()):
                break
            try:
                chosen[name] = _numbered(name, answer, candidates)
            except HallwayError as error:
                print(error)
    return chosen


def _venue(name: str, candidate: VenueCandidate) -> Venue:
    aliases = (candidate.name,) if candidate.name.casefold() != name.casefold() else ()
    lat, lon = candidate.at
    return Venue(name, aliases, round(lat, 6), round(lon, 6), candidate.minutes_inside)


def _write(output: Path, chosen: Sequence[Venue]) -> str:
    """Write the list with what was chosen; a venue that it had keeps its aliases."""
    old = {venue.name.casefold(): venue for venue in read_venues(output)} if output.exists() else {}
    listed = dict(old)
    for venue in chosen:
        known = old.get(venue.name.casefold())
        aliases = dict.fromkeys((*(known.aliases if known else ()), *venue.aliases))
        listed[venue.name.casefold()] = replace(venue, aliases=tuple(aliases))
    try:
        output.write_text(venues_csv(list(listed.values())), "utf-8")
    except OSError as error:
        raise HallwayError(
            "{output} cannot be written ({strerror}): name another file.", output=output, strerror=error.strerror
        ) from None
    names = ", ".join(venue.name for venue in chosen)
    return f"{output}: {names} written; {len(listed)} venues in all. Check minutes_inside."


def venues_csv(venues: Sequence[Venue]) -> str:
    """Return a list of venues as `read_venues` reads it."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for venue in venues:
        place = ("" if degrees is None else f"{degrees:.6f}" for degrees in (venue.lat, venue.lon))
        writer.writerow((venue.name, "|".join(venue.aliases), *place, venue.minutes_inside))
    return text.getvalue()
