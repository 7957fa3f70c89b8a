"""Walking times without any walk: against the tables that attendees published, and on FOSDEM's schedule.

The rival is the rule of the first release: great circle x 1.35 at 75 m a minute, 5 minutes out and 5 in, rounded up.
The data stand beside the project, in `../shared/data`; without them there is nothing to compare with.
"""

import csv
import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from benchmarks.figures import Figure, is_small, show
from bot.domain.imports.resolve import resolve_draft
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.travel.distance import great_circle_m
from bot.domain.travel.travel import Travel
from bot.domain.travel.venue import Place, VenueBook
from bot.sources import parse_draft, read_venues

DATA = Path(__file__).parents[3] / "shared" / "data"
TABLES = ("walk_door_to_door", "campus_transit_incl_shuttle")
"""Kinds of rows that are tables of a whole campus; the others are single walks."""
PACE, DETOUR, OUT, IN = 75, 1.35, 5, 5
SHORTEST, LONGEST = 5, 15
"""Minutes between two sessions of FOSDEM that are compared: with less nobody changes the building."""
MINUTE = timedelta(minutes=1)
Minutes = Callable[[str, str], float]
"""From one venue to another."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two venues, with the minutes that each table has for the way between them."""

    names: tuple[str, str]
    tables: tuple[float, ...]

    @property
    def truth(self) -> float:
        """The median of the tables: nobody knows it better."""
        return statistics.median(self.tables)


def old_rule(travel: Travel) -> Minutes:
    """The minutes of the first release."""

    def minutes(origin: str, target: str) -> float:
        start, end = travel.book.named(origin), travel.book.named(target)
        crow = great_circle_m(start, end) if start and end else None
        return math.nan if crow is None else math.ceil(crow * DETOUR / PACE + OUT + IN)

    return minutes


def median_of(travel: Travel) -> Minutes:
    """The usual minutes of today."""

    def minutes(origin: str, target: str) -> float:
        leg = travel.best(Place(origin), Place(target))
        return leg.median if leg else math.nan

    return minutes


def published_pairs(book: VenueBook, folder: Path) -> list[Pair]:
    """The pairs of venues that at least one table has."""
    found: dict[tuple[str, str], list[float]] = {}
    with (folder / "walking_times.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            start, end = book.named(row["from"]), book.named(row["to"])
            if row["kind"] in TABLES and start and end:
                found.setdefault((start.name, end.name), []).append(float(row["minutes"]))
    together: dict[frozenset[str], Pair] = {}
    for names, minutes in found.items():
        before = together.get(frozenset(names))
        together[frozenset(names)] = Pair(names, (*(before.tables if before else ()), *minutes))
    return sorted(together.values(), key=lambda pair: pair.truth)


def compare_tables() -> list[Figure]:
    """Print the error of each pair, and return the mean ones."""
    venues = read_venues(DATA / "venues" / "reinvent_venues.csv")
    # The tables use the long names of the list of streets.
    named = [replace(venue, aliases=(*venue.aliases, f"{venue.name} Las Vegas")) for venue in venues]
    travel = Travel.of(named)
    before, after = old_rule(travel), median_of(travel)
    pairs = published_pairs(travel.book, DATA / "venues")
    print(f"\n{'minutes from room to room':<32} {'tables':>8} {'before':>8} {'after':>8} {'9 in 10':>8}")
    for pair in pairs:
        leg = travel.best(Place(pair.names[0]), Place(pair.names[1]))
        assert leg
        row = (pair.truth, before(*pair.names), after(*pair.names), leg.minutes)
        print(f"{' - '.join(pair.names):<32} " + " ".join(f"{minutes:8.1f}" for minutes in row))
    own, rival = _errors(pairs, after), _errors(pairs, before)
    covered = [
        minutes <= leg.minutes
        for pair in pairs
        for leg in (travel.best(Place(pair.names[0]), Place(pair.names[1])),)
        if leg
        for minutes in pair.tables
    ]
    return [
        Figure("Hallway: mean error of the usual minutes", statistics.mean(map(abs, own)), "min", at_most=6.5),
        Figure("the rule before: mean error", statistics.mean(map(abs, rival)), "min"),
        Figure("Hallway: bias", statistics.mean(own), "min"),
        Figure("the rule before: bias", statistics.mean(rival), "min"),
        Figure("figures of the tables within the promised minutes", 100 * statistics.mean(covered), "%"),
    ]


def _errors(pairs: Sequence[Pair], minutes: Minutes) -> list[float]:
    return [minutes(*pair.names) - pair.truth for pair in pairs]


def fosdem() -> Schedule:
    """FOSDEM 2026 with its buildings."""
    venues = read_venues(DATA / "venues" / "fosdem_venues.csv")
    draft = parse_draft((DATA / "schedules" / "fosdem_2026.xml").read_bytes(), "fosdem_2026.xml")
    return resolve_draft(draft, "fosdem", "Europe/Brussels", venues).schedule


def changes(schedule: Schedule) -> Iterator[tuple[Session, Session, float]]:
    """Each two sessions in different buildings with a short break between them, and its minutes."""
    placed = [session for session in schedule.sessions if session.venue and session.takes_place]
    starts = [session.starts_at for session in placed]
    for earlier in placed:
        first = bisect_left(starts, earlier.ends_at + SHORTEST * MINUTE)
        last = bisect_right(starts, earlier.ends_at + LONGEST * MINUTE)
        for later in placed[first:last]:
            if later.venue != earlier.venue:
                yield earlier, later, (later.starts_at - earlier.ends_at) / MINUTE


def possible(schedule: Schedule, minutes: Minutes) -> Mapping[str, float]:
    """The share of changes that are possible, in percent, and their number."""
    made = [minutes(earlier.venue, later.venue) <= gap for earlier, later, gap in changes(schedule)]
    return {"share": 100 * statistics.mean(made), "count": len(made)}


def compare_changes() -> list[Figure]:
    """The changes of FOSDEM by both rules."""
    schedule = fosdem()
    after = possible(schedule, median_of(schedule.travel))
    before = possible(schedule, old_rule(schedule.travel))
    return [
        Figure("changes of the building in 5 to 15 min", after["count"], ""),
        Figure("Hallway: of them possible", after["share"], "%", at_least=60),
        Figure("the rule before: of them possible", before["share"], "%"),
    ]


def main() -> None:
    """Both comparisons."""
    if not (DATA / "venues" / "walking_times.csv").is_file():
        print("Hallway: skipped: the tables of walking times are not beside the project, in ../shared/data.")
        return
    show("Walking times of re:Invent against the tables of attendees", compare_tables())
    if not is_small():
        show("Changes between the buildings of FOSDEM 2026", compare_changes())


if __name__ == "__main__":
    main()
