"""Files that are like no other, by a mapping."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ScheduleImportError
from bot.sources import parse_draft
from bot.sources.field_map import parse_map
from tests.sources.seeds import MAP, MAPPED

CSV = b"Talk;Building;Room;When;Until\nA;West;1;05.02.2026 9:00 AM;05.02.2026 10:00 AM\nB;;;06.02.2026 11:30 PM;06.02.2026 12:30 AM\n"
CSV_MAP = """times = ["%d.%m.%Y %I:%M %p"]
[fields]
title = "Talk"
room = ["Building", "Room"]
start = "When"
end = "Until"
"""


def test_json_with_ids_that_are_looked_up_in_lists_and_objects() -> None:
    draft = parse_draft(MAPPED, "feed.json", "", parse_map(MAP, "map.toml"))
    first, second = draft.sessions
    assert (draft.format, draft.title, draft.zone) == ("mapped", "Tiny", "Europe/Brussels")
    assert (first.where, first.title, first.uid, first.starts, first.length) == (
        "days.mon.talks[0]",
        "A and B",
        "1",
        datetime(2026, 1, 31, 9, 30),
        timedelta(minutes=20),
    )
    assert (first.room, first.speakers, first.track) == ("Hall", ("Ada",), "topic_web")
    assert second.starts == datetime.fromtimestamp(1769850000, UTC)


def test_csv_whose_columns_are_put_together() -> None:
    first, night = parse_draft(CSV, "feed.csv", "", parse_map(CSV_MAP, "map.toml")).sessions
    assert (first.where, first.location, first.starts, first.length) == (
        "line 2",
        "West | 1",
        datetime(2026, 2, 5, 9),
        timedelta(hours=1),
    )
    assert (night.starts, night.length) == (datetime(2026, 2, 6, 23, 30), timedelta(hours=1))


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("a =", "m.toml: this is not TOML (Invalid value (at end of document)): correct it."),
        ("", "m.toml, fields: no title is given"),
        ("[fields]\ntitle = 'a'", "m.toml, fields: neither start nor date is given"),
        ("[fields]\ntitle = 'a'\nstart = 7", "m.toml, fields.start: 7 is not text"),
        ("[fields]\ntitle = 'a'\nstart = {by = 'x'}", "m.toml, fields.start: there is no path"),
        ("[fields]\ntitle = 'a'\nstart = {path = 'x', at = 'y'}", "m.toml, fields.start: 'at' is not a key"),
        ("[fields]\ntitle = 'a'\nstart = 'b'\nsize = 'c'", "m.toml, fields: 'size' is not a key of a mapping"),
        ("times = '%d%d'\n[fields]\ntitle = 'a'\nstart = 'b'", "m.toml, times: '%d%d' is not a time pattern"),
        ("sesions = 'x'", "m.toml: 'sesions' is not a key of a mapping"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(toml: str, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        parse_map(toml, "m.toml")
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("data", "toml", "name", "sentence"),
    [
        (
            CSV,
            CSV_MAP.replace('"Until"', '"Ends"'),
            "",
            "feed, line 1: there is no column 'Ends', where the mapping looks for end.",
        ),
        (MAPPED, MAP.replace("days.*.talks", "talks"), "", "feed: there is no list at talks: correct sessions"),
        (MAPPED, MAP.replace('"rooms"', '"halls"'), "", "feed: there is no halls in it to look where up in"),
        (MAPPED, MAP, "ical", "A mapping is read by the format mapped, not by ical"),
    ],
)
def test_a_file_that_does_not_fit_its_mapping_is_refused(data: bytes, toml: str, name: str, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        parse_draft(data, "feed", name, parse_map(toml, "m.toml"))
    assert str(caught.value).startswith(sentence)


def test_the_format_needs_a_mapping() -> None:
    with pytest.raises(ScheduleImportError, match="the format mapped needs a mapping"):
        parse_draft(MAPPED, "feed", "mapped")


def test_what_stands_around_a_session_and_what_it_is_called_there() -> None:
    text = b"""{"name": "Tiny", "days": {"2026-11-30": {"opens": "09:00", "rooms": [{"hall": "A", "talks": {
      "AB12": {"name": "One", "at": "10:00"}, "CD34": {"name": "Two"}}}]}}}"""
    toml = """sessions = "days.*.rooms.talks.*"
[fields]
title = "name"
code = "@"
date = "^.^.^.@"
start = ["at"]
room = "^.^.hall"
track = "^.^.^.^.^.^.name"
"""
    draft = parse_draft(text, "feed.json", "", parse_map(toml, "map.toml"))
    (one,) = draft.sessions
    assert (one.where, one.title, one.code, one.starts, one.room, one.track) == (
        "days.2026-11-30.rooms[0].talks.AB12",
        "One",
        "AB12",
        datetime(2026, 11, 30, 10),
        "A",
        "",
    )
    assert [remark.what for remark in draft.skipped] == ["'Two' has no time yet"]


def test_parts_of_a_time_that_stand_apart() -> None:
    text = b'[{"t": "A", "begin": {"year": 2012, "month": 9, "day": 13, "hour": 9, "minute": 5}}]'
    toml = """times = ["%Y %m %d", "%H %M"]
[fields]
title = "t"
date = ["begin.year", "begin.month", "begin.day"]
start = ["begin.hour", "begin.minute"]
"""
    (only,) = parse_draft(text, "feed.json", "", parse_map(toml, "map.toml")).sessions
    assert only.starts == datetime(2012, 9, 13, 9, 5)
