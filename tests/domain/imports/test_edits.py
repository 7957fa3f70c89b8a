"""Edits of sessions: applied to each version of the schedule, and taken out again to compare it with its source."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.imports.edits import EditedSchedule, SessionEdit, SessionFacts, with_edits, without_edits
from bot.domain.schedule.session import SessionState
from tests.builders import ARC, SEC, SESSIONS, at, schedule

moments = st.integers(0, 48).map(lambda hours: at(8) + timedelta(hours=hours))
EDITS = st.builds(
    SessionEdit,
    session=st.sampled_from([session.id for session in SESSIONS]),
    source=st.just(SessionFacts.of(SEC)),
    at=st.just(at(8)),
    organizer=st.none(),
    starts_at=st.none() | moments,
    ends_at=st.none(),
    venue=st.none() | st.sampled_from(["Venetian", "MGM Grand", ""]),
    room=st.none() | st.sampled_from(["Hall 1", ""]),
    cancelled=st.booleans(),
)
SOURCE = schedule()


def edited(edits: Sequence[SessionEdit]) -> EditedSchedule:
    """The edits made in an unedited schedule, one for each session."""
    real = [replace(edit, source=SessionFacts.of(SOURCE.by_id[edit.session])) for edit in edits]
    return with_edits(SOURCE, SOURCE, tuple({edit.session: edit for edit in real}.values()))


@given(st.lists(EDITS, max_size=5))
def test_the_same_copy_again_changes_nothing(edits: list[SessionEdit]) -> None:
    made = edited(edits)
    source = without_edits(made.schedule, made.edits)
    again = with_edits(source, made.schedule, made.edits)
    assert again == EditedSchedule(made.schedule, made.edits)
    assert [SessionFacts.of(session) for session in source.sessions] == [
        SessionFacts.of(session) for session in SOURCE.sessions
    ]


@given(st.lists(EDITS, max_size=5))
def test_what_is_restored_is_as_the_source_has_it_with_a_new_revision(edits: list[SessionEdit]) -> None:
    made = edited(edits)
    restored = [edit.session for edit in made.edits]
    back = with_edits(without_edits(made.schedule, made.edits), made.schedule, (), restored)
    assert back.edits == ()
    for session in back.schedule.sessions:
        before = made.schedule.by_id[session.id]
        assert SessionFacts.of(session) == SessionFacts.of(SOURCE.by_id[session.id])
        assert session.revision == before.revision + (SessionFacts.of(session) != SessionFacts.of(before))


def test_an_edit_that_changes_nothing_is_not_stored() -> None:
    assert edited([SessionEdit(SEC.id, SessionFacts.of(SEC), at(8), room=SEC.room)]).edits == ()


def test_the_edit_of_a_session_that_is_gone_ends() -> None:
    made = edited([SessionEdit(SEC.id, SessionFacts.of(SEC), at(8), room="Hall 1")])
    without = schedule([ARC])
    assert with_edits(without, made.schedule, made.edits).edits == ()


def test_only_a_change_of_an_edited_fact_overrules() -> None:
    made = edited([SessionEdit(SEC.id, SessionFacts.of(SEC), at(8), room="Hall 1")])
    others = [session for session in SESSIONS if session is not SEC]
    later = schedule([*others, replace(SEC, starts_at=at(16), ends_at=at(17), revision=2)])
    assert with_edits(later, made.schedule, made.edits).overruling == ()
    moved = schedule([*others, replace(SEC, room="Hall 9", revision=2)])
    found = with_edits(moved, made.schedule, made.edits)
    assert [(edit.source.room, edit.room) for edit in found.overruling] == [("Hall 9", "Hall 1")]
    assert with_edits(moved, found.schedule, found.edits).overruling == ()


def test_two_edits_of_one_session_become_one() -> None:
    first = SessionEdit(SEC.id, SessionFacts.of(SEC), at(8), 1, room="Hall 1", cancelled=True)
    later = SessionEdit(SEC.id, SessionFacts.of(SEC), at(9), 2, room="Hall 2", starts_at=at(14), ends_at=at(15))
    merged = first.merged(later)
    assert merged == replace(later, cancelled=True)
    assert merged.applied(SEC).state is SessionState.CANCELLED
