"""What becomes of sessions that a new version of the schedule does not have."""

from dataclasses import replace

from bot.domain.imports.retention import retain_sessions
from bot.domain.schedule.diff import difference
from bot.domain.schedule.session import SessionState
from tests.builders import ARC, DAT, KEY, SEC, at, schedule

CANCELLED = replace(SEC, state=SessionState.CANCELLED)
OLD = schedule([ARC, CANCELLED, DAT, KEY])


def test_what_was_to_come_is_unlisted_and_cancelled_stays_cancelled() -> None:
    now = retain_sessions(schedule([KEY]), OLD, at(8))
    states = {session.code: (session.state.value, session.revision) for session in now.sessions}
    assert states == {
        "ARC301": ("unlisted", 2),
        "SEC203": ("cancelled", 1),
        "DAT310": ("unlisted", 2),
        "KEY001": ("scheduled", 1),
    }
    assert now.conference.revision == 2
    assert [session.code for session in difference(OLD, now).removed] == ["ARC301", "SEC203", "DAT310"][::2]
    assert difference(OLD, now).changed == ()


def test_the_same_again_changes_nothing_and_what_comes_back_is_listed() -> None:
    once = retain_sessions(schedule([KEY]), OLD, at(8))
    assert retain_sessions(schedule([KEY]), once, at(8, 30)) is once
    assert retain_sessions(OLD, None, at(8)) is OLD
    back = retain_sessions(schedule([replace(ARC, revision=3), KEY]), once, at(8))
    assert back.by_id["arc301"].takes_place
    assert [change.facts for change in difference(once, back).changed] == [("state",)]


def test_what_is_over_stays_as_it_was() -> None:
    now = retain_sessions(schedule([KEY]), OLD, at(11, 15))
    assert {session.code for session in now.sessions if session.takes_place} == {"ARC301", "KEY001"}
    # Once all is over there is nobody to spare: a correction of the archive is one.
    later = retain_sessions(schedule([KEY]), OLD, at(8, day=30) + (KEY.ends_at - KEY.starts_at) * 3)
    assert {session.code for session in later.sessions if session.takes_place} == {"KEY001"}


def test_a_listed_session_has_its_code_before_one_that_vanished() -> None:
    gone = replace(ARC, state=SessionState.UNLISTED)
    new = replace(ARC, id="other")
    assert schedule([gone, new]).by_code["ARC301"].id == schedule([new, gone]).by_code["ARC301"].id == "other"
    assert [session.id for session in schedule([gone, new]).listed] == ["other"]
