"""Sessions stay who they are when a file deals out its ids anew."""

from dataclasses import replace

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession
from bot.domain.imports.resolve import ResolvedDraft, resolve_draft
from bot.domain.schedule.diff import difference
from bot.domain.travel.venue import Venue
from tests.domain.imports.test_resolve import made, row

Facts = dict[str, str]


def talk(title: str, hour: int = 9, **facts: str) -> DraftSession:
    return row(title, hour, speakers=(f"{title} Speaker",), **facts)


def ids(settled: ResolvedDraft) -> Facts:
    return {session.title: session.id for session in settled.schedule.sessions}


def gone_and_new(first: ResolvedDraft, second: ResolvedDraft) -> tuple[int, int]:
    changes = difference(first.schedule, second.schedule)
    return len(changes.removed), len(changes.added)


def test_by_its_id_whatever_else_changes() -> None:
    first = made(talk("A", uid="g1"), talk("B", 10, uid="g2"))
    second = made(talk("New name", 15, uid="g1"), talk("A", 10, uid="g2"), old=first)
    assert ids(second) == {"New name": "g1", "A": "g2"}


def test_by_its_code_where_the_id_is_new() -> None:
    first = made(talk("A", uid="g1", code="ARC301"), talk("B", 10, uid="g2", code="ARC302"))
    second = made(talk("A, renamed", uid="h1", code="ARC301"), talk("B", 10, uid="h2", code="ARC302"), old=first)
    assert ids(second) == {"A, renamed": "g1", "B": "g2"}
    assert gone_and_new(first, second) == (0, 0)


def test_by_title_and_speakers_where_numbers_were_dealt_out_anew() -> None:
    first = made(*(talk(f"Talk {n}", 8 + n, uid=str(n), code=str(n)) for n in range(8)))
    second = made(*(talk(f"Talk {n}", 8 + n, uid=str(7 - n), code=str(7 - n)) for n in range(8)), old=first)
    assert ids(second) == ids(first)
    assert gone_and_new(first, second) == (0, 0)
    again = made(*(talk(f"Talk {n}", 8 + n, uid=str(7 - n), code=str(7 - n)) for n in range(8)), old=second)
    assert again.schedule == second.schedule


def test_a_number_counts_where_only_the_title_changed() -> None:
    first = made(talk("A", uid="7", code="7"))
    assert ids(made(talk("B", uid="7", code="7"), old=first)) == {"B": "7"}


def test_a_number_that_another_talk_has_now_does_not_take_its_place() -> None:
    first = made(talk("A", uid="7", code="7"))
    second = made(talk("A", uid="8", code="8"), talk("B", 10, uid="7", code="7"), old=first)
    assert ids(second) == {"A": "7", "B": "7-2"}
    again = made(talk("A", uid="8", code="8"), talk("B", 10, uid="7", code="7"), old=second)
    assert again.schedule == second.schedule


def test_the_same_id_twice_is_two_sessions_and_said() -> None:
    rows = (talk("A", uid="g"), talk("B", 10, uid="g"))
    first = made(*rows)
    assert ids(first) == {"A": "g", "B": "g-2"}
    assert [remark.what for remark in first.warnings] == [
        "the id g is at line 9 too: 'B' is imported as a separate session"
    ]
    assert made(*reversed(rows), old=first).schedule == first.schedule


def test_sittings_are_never_merged_and_keep_their_codes_when_one_moves() -> None:
    def lunch(*hours: int) -> tuple[DraftSession, ...]:
        return tuple(row("Lunch [REPEAT]", hour) for hour in hours)

    first = made(*lunch(10, 12, 14))
    second = made(*lunch(9, 12, 14), old=first)
    assert [(s.id, s.code) for s in second.schedule.sessions] == [(s.id, s.code) for s in first.schedule.sessions]
    third = made(*lunch(9, 12, 14, 16), old=second)
    assert [s.code for s in third.schedule.sessions][3].endswith("-R2")


def test_another_lunch_is_no_lunch_that_moved() -> None:
    first = made(row("Lunch", 12, uid="a"), row("Lunch", 13, uid="b"))
    second = made(row("Lunch", 12, uid="a"), row("Lunch", 15, uid="c"), row("Lunch", 16, uid="d"), old=first)
    assert gone_and_new(first, second) == (1, 2)


def test_a_zone_that_is_none_is_refused_with_the_remedy() -> None:
    draft = Draft("test", "file.ics", zone="Mars/Base", sessions=[row()])
    with pytest.raises(ScheduleImportError, match=r"file.ics says that its time zone is 'Mars/Base'"):
        resolve_draft(draft, "a", "", ())
    assert resolve_draft(draft, "a", "UTC", ()).schedule.conference.zone == "UTC"


def test_rooms_lose_the_city_that_stands_behind_all_of_them() -> None:
    rows = [row(str(hour), hour, f"Hall {hour}, Amsterdam, Netherlands") for hour in range(8, 14)]
    rooms = {session.room for session in made(*rows, venues=()).schedule.sessions}
    assert rooms == {f"Hall {hour}" for hour in range(8, 14)}


def test_an_alias_may_hold_a_slash_and_of_two_venues_the_first_named_is_taken_and_said() -> None:
    both = (Venue("Wynn", (), 36.1, -115.1), Venue("Encore", (), 36.2, -115.1))
    place = "Wynn/Encore | Level 1"
    unsure = made(row(location=place), venues=both)
    assert [remark.what for remark in unsure.warnings] == [f"'{place}' names Encore too: placed in Wynn"]
    matched = made(row(location=place), venues=(replace(both[0], aliases=("Wynn/Encore",)), both[1]))
    assert (matched.warnings, matched.schedule.sessions[0].venue) == ((), "Wynn")


def test_a_title_and_an_id_in_decomposed_letters_are_the_same() -> None:
    first = made(talk("U\u0308bung"), talk("B", 10, uid="u\u0308-1"))
    second = made(talk("\u00dcbung", 11), talk("B, renamed", 12, uid="\u00fc-1"), old=first)
    assert gone_and_new(first, second) == (0, 0)


def test_a_venue_is_found_however_its_letters_are_composed() -> None:
    south = Venue("Su\u0308dflu\u0308gel", (), 50.0, 8.0)
    (only,) = made(row(location="S\u00fcdfl\u00fcgel | 1"), venues=(south,)).schedule.sessions
    assert only.venue == south.name
