"""From a draft to a schedule: zone, venues, codes and ids, with every guess said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession, Remark
from bot.domain.imports.resolve import ResolvedDraft, resolve_draft
from bot.domain.schedule.diff import difference
from bot.domain.travel.venue import Venue

ZONE = "America/Los_Angeles"
WYNN, MGM = Venue("Wynn", (), 36.1, -115.1), Venue("MGM Grand", ("MGM",), 36.2, -115.2)


def row(title: str = "Queues", hour: int = 9, location: str = "Wynn | Level 1 | A", **more: object) -> DraftSession:
    made = DraftSession(f"line {hour}", title, datetime(2021, 11, 29, hour), timedelta(hours=1), location, location)
    return replace(made, **more)  # type: ignore[arg-type]  # any fact of a row


def made(
    *rows: DraftSession, venues: tuple[Venue, ...] = (WYNN, MGM), zone: str = ZONE, old: ResolvedDraft | None = None
) -> ResolvedDraft:
    draft = Draft("test", "file.csv", "Cloud", sessions=list(rows))
    return resolve_draft(draft, "cloud21", zone, venues, old.schedule if old else None)


def codes(settled: ResolvedDraft) -> list[str]:
    return [session.code for session in settled.schedule.sessions]


def test_wall_times_become_instants_in_the_conferences_zone() -> None:
    (session,) = made(row()).schedule.sessions
    assert (session.starts_at, session.venue, session.room) == (
        datetime(2021, 11, 29, 17, tzinfo=UTC),
        "Wynn",
        "Level 1, A",
    )


def test_a_wall_time_that_is_there_twice_is_taken_by_fold_0_and_flagged() -> None:
    settled = made(row(starts=datetime(2021, 11, 7, 1, 30)))
    assert settled.schedule.sessions[0].starts_at == datetime(2021, 11, 7, 8, 30, tzinfo=UTC)
    what = "2021-11-07 01:30 exists twice in America/Los_Angeles (the clocks change): read as 01:30 PDT"
    assert settled.warnings == (Remark("line 9", what),)


def test_a_venue_is_found_by_alias_and_an_unknown_one_is_unknown_and_said() -> None:
    settled = made(row(location="MGM | Level 3 | 350"), row("B", 10, "Atlantis | Hall"), row("C", 11, ""))
    assert [(s.venue, s.room) for s in settled.schedule.sessions] == [
        ("MGM Grand", "Level 3, 350"),
        ("", "Atlantis, Hall"),
        ("", ""),
    ]
    assert [remark.what for remark in settled.warnings] == [
        "'Atlantis | Hall' is not in any venue of the list (1 session)",
        "1 session without a room: the venue is unknown",
    ]


def test_without_a_list_the_first_part_of_the_room_is_the_venue_else_everything_is_one() -> None:
    guessed = made(row(), row("B", 10, "MGM | 350"), venues=()).schedule
    assert [venue.name for venue in guessed.venues] == ["Wynn", "MGM"]
    assert [(s.venue, s.room) for s in guessed.sessions] == [("Wynn", "Level 1, A"), ("MGM", "350")]
    one = made(row(location="Room A"), row("B", 10, "Room B"), venues=())
    assert [(s.venue, s.room) for s in one.schedule.sessions] == [("Cloud", "Room A"), ("Cloud", "Room B")]
    assert "one venue, Cloud" in one.warnings[0].what


def test_codes_are_made_up_where_there_are_none_and_repeats_share_theirs() -> None:
    settled = made(
        row("Queues [REPEAT]", 9, kind="Chalk talk"),
        row("Queues", 10, kind="Chalk talk"),
        row("Queues [REPEAT]", 11, kind="Chalk talk"),
        row("Lunch", 12),
        row("Lunch", 13),
    )
    first, second, third, lunch, again = codes(settled)
    assert first.startswith("CHA")
    assert (second, third) == (f"{first}-R", f"{first}-R1")
    assert lunch.startswith("SES")
    assert again == f"{lunch}-2"
    assert {session.title for session in settled.schedule.sessions} == {"Queues", "Lunch"}


def test_a_code_that_is_there_twice_is_made_unique_and_said() -> None:
    settled = made(row(code="ARC1"), row("Other", 10, code="ARC1"))
    assert codes(settled) == ["ARC1", "ARC1-2"]
    assert settled.warnings == (Remark("line 10", "the code ARC1 is there twice: 'Other' gets ARC1-2"),)


def test_a_talk_whose_code_is_there_twice_has_two_sittings() -> None:
    rows = (row(code="ARC1"), row(hour=10, code="ARC1"), row(hour=11, code="ARC1"), row("Other", 12, code="ARC1-R"))
    settled = made(*rows)
    assert codes(settled) == ["ARC1", "ARC1-R1", "ARC1-R2", "ARC1-R"]
    first = settled.schedule.sessions[0]
    assert [session.code for session in settled.schedule.repeats(first)][:2] == ["ARC1-R1", "ARC1-R2"]
    earlier = made(row(hour=8, code="ARC1"), *rows, old=settled)
    assert codes(earlier) == ["ARC1-R3", "ARC1", "ARC1-R1", "ARC1-R2", "ARC1-R"]


def test_an_exact_double_is_left_out_and_said() -> None:
    settled = made(row(), replace(row(), where="line 99"))
    assert len(settled.schedule.sessions) == 1
    assert settled.skipped == (Remark("line 99", "'Queues' is exactly the same as line 9"),)


def test_no_zone_and_no_session_are_refused() -> None:
    with pytest.raises(ScheduleImportError, match="does not say its time zone"):
        made(row(), zone="")
    with pytest.raises(ScheduleImportError, match="no session could be read"):
        made()


def test_a_revision_rises_with_time_place_or_state_and_only_then() -> None:
    first = made(row(uid="a"), row("B", 10, uid="b"), row("C", 11, uid="c"))
    second = made(
        row(uid="a", abstract="new words"), row("B", 12, uid="b"), row("C", 11, uid="c", cancelled=True), old=first
    )
    assert [(s.id, s.revision) for s in second.schedule.sessions] == [("a", 1), ("c", 2), ("b", 2)]
    assert (first.schedule.conference.revision, second.schedule.conference.revision) == (1, 2)
    changes = difference(first.schedule, second.schedule)
    assert [(c.after.id, c.facts) for c in changes.changed] == [
        ("a", ("details",)),
        ("c", ("state",)),
        ("b", ("time", "end")),
    ]
    assert [change.after.id for change in changes.changed if change.matters] == ["c", "b"]


def test_a_re_import_without_a_list_keeps_the_coordinates() -> None:
    first = made(row())
    assert made(row(), venues=(), old=first).schedule == first.schedule


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.integers(8, 18), st.sampled_from(["Wynn | 1", "MGM | 2", ""])), min_size=1
    )
)
def test_the_same_file_again_changes_nothing(facts: list[tuple[str, int, str]]) -> None:
    rows = [row(f"{title} [REPEAT]" if hour % 2 else title, hour, place) for title, hour, place in facts]
    first = made(*rows)
    again = made(*reversed(rows), old=first)
    assert again.schedule == first.schedule
    nothing = difference(first.schedule, again.schedule)
    assert (nothing.added, nothing.changed, nothing.removed) == ((), (), ())


ONLINE = (row("A", 9), row("B", 10, "https://meet.example/1"), row("C", 11, "Online"))


@pytest.mark.parametrize("venues", [(WYNN, MGM), ()])
def test_a_session_in_a_meeting_link_is_in_no_venue_and_that_is_no_fault(venues: tuple[Venue, ...]) -> None:
    settled = made(*ONLINE, venues=venues)
    assert [(session.venue != "", session.online, session.link) for session in settled.schedule.sessions] == [
        (True, False, ""),
        (False, True, "https://meet.example/1"),
        (False, True, ""),
    ]
    assert [remark.where for remark in settled.warnings] == ["venues"] * (not venues)
