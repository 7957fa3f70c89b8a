"""Cutting an extract in a child process."""

from collections.abc import Sequence
from pathlib import Path

from bot.domain.errors import HallwayError
from bot.domain.travel.venue import Venue
from bot.streets.apart import MIB, Limits, run_apart
from bot.streets.geometry import Point
from bot.streets.osm_file import checked, kind_of, library

LIMITS = Limits(seconds=7_200, patience=7_200, memory=16 * 1024 * MIB)
"""A country of 4 GiB has 500 million nodes, whose places take 8 GiB."""


def cut(source: Path, venues: Sequence[Venue], margin: float, output: Path, limits: Limits = LIMITS) -> int:
    """Write what is within `margin` metres of venues to a new file; returns how many things are in it.

    Raises:
        HallwayError: the extract cannot be read, or the new file not written.
    """
    checked(source, to_cut=True)
    if ".json" in (kind_of(source), kind_of(output)):
        raise HallwayError("An extract is cut from and to .osm or .osm.pbf: name files that end so.")
    library()
    if output.exists() and output.samefile(source):
        raise HallwayError(f"{output.name} would replace the extract itself: name another file with --output.")
    places = [(venue.lat, venue.lon) for venue in venues if venue.lat is not None and venue.lon is not None]
    if not places:
        raise HallwayError("No venue has coordinates: find them with `hallway venues suggest`.")
    if not output.parent.is_dir():
        raise HallwayError(f"There is no folder {output.parent}: name a file in another one with --output.")
    return run_apart(_cut, source, places, margin, output, name=source.name, limits=limits)


def _cut(source: Path, places: list[Point], margin: float, output: Path) -> int:
    from bot.streets.osm_cut import cut as cut_here  # noqa: PLC0415 — needs an optional dependency

    return cut_here(source, places, margin, output)
