"""The dialects of schedule.xml and schedule.json in miniature."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.schedule.session import Recorded
from bot.sources import parse_draft


def xml(events: str, day: str = 'date="2010-02-06" index="1"', conference: str = "") -> Draft:
    text = f'<schedule><conference><title>T</title>{conference}</conference><day {day}><room name="Hall">{events}</room></day></schedule>'
    return parse_draft(text.encode(), "s.xml")


def event(start: str = "10:00", duration: str = "01:00", more: str = "") -> str:
    return f'<event id="7"><start>{start}</start><duration>{duration}</duration><title>A</title>{more}</event>'


@pytest.mark.parametrize(
    ("start", "day", "conference", "expected"),
    [
        ("10:00", 'date="2010-02-06"', "", datetime(2010, 2, 6, 10)),
        ("10:00", 'index="2"', "<start>2010-02-06</start>", datetime(2010, 2, 7, 10)),
        ("03:30", 'date="2010-02-06"', "", datetime(2010, 2, 7, 3, 30)),
        ("03:30", 'date="2010-02-06"', "<day_change>00:00</day_change>", datetime(2010, 2, 6, 3, 30)),
        ("05:30", 'date="2010-02-06"', "<day_change>06:00:00</day_change>", datetime(2010, 2, 7, 5, 30)),
        ("08:30", 'date="2010-02-06"', "<day_change>09:00:00</day_change>", datetime(2010, 2, 6, 8, 30)),
        ("24:00", 'date="2010-02-06"', "", datetime(2010, 2, 7)),
        ("25:30", 'date="2010-02-06"', "", datetime(2010, 2, 7, 1, 30)),
    ],
)
def test_old_files_without_dates_in_their_events(start: str, day: str, conference: str, expected: datetime) -> None:
    (only,) = xml(event(start), day, conference).sessions
    assert (only.starts, only.length, only.room, only.uid) == (expected, timedelta(hours=1), "Hall", "7")


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("00:45", 45),
        ("1:30", 90),
        ("00:45:00", 45),
        ("PT1H30M", 90),
        ("P1DT1H", 1500),
        ("45", 45),
        ("0", 0),
        ("1 h 15 min", 75),
    ],
)
def test_lengths_in_every_spelling(duration: str, expected: int) -> None:
    assert xml(event(duration=duration)).sessions[0].length == timedelta(minutes=expected)


def test_an_end_stands_in_for_a_duration_and_may_lie_past_midnight() -> None:
    assert xml(event("23:30", "", "<end>00:30</end>")).sessions[0].length == timedelta(hours=1)


def test_wafer_keeps_the_opt_out_one_deeper_and_has_a_track_for_none() -> None:
    more = "<date>2026-07-20T10:00:00+02:00</date><track>No Track</track><recording><optout>true</optout></recording>"
    (only,) = xml(event(more=more)).sessions
    assert (only.track, only.recorded, only.wall) == ("", Recorded.NO, time(10))
    assert only.starts.astimezone(UTC) == datetime(2026, 7, 20, 8, tzinfo=UTC)


def test_dates_without_an_offset_are_told_once() -> None:
    draft = xml(event(more="<date>2026-07-20T10:00:00</date>") * 2)
    assert [remark.what for remark in draft.warnings] == [
        "2 events have a date without offset: read as clock times in the conference's zone"
    ]


def test_a_namespace_and_an_old_encoding_change_nothing() -> None:
    text = '<?xml version="1.0" encoding="iso-8859-15"?><schedule xmlns="urn:x"><day date="2010-02-06"><event id="7"><start>10:00</start><duration>1:00</duration><title>10 €</title></event></day></schedule>'
    assert [row.title for row in parse_draft(text.encode("iso-8859-15"), "s.xml").sessions] == ["10 €"]


def test_elements_that_are_nested_too_deep_are_refused() -> None:
    with pytest.raises(ScheduleImportError, match="nested more than 64 deep"):
        parse_draft(b"<schedule>" + b"<a>" * 100_000, "s.xml")


def test_version_2_lists_events_beside_the_days() -> None:
    event = {
        "guid": "g",
        "code": "ABC123",
        "title": {"de": "Boote", "en": "Boats"},
        "start": "2024-12-27T23:30:00+01:00",
        "end": "2024-12-28T00:15:00+01:00",
        "room": {"guid": "r"},
        "track": {"slug": "art"},
        "language": "de",
        "abstract": {"de": "Über Boote"},
        "state": "CANCELED",
        "participants": [{"name": "Ada", "role": "SPEAKER"}, {"name": "Bob", "role": "CONTRIBUTOR"}],
    }
    conference = {
        "title": "T",
        "time_zone_name": "Europe/Berlin",
        "rooms": [{"guid": "r", "name": "Saal 1"}],
        "tracks": [{"slug": "art", "name": "Art"}],
        "days": [{"date": "2024-12-27"}],
    }
    data = {
        "schedule": {
            "conference": conference,
            "events": [event, {"type": "BREAK", "title": "Lunch", "start": event["start"]}],
        }
    }
    draft = parse_draft(json.dumps(data).encode(), "s.json")
    first, lunch = draft.sessions
    assert (first.where, first.title, first.code, first.room, first.track) == (
        "events[0]",
        "Boats",
        "ABC123",
        "Saal 1",
        "Art",
    )
    assert (first.length, first.speakers, first.abstract, first.cancelled) == (
        timedelta(minutes=45),
        ("Ada",),
        "Über Boote",
        True,
    )
    assert (lunch.title, lunch.kind, lunch.length) == ("Lunch", "BREAK", timedelta())


def test_a_schedule_without_events_says_so() -> None:
    with pytest.raises(ScheduleImportError, match=r"neither schedule.conference.days nor schedule.events has an event"):
        parse_draft(b'{"schedule": {"conference": {"days": [{"date": "2024-12-27", "rooms": {}}]}}}', "s.json")


def starts(draft: Draft) -> list[str]:
    return [f"{row.starts:%d %H:%M}" for row in draft.sessions]


def remarks_of(draft: Draft) -> list[str]:
    return [remark.what for remark in draft.warnings]


NIGHT = "1 early session has no date of their own: placed in the {} above, such as 'A' at 2010-02-{}"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ('start="2010-02-06T04:00:00+01:00" end="2010-02-07T03:59:00+01:00"', "07 00:30"),
        ('start="2010-02-06T00:00:00+01:00" end="2010-02-06T23:59:00+01:00"', "06 00:30"),
        ('start="2010-02-06T00:00:00+01:00" end="2010-02-07T04:00:00+01:00"', "06 00:30"),
        ('start="2010-02-06T10:00:00+01:00" end="2010-02-07T02:00:00+01:00"', "07 00:30"),
    ],
)
def test_an_early_event_is_in_the_day_whose_start_and_end_hold_it(day: str, expected: str) -> None:
    draft = xml(event("00:30"), f'date="2010-02-06" {day}')
    assert (starts(draft), remarks_of(draft)) == ([expected], [])


def test_an_early_event_of_a_day_without_bounds_is_in_the_night_after_and_that_is_said() -> None:
    draft = xml(event("20:00") + event("00:30"))
    assert (starts(draft), remarks_of(draft)) == (
        ["06 20:00", "07 00:30"],
        [NIGHT.format("night after the day", "07 00:30")],
    )


def test_early_events_that_are_listed_before_the_daytime_are_in_that_morning() -> None:
    draft = xml(event("00:30") + event("10:00"))
    assert (starts(draft), remarks_of(draft)) == (
        ["06 00:30", "06 10:00"],
        [NIGHT.format("morning of the day", "06 00:30")],
    )


def test_a_file_that_splits_a_night_at_midnight_goes_on_under_the_next_day() -> None:
    text = """<schedule><conference><title>T</title></conference>
    <day date="2026-08-14"><room name="Tent"><event><title>Hack</title><start>10:00</start><duration>14:00</duration>
    </event></room></day><day date="2026-08-15"><room name="Tent"><event><title>Hack</title><start>00:00</start>
    <duration>16:00</duration></event><event><title>Yoga</title><start>05:00</start><duration>01:00</duration></event>
    <event><title>Run</title><start>03:30</start><duration>01:00</duration></event></room></day></schedule>"""
    draft = parse_draft(text.encode(), "s.xml")
    assert starts(draft) == ["14 10:00", "15 00:00", "15 05:00", "15 03:30"]
    assert remarks_of(draft) == [
        (
            "2 early sessions have no date of their own: placed in the morning of the day above, "
            "such as 'Hack' at 2026-08-15 00:00"
        )
    ]


def test_the_reported_night_that_is_split_at_midnight_is_read_right(shared_faults: Path) -> None:
    draft = parse_draft((shared_faults / "07a-split-over-midnight.xml").read_bytes(), "s.xml")
    assert starts(draft) == ["14 10:00", "15 00:00", "15 05:00", "15 03:30"]


@pytest.mark.parametrize(
    ("duration", "end", "hours", "what"),
    [
        (
            "1:00:00",
            "2010-02-07T10:00:00",
            24,
            "that agrees with the end only as days, hours and minutes: read that way",
        ),
        ("1:00", "2010-02-06T12:30:00", 1, "and an end that contradict each other: the duration is used"),
        ("1:00", "09:00", 1, "and an end that contradict each other: the duration is used"),
        ("1:00", "11:00", 1, ""),
        ("1:00", "10:00", 1, ""),
        ("0:00", "11:00", 1, ""),
        ("1:00", "soon", 1, ""),
    ],
)
def test_a_duration_that_contradicts_the_end_is_said(duration: str, end: str, hours: int, what: str) -> None:
    draft = xml(event("10:00", duration, f"<date>2010-02-06</date><end>{end}</end>"))
    assert draft.sessions[0].length == timedelta(hours=hours)
    assert [what in remark for remark in remarks_of(draft)] == [True] * bool(what)


def test_the_reported_duration_of_a_day_is_a_day_and_said(shared_faults: Path) -> None:
    draft = parse_draft((shared_faults / "06b-duration-vs-end.xml").read_bytes(), "s.xml")
    assert [row.length for row in draft.sessions] == [timedelta(days=1), timedelta(hours=1, minutes=15)]
    assert remarks_of(draft) == [
        (
            "1 session has a duration that agrees with the end only as days, hours and minutes: read that way, "
            "such as 'Lasts a day and says so twice', which lasts 1 day, 0:00:00"
        )
    ]


@pytest.mark.parametrize(
    ("state", "listed", "cancelled"),
    [
        ("<state>confirmed</state>", True, False),
        ("<state>canceled</state>", True, True),
        ("<state>withdrawn</state>", True, True),
        ("<state>rejected</state>", False, False),
        ("<state>draft</state>", False, False),
        ("<state>deleted</state>", False, False),
        ("<is_public>false</is_public>", False, False),
    ],
)
def test_an_event_is_listed_or_cancelled_as_its_state_says(state: str, listed: bool, cancelled: bool) -> None:
    draft = xml(event(more=state))
    assert [row.cancelled for row in draft.sessions] == [cancelled] * listed
    assert len(draft.skipped) + len(draft.sessions) == 1


def test_days_that_begin_with_another_offset_than_the_zone_are_said() -> None:
    day = 'date="2010-02-06" start="2010-02-06T04:00:00+02:00" end="2010-02-07T03:59:00+02:00"'
    draft = xml(event(), day, "<time_zone_name>Pacific Time (US &amp; Canada)</time_zone_name>")
    assert remarks_of(draft) == ["it begins at +0200, which Pacific Time (US & Canada) does not have on that day"]


@pytest.mark.parametrize("zone", ["Factory", "localtime", "posixrules", "Mars/Base"])
def test_a_file_whose_zone_is_that_of_no_place_is_read(zone: str) -> None:
    draft = xml(event(), conference=f"<time_zone_name>{zone}</time_zone_name>")
    assert (draft.zone, len(draft.sessions)) == (zone, 1)
