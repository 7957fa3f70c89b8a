"""Ways of files: named by the venues of the list, in place of those of earlier files, and never over better figures."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.imports.draft import Remark
from bot.domain.imports.organizer_facts import changed, undone
from bot.domain.imports.way_facts import FileWay, with_file_ways
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind
from bot.domain.travel.venue import Place
from bot.domain.travel.way import LegSource, Mode, Way
from tests.builders import at, schedule

ORGANIZER, ROUTED, LEARNED, ESTIMATE = LegSource.ORGANIZER, LegSource.ROUTED, LegSource.LEARNED, LegSource.ESTIMATE


def imported(made: Schedule, file: Sequence[FileWay]) -> tuple[Schedule, Sequence[Remark]]:
    return with_file_ways(made, file, made.venues)


def rows(*ways: Way) -> list[FileWay]:
    return [FileWay(f"legs.csv, line {number}", way) for number, way in enumerate(ways, 2)]


def test_names_of_venues_are_understood_and_unknown_ones_named() -> None:
    file = rows(
        Way("the venetian", "MGM", 25, ORGANIZER),
        Way("Venetian", "Luxor", 30, ORGANIZER),
        Way("MGM", "MGM Grand", 3, ORGANIZER),
        Way("Venetian", "MGM Grand", 26, ORGANIZER),
    )
    made, remarks = imported(schedule(ways=()), file)
    assert made.ways == (Way("Venetian", "MGM Grand", 25, ORGANIZER),)
    venues = "Venetian, Caesars Forum, MGM Grand, Pop-up Stage"
    assert remarks == [
        Remark("legs", f"legs.csv, line 3: to is 'Luxor', which is no venue: write one of {venues}."),
        Remark(
            "legs",
            "legs.csv, line 4: from and to are both 'MGM': minutes inside a venue belong into the list of venues.",
        ),
        Remark("legs", "legs.csv, line 5: Venetian to MGM Grand by walk is there twice: remove one of both rows."),
    ]


def test_a_file_replaces_what_earlier_files_said_of_its_sources_alone() -> None:
    old = (
        Way("Venetian", "MGM Grand", 20, ORGANIZER),
        Way("Venetian", "MGM Grand", 30, ROUTED, line=((36.0, -115.0),)),
        Way("Venetian", "MGM Grand", 28, LEARNED, samples=9),
    )
    made, _ = imported(schedule(ways=old), rows(Way("Venetian", "Caesars Forum", 9, ORGANIZER)))
    assert set(made.ways) == {old[1], old[2], Way("Venetian", "Caesars Forum", 9, ORGANIZER)}


def test_a_line_on_the_map_stays_if_its_way_is_imported_unchanged() -> None:
    old = Way("Venetian", "MGM Grand", 30, ROUTED, outdoor=900, line=((36.0, -115.0),))
    assert imported(schedule(ways=(old,)), rows(replace(old, line=(), outdoor=None)))[0].ways == (old,)
    newer = replace(old, minutes=31, line=(), outdoor=None)
    assert imported(schedule(ways=(old,)), rows(newer))[0].ways == (newer,)


def test_hallways_own_figures_of_a_template_are_no_ways_until_somebody_changes_them() -> None:
    learned = Way("Venetian", "Caesars Forum", 11.43, LEARNED, samples=9)
    plain = schedule(ways=(learned,))
    leg = plain.travel.best(Place("Venetian"), Place("MGM Grand"))
    assert leg is not None
    shown = Way("Venetian", "MGM Grand", round(leg.median, 1), ESTIMATE)
    unchanged = rows(shown, replace(learned, samples=None))
    assert imported(plain, unchanged)[0].ways == (learned,)
    made, _ = imported(plain, rows(replace(shown, minutes=22), replace(learned, minutes=15, samples=None)))
    assert set(made.ways) == {
        Way("Venetian", "MGM Grand", 22, ORGANIZER),
        learned,
        Way("Venetian", "Caesars Forum", 15, ORGANIZER),
    }


def test_a_way_set_in_the_chat_and_undone_leaves_that_of_the_file() -> None:
    old = Way("Venetian", "MGM Grand", 20, ORGANIZER, mode=Mode.MONORAIL, wait=4)
    facts = {CREATES: True, "from": "Venetian", "to": "MGM Grand", "mode": "monorail", "minutes": 33.0}
    made = changed(schedule(ways=(old,)), ChangeKind.WAY, "Venetian to MGM Grand by monorail", facts, at(8))
    assert made.ways == (replace(old, minutes=33.0),)
    assert undone(made, 2).ways == (old,)
