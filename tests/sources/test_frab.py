"""The dialects of schedule.xml and schedule.json in miniature."""

import json
from datetime import UTC, datetime, time, timedelta

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
    assert [each.what for each in draft.warnings] == [
        "2 events have a date without offset: taken as clock times of the conference's zone"
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
