"""A copy that is read in another way than the last one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.imports.rereading import reread
from bot.domain.schedule.conference import Schedule
from tests.builders import CONFERENCE, at, schedule, session

OLD = schedule([session(f"ARC{n}", at(9 + n), title=f"Größe {n}") for n in range(5)])


def moved(by: timedelta, count: int) -> Schedule:
    rows = [
        replace(talk, starts_at=talk.starts_at + by, ends_at=talk.ends_at + by) if number < count else talk
        for number, talk in enumerate(OLD.sessions)
    ]
    return replace(OLD, sessions=tuple(rows))


def renamed(old: str, new: str, count: int = 5) -> Schedule:
    rows = [
        replace(talk, title=talk.title.replace(old, new)) if number < count else talk
        for number, talk in enumerate(OLD.sessions)
    ]
    return replace(OLD, sessions=tuple(rows))


def why(new: Schedule, *, zone_given: bool = False) -> str:
    return reread(OLD, new, at(8), zone_given=zone_given)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (moved(timedelta(hours=8), 5), "This import would move 5 of 5 sessions 8 h later at once"),
        (moved(timedelta(hours=-5.5), 4), "This import would move 4 of 5 sessions 5.5 h earlier at once"),
        (moved(timedelta(days=1), 3), "This import would move 3 of 5 sessions 24 h later at once"),
        (
            renamed("Größe", "Gr��e"),
            "This import would change letters in 5 of 5 titles with special letters, such as 'Größe 0' to 'Gr��e 0'",
        ),
        (
            replace(OLD, conference=replace(CONFERENCE, zone="Europe/Berlin")),
            "This import would change the time zone from America/Los_Angeles to Europe/Berlin",
        ),
    ],
)
def test_what_changes_most_of_a_schedule_at_once_is_named(new: Schedule, expected: str) -> None:
    assert why(new) == expected


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        moved(timedelta(hours=8), 2),
        moved(timedelta(minutes=30), 5),
        moved(timedelta(minutes=75), 5),
        renamed("Größe", "Grösse", 5),
        renamed("Größe", "Gr��e", 2),
        replace(OLD, conference=replace(CONFERENCE, zone="America/Vancouver")),
    ],
)
def test_what_organizers_change_themselves_is_no_sign(new: Schedule) -> None:
    assert why(new) == ""


def test_a_zone_that_a_person_gave_and_a_first_import_are_no_signs() -> None:
    other = replace(OLD, conference=replace(CONFERENCE, zone="Europe/Berlin"))
    assert (why(other, zone_given=True), reread(None, OLD, at(8), zone_given=False)) == ("", "")


def test_sessions_that_have_begun_do_not_count() -> None:
    assert reread(OLD, moved(timedelta(hours=8), 5), at(12), zone_given=False) == ""
