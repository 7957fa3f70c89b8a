from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.schedule.common_ends import peaks_of
from bot.domain.schedule.session import Session, SessionState
from bot.domain.travel.peaks import Peaks
from tests.builders import at, schedule, session


def ends(count: int, hour: int, **more: Any) -> list[Session]:
    return [session(f"S{hour}{number}", at(hour), minutes=60, **more) for number in range(count)]


def peaks(*sessions: list[Session]) -> Peaks:
    found = schedule([one for group in sessions for one in group])
    return peaks_of(found.sessions, found.conference.tz)


def test_an_end_that_a_fifth_of_the_day_shares_is_a_peak() -> None:
    found = peaks(ends(6, 9), *[ends(3, hour) for hour in (10, 11, 12, 13, 14, 15, 16)])
    assert found == Peaks((at(10),))
    assert found.covers(at(9, 50))
    assert found.covers(at(10, 10))
    assert not found.covers(at(10, 11))
    assert not found.covers(at(9, 49))


def test_two_sessions_of_a_small_day_are_no_crowd() -> None:
    assert peaks(ends(2, 9), ends(2, 11)) == Peaks()


def test_days_are_counted_apart() -> None:
    tomorrow = [session(f"T{number}", at(9) + timedelta(days=1), minutes=60) for number in range(30)]
    assert at(10) in peaks(ends(6, 9), tomorrow).ends


def test_what_is_online_or_cancelled_moves_nobody() -> None:
    cancelled = ends(8, 9, state=SessionState.CANCELLED)
    online = [replace(one, venue="", room="Online") for one in ends(8, 11)]
    assert peaks(cancelled, online) == Peaks()
