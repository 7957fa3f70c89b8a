"""Offsets against the clock times beside them, and half-known names of zones."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession
from bot.domain.imports.resolve import resolve_draft
from bot.domain.times.zone_names import zones_called
from tests.domain.imports.test_resolve import made, row


def stated(hours: int, wall: time | None = None, clock: time = time(9)) -> DraftSession:
    """A session on 2021-11-29 with an offset in hours; `wall` is the clock time printed beside it."""
    there = datetime.combine(datetime(2021, 11, 29), clock, timezone(timedelta(hours=hours)))
    return row("Talk", starts=there, wall=wall)


def starts(rows: list[DraftSession], zone: str, own: str = "") -> list[tuple[str, list[str]]]:
    """The start of each session in UTC, and what the report says about the offsets."""
    draft = Draft("test", "file.xml", "Cloud", own, "Hall", rows)
    settled = resolve_draft(draft, "cloud", zone, ())
    remarks = [remark.what for remark in settled.warnings if remark.where != "venues"]
    return [(f"{session.starts_at:%d %H:%M}", remarks) for session in settled.schedule.sessions]


LOS_ANGELES = "America/Los_Angeles"
CLOCK = "{} which contradicts the clock time beside it: the clock time is used, such as 'Talk' at 2021-11-29 {}"


@pytest.mark.parametrize(
    ("session", "instant"),
    [
        (stated(-8), "29 17:00"),
        (stated(-8, time(9)), "29 17:00"),
        (stated(0), "29 09:00"),
        (stated(0, time(1)), "29 09:00"),
    ],
)
def test_an_offset_that_agrees_with_the_zone_is_no_fault(session: DraftSession, instant: str) -> None:
    assert starts([session], LOS_ANGELES) == [(instant, [])]


@pytest.mark.parametrize(
    ("session", "zone", "instant", "what"),
    [
        (stated(0, time(9)), LOS_ANGELES, "29 17:00", f"+0000 where {LOS_ANGELES} has -0800"),
        (stated(-7, time(9)), LOS_ANGELES, "29 17:00", f"-0700 where {LOS_ANGELES} has -0800"),
        (stated(2, time(9)), "Asia/Taipei", "29 01:00", "+0200 where Asia/Taipei has +0800"),
        (stated(0, time(23, 30), time(23, 30)), "Asia/Taipei", "29 15:30", "+0000 where Asia/Taipei has +0800"),
    ],
)
def test_the_clock_time_wins_over_an_offset_that_contradicts_it(
    session: DraftSession, zone: str, instant: str, what: str
) -> None:
    clock = f"{session.wall:%H:%M}"
    remark = CLOCK.format(f"1 session say {what},", clock) + "; --zone sets another zone"
    assert starts([session], zone) == [(instant, [remark.replace("session say", "session says")])]


def test_one_remark_counts_all_sessions_of_a_kind() -> None:
    rows = [stated(0, time(hour), time(hour)) for hour in (9, 10, 11)]
    ((_, remarks), *_) = starts(rows, "Asia/Taipei")
    assert [what.partition(",")[0] for what in remarks] == ["3 sessions say +0000 where Asia/Taipei has +0800"]


def test_without_a_clock_time_the_instant_stays_and_the_contradiction_is_said() -> None:
    remark = (
        f"1 session says +0100 where {LOS_ANGELES} has -0800: the stated instant is used, such as 'Talk' at "
        "2021-11-29 00:00; --zone sets another zone"
    )
    assert starts([stated(1)], LOS_ANGELES) == [("29 08:00", [remark])]


def test_the_instant_stays_if_the_offset_is_that_of_the_zone_which_the_file_names() -> None:
    assert starts([stated(1, time(9))], LOS_ANGELES, "Europe/Berlin")[0][0] == "29 08:00"


def test_the_instant_stays_where_the_file_only_says_utc() -> None:
    assert starts([stated(1, time(9))], "", "UTC")[0][0] == "29 08:00"


def test_a_date_at_midnight_is_only_a_date() -> None:
    ((instant, remarks),) = starts([stated(-8, time(9), time())], LOS_ANGELES)
    assert instant == "29 17:00"
    assert remarks[0].startswith("1 session has a date at 00:00 and another clock time: the clock time is used")


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("New York", "America/New_York"),
        ("(GMT+01:00) Berlin", "Europe/Berlin"),
        ("Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("St. Petersburg", "Europe/Moscow"),
        ("Bern", "Europe/Zurich"),
        ("Nuku'alofa", "Pacific/Tongatapu"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_city_and_the_names_of_rails_are_understood(name: str, zone: str) -> None:
    settled = resolve_draft(Draft("test", "file.xml", zone=name, sessions=[row()]), "a", "", ())
    assert settled.schedule.conference.zone == zone
    assert ("zone", f"the file calls its time zone {name!r}: read as {zone}") in [
        (remark.where, remark.what) for remark in settled.warnings
    ]


@pytest.mark.parametrize(("hours", "fits"), [(1, True), (-8, False)])
def test_a_city_is_understood_only_where_every_offset_agrees(hours: int, fits: bool) -> None:
    draft = Draft("test", "file.xml", zone="Berlin", sessions=[stated(hours)])
    if fits:
        assert resolve_draft(draft, "a", "", ()).schedule.conference.zone == "Europe/Berlin"
        return
    with pytest.raises(ScheduleImportError, match=r"'Berlin', which may be Europe/Berlin, but its times have other"):
        resolve_draft(draft, "a", "", ())
    assert resolve_draft(draft, "a", LOS_ANGELES, ()).schedule.conference.zone == LOS_ANGELES


def test_a_name_that_is_no_zone_means_none() -> None:
    names = ("Mars/Base", "", "Room 1", "Factory", "factory", "localtime", "posixrules")
    assert [zones_called(name) for name in names] == [()] * len(names)


def test_a_session_over_the_night_of_the_clock_change_ends_when_the_clock_says() -> None:
    # On 7 November 2021 the clocks of Los Angeles went back from 02:00 to 01:00.
    night = row("Party", starts=datetime(2021, 11, 6, 23), length=timedelta(hours=5), ends_by_clock=True)
    (party,) = made(night).schedule.sessions
    assert party.ends_at == datetime(2021, 11, 7, 12, tzinfo=UTC)
    (lasting,) = made(replace(night, ends_by_clock=False)).schedule.sessions
    assert lasting.ends_at == datetime(2021, 11, 7, 11, tzinfo=UTC)
