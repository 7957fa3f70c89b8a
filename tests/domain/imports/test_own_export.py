"""Which sessions the entries of an attendee's own calendar are."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.text.calendar_file import calendar_file
from bot.domain.errors import BadInputError
from bot.domain.imports.draft import Draft
from bot.domain.imports.own_export import match_own_export
from bot.domain.schedule.session import Session
from bot.sources import parse_draft
from tests.builders import ARC, DAT, DAT_AGAIN, KEY, SEC, SESSIONS, at, draft, schedule, session

MADE = schedule()


def found(*rows: Session) -> list[str]:
    return [talk.id for talk in match_own_export(draft(*rows), MADE).matched]


def entry(title: str, starts: object = None, **more: object) -> Session:
    return replace(session("", starts or at(9), title=title, room=""), id="some-uid", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (entry("ARC301 | Queues that never sleep"), ["arc301"]),
        (entry("Queues that never sleep [ARC301]"), ["arc301"]),
        (entry("arc301: queues"), ["arc301"]),
        (entry("QUEUES that never  sleep"), ["arc301"]),
        (entry("Counting to infinity", at(15)), ["dat310-r"]),
        (entry("DAT310 Counting to infinity", at(15)), ["dat310-r"]),
        (entry("DAT310-R9 Counting to infinity", at(15)), ["dat310-r"]),
        (entry("DAT310 Counting to infinity", at(18, day=30)), ["dat310"]),
        (entry("Opening keynote", at(9, 30, 30)), ["key001"]),
        (entry("Opening keynote", at(9, 30, 25)), []),
        (entry("Counting to infinity", at(13)), []),
        (entry("Dinner with Ana in room 301"), []),
        (entry("2021"), []),
    ],
)
def test_an_entry_is_found_by_its_code_or_by_title_and_time(row: Session, expected: list[str]) -> None:
    assert found(row) == expected


def test_the_own_calendar_of_hallway_comes_back_as_it_was() -> None:
    file = calendar_file((SEC, DAT_AGAIN, ARC), MADE.conference, at(8))
    export = match_own_export(parse_draft(file.content.encode(), file.name), MADE)
    assert [talk.id for talk in export.matched] == ["arc301", "sec203", "dat310-r"]
    assert export.unknown == ()


def test_an_empty_file_and_one_of_everybody_are_refused() -> None:
    with pytest.raises(BadInputError, match="has no entries"):
        match_own_export(Draft("test", "file.csv"), MADE)
    with pytest.raises(BadInputError, match="301 entries"):
        match_own_export(draft(*(entry(f"Talk {number}") for number in range(301))), MADE)


@given(st.lists(st.sampled_from(SESSIONS), min_size=1, unique=True))
def test_every_session_of_a_schedule_is_found_by_its_own_row(rows: list[Session]) -> None:
    assert set(found(*rows)) == {talk.id for talk in rows}


@given(st.lists(st.text(max_size=60), min_size=1, max_size=10), st.integers(-3_000, 3_000))
def test_any_entry_is_matched_or_named(titles: list[str], minutes: int) -> None:
    rows = [entry(title, at(9) + timedelta(minutes=minutes)) for title in titles]
    export = match_own_export(draft(*rows), MADE)
    assert set(export.unknown) <= set(titles)
    assert all(talk in MADE.sessions for talk in export.matched)


def test_the_builders_are_as_the_table_assumes() -> None:
    assert (DAT.starts_at, DAT_AGAIN.starts_at, KEY.starts_at) == (at(11, 30), at(15), at(8, 30, 30))
