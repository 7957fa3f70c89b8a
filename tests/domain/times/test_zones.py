"""Instants, wall times and conference days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UnknownZoneError
from bot.domain.times.zones import QuietHours, WallTimeProblem, day_bounds, day_of, resolve_wall, zone_by_name
from tests.strategies import ZONES, instants


@pytest.mark.parametrize(
    ("wall", "zone", "instant", "fault"),
    [
        (datetime(2021, 11, 29, 13, 5), "America/Los_Angeles", datetime(2021, 11, 29, 21, 5, tzinfo=UTC), None),
        (
            datetime(2021, 3, 28, 2, 30),
            "Europe/Brussels",
            datetime(2021, 3, 28, 1, 30, tzinfo=UTC),
            WallTimeProblem.MISSING,
        ),
        (
            datetime(2021, 10, 31, 2, 30),
            "Europe/Brussels",
            datetime(2021, 10, 31, 0, 30, tzinfo=UTC),
            WallTimeProblem.TWICE,
        ),
        (
            datetime(2021, 4, 4, 1, 45),
            "Australia/Lord_Howe",
            datetime(2021, 4, 3, 14, 45, tzinfo=UTC),
            WallTimeProblem.TWICE,
        ),
        (
            datetime(2021, 10, 3, 2, 15),
            "Australia/Lord_Howe",
            datetime(2021, 10, 2, 15, 45, tzinfo=UTC),
            WallTimeProblem.MISSING,
        ),
    ],
)
def test_a_wall_time_is_resolved_by_fold_0_and_flagged(
    wall: datetime, zone: str, instant: datetime, fault: WallTimeProblem | None
) -> None:
    assert resolve_wall(wall, zone_by_name(zone)) == (instant, fault)


@given(instants, st.sampled_from(ZONES))
def test_every_instant_lies_within_its_conference_day(instant: datetime, name: str) -> None:
    zone = zone_by_name(name)
    begins, ends = day_bounds(day_of(instant, zone), zone)
    assert begins <= instant < ends
    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)


def test_a_session_past_midnight_belongs_to_the_evening_before() -> None:
    zone = zone_by_name("Europe/Brussels")
    assert day_of(datetime(2021, 12, 1, 0, 30, tzinfo=UTC), zone) == date(2021, 11, 30)
    assert day_of(datetime(2021, 12, 1, 3, 0, tzinfo=UTC), zone) == date(2021, 12, 1)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "x" * 500])
def test_an_unknown_zone_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(UnknownZoneError, match="IANA name"):
        zone_by_name(name)


@given(instants, st.sampled_from(ZONES), st.times(), st.times())
def test_quiet_hours_end_after_the_moment_they_cover(instant: datetime, name: str, begins: time, ends: time) -> None:
    quiet, zone = QuietHours(begins.replace(microsecond=0), ends.replace(microsecond=0)), zone_by_name(name)
    over = quiet.end_after(instant, zone)
    assert over is None or timedelta() < over - instant <= timedelta(hours=25)


def test_quiet_hours_may_reach_over_midnight() -> None:
    quiet, zone = QuietHours(time(22), time(7)), zone_by_name("UTC")
    assert quiet.end_after(datetime(2021, 1, 1, 23, tzinfo=UTC), zone) == datetime(2021, 1, 2, 7, tzinfo=UTC)
    assert quiet.end_after(datetime(2021, 1, 1, 6, tzinfo=UTC), zone) == datetime(2021, 1, 1, 7, tzinfo=UTC)
    assert quiet.end_after(datetime(2021, 1, 1, 12, tzinfo=UTC), zone) is None
    assert str(quiet) == "22:00-07:00"
