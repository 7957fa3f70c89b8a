"""Each format on a small file, compared as a whole."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import DraftSession, Remark
from bot.domain.schedule.session import Recorded
from bot.sources import read_draft, read_venues
from bot.sources.text import plain, plain_html
from bot.sources.timestamps import read_clock, read_date, read_length

XML = """<?xml version="1.0" encoding="UTF-8"?>
<schedule>
 <conference><title>Tiny</title><venue>ULB</venue><time_zone_name>Europe/Brussels</time_zone_name></conference>
 <day date="2026-01-31" index="1"><room name="K.1">
  <event guid="g1" id="7"><date>2026-01-31T09:30:00+01:00</date><start>09:30</start><duration>00:20</duration>
   <room>K.1</room><slug>SFKNTZ-welcome</slug><title>Welcome</title><track>Main</track><type>talk</type>
   <language>en</language><abstract>&lt;p&gt;Hello &amp;amp; welcome&lt;/p&gt;</abstract>
   <persons><person id="1">Ada</person><person id="2">Bob</person></persons></event>
  <event id="8"><start>00:30</start><duration>1:00</duration><room>K.1</room><slug>x</slug><title>Late</title></event>
  <event id="9"><start></start><duration></duration><title>No time</title></event>
  <event id="10"><start>10:00</start><duration>00:30</duration><title></title></event>
  <event id="11"><date>9999-01-01T10:00:00+01:00</date><duration>00:30</duration><title>Far</title></event>
 </room></day>
</schedule>
"""
JSON = """{"schedule": {"conference": {"title": "Tiny", "time_zone_name": "UTC", "days": [
 {"date": "2026-01-31", "rooms": {"Hall": [
  {"guid": "g1", "id": 7, "date": "2026-01-31T09:30:00+01:00", "start": "09:30", "duration": "00:20", "room": "Hall",
   "slug": "tiny-7-welcome", "title": "Welcome", "do_not_record": true, "persons": [{"public_name": "Ada"}]}]}}]}}}"""
CSV = """code,title,date,startTime,endTime,room,type,recorded
ARC1,"Queues, again",2026-01-31,09:30,10:30,Wynn | Level 1 | A,Breakout,yes
ARC2,No time,N/A,N/A,N/A,N/A,Breakout,
ARC3,Over midnight,2026-01-31,23:30,00:30,,Party,no
ARC4,Backwards,2026-01-31,10:00,09:00,,Talk,
,,,,,,,
"""
CATALOG = """{"items": [{"abbreviation": "API319", "sessionId": "s1", "venue": "Caesars Forum", "room": "Level 1 | Forum 120",
 "sessionTime": {"date": "2026-11-30", "length": "60", "time": "16:00"}, "topics": ["A", "B"], "title": "Agents"}]}"""


def written(folder: Path, text: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_frab_xml(tmp_path: Path) -> None:
    draft = read_draft(written(tmp_path, XML))
    assert (draft.format, draft.title, draft.zone, draft.site) == ("frab-xml", "Tiny", "Europe/Brussels", "ULB")
    first, second = draft.sessions
    assert first == DraftSession(
        "line 5",
        "Welcome",
        datetime(2026, 1, 31, 9, 30, tzinfo=first.starts.tzinfo),
        timedelta(minutes=20),
        "K.1",
        "K.1",
        "g1",
        "SFKNTZ",
        "Hello & welcome",
        ("Ada", "Bob"),
        "Main",
        "",
        "talk",
        "en",
        wall=time(9, 30),
    )
    assert first.starts.astimezone(UTC) == datetime(2026, 1, 31, 8, 30, tzinfo=UTC)
    assert (second.where, second.code, second.starts) == ("line 9", "8", datetime(2026, 2, 1, 0, 30))
    assert draft.skipped == [
        Remark("line 10", "'No time' has no time that can be read (neither start nor duration)"),
        Remark("line 11", "it has no title"),
    ]
    assert draft.impossible == [Remark("line 12", "'Far' is in the year 9999")]


def test_frab_json(tmp_path: Path) -> None:
    draft = read_draft(written(tmp_path, JSON))
    (only,) = draft.sessions
    assert (draft.format, draft.title, draft.zone) == ("frab-json", "Tiny", "UTC")
    assert (only.where, only.uid, only.code, only.room, only.speakers, only.recorded) == (
        "days[0].rooms['Hall'][0]",
        "g1",
        "7",
        "Hall",
        ("Ada",),
        Recorded.NO,
    )


def test_a_catalog_as_csv(tmp_path: Path) -> None:
    draft = read_draft(written(tmp_path, CSV))
    first, night = draft.sessions
    assert draft.format == "catalog-csv"
    assert first == DraftSession(
        "line 2",
        "Queues, again",
        datetime(2026, 1, 31, 9, 30),
        timedelta(hours=1),
        "Wynn | Level 1 | A",
        "Wynn | Level 1 | A",
        code="ARC1",
        kind="Breakout",
        recorded=Recorded.YES,
        ends_by_clock=True,
    )
    assert (night.title, night.length) == ("Over midnight", timedelta(hours=1))
    assert draft.skipped == [Remark("line 3", "'No time' has no time yet")]
    assert draft.impossible == [Remark("line 5", "'Backwards' ends before it starts")]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_catalog_with_other_separators_a_byte_order_mark_and_an_old_encoding(tmp_path: Path, separator: str) -> None:
    text = (
        separator.join(("Title", "Date", "Start time", "Length"))
        + "\r\n"
        + separator.join(("Café", "2026-01-31", "9:30 AM", "45"))
    )
    for data in (text.encode("utf-8-sig"), text.encode("cp1252"), text.encode("utf-16")):
        (only,) = read_draft(written(tmp_path, data)).sessions
        assert (only.title, only.starts, only.length) == ("Café", datetime(2026, 1, 31, 9, 30), timedelta(minutes=45))


def test_a_catalog_as_json(tmp_path: Path) -> None:
    (only,) = read_draft(written(tmp_path, CATALOG)).sessions
    assert (only.where, only.uid, only.code, only.location, only.room, only.track, only.length) == (
        "item 1",
        "s1",
        "API319",
        "Caesars Forum | Level 1 | Forum 120",
        "Level 1 | Forum 120",
        "A; B",
        timedelta(hours=1),
    )


def bomb() -> str:
    return '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<schedule><conference><title>&b;</title></conference></schedule>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "file is empty"),
        (b"  \n", "file is empty"),
        (XML[:900].encode(), "file, line 12, column 3: this is not complete XML"),
        (JSON[:300].encode(), "file, line 4, column 50: this is not complete JSON"),
        (bomb().encode(), "file, line 1: it defines XML entities"),
        (b"PK\x03\x04....", "file is a zip archive: unpack it"),
        (b"\x1f\x8b....", "file is a gzip archive: unpack it"),
        (b"\x7fELF\x00\x01\x02", "file, line 1: a NUL byte"),
        (b"code,title,date\nA,B\x00,C\n", "file, line 2: a NUL byte"),
        (b"hello, world", "file is in no format that is known here"),
        (b'{"schedule": {' * 3, "file, line 1, column 15: this is not complete JSON"),
        (b'{"schedule": ' + b"[" * 200_000, "file: it is nested too deeply"),
        (b'{"schedule": {}}', "file: there is no list schedule.conference.days"),
        (b"title,room\nA,B\n", "file, line 1: no session in it has a date"),
        (b'title,date,startTime\n"' + b"x" * 200_000, "file, line 2: this line is not CSV"),
        (
            b"title,date,startTime\n" + b"A,2026-01-31,10:00\n" * 50_001,
            "file, line 50002: it has more than 50,000 rows",
        ),
        (b"\xff\xfe\x00", "file is not text"),
    ],
)
def test_a_hostile_file_is_refused_in_one_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        read_draft(written(tmp_path, data))
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_folder_an_address_and_a_giant_are_refused(tmp_path: Path) -> None:
    giant = tmp_path / "giant"
    with giant.open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    for path, sentence in (
        (tmp_path / "gone.xml", "There is no file"),
        (tmp_path, "cannot be read (Is a directory)"),
        (
            Path("https://example.org/schedule.xml"),
            "https://example.org/schedule.xml is an address: download the schedule first",
        ),
        (giant, "larger than 32 MiB"),
    ):
        with pytest.raises(ScheduleImportError) as caught:
            read_draft(path)
        assert sentence in str(caught.value)


def test_a_format_can_be_named_and_must_be_one(tmp_path: Path) -> None:
    assert read_draft(written(tmp_path, CSV), "catalog-csv").format == "catalog-csv"
    with pytest.raises(ScheduleImportError, match="There is no format 'ics'"):
        read_draft(written(tmp_path, CSV), "ics")


def test_venues(tmp_path: Path) -> None:
    text = "name,aliases,lat,lon,minutes_inside\nKeller,K.|K-,50.1,4.3,3\nNowhere,,,,\n"
    keller, nowhere = read_venues(written(tmp_path, text))
    assert (keller.name, keller.aliases, keller.lat, keller.lon, keller.minutes_inside) == (
        "Keller",
        ("K.", "K-"),
        50.1,
        4.3,
        3,
    )
    assert (nowhere.lat, nowhere.lon, nowhere.minutes_inside) == (None, None, 5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,lat\nA,1\n", "line 1: the header lacks aliases, lon"),
        ("name,aliases,lat,lon\n", "there is no venue in it"),
        ("name,aliases,lat,lon\n,A,,\n", "line 2: the venue has no name"),
        ("name,aliases,lat,lon\nA,,91,0\n", "line 2: lat is '91'"),
        ("name,aliases,lat,lon\nA,,nan,0\n", "line 2: lat is 'nan'"),
        ("name,aliases,lat,lon\nA,,1,\n", "line 2: A has only one of lat and lon"),
        (f"name,aliases,lat,lon\nA,{chr(66) * 201},,\n", "line 2: a venue has at most 100 aliases of 200 characters"),
        ("name,aliases,lat,lon\nA,,,\na,,,\n", "line 3: a is there twice"),
        ("name,aliases,lat,lon,minutes_inside\nA,,,,soon\n", "line 2: minutes_inside is 'soon'"),
    ],
)
def test_a_list_of_venues_says_which_line_is_wrong(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        read_venues(written(tmp_path, text))
    assert sentence in str(caught.value)


def test_the_small_words() -> None:
    assert plain(" a\x1b[1m\u202e\tb ") == "a[1m b"
    assert plain("N/A") == plain(None) == ""
    assert plain_html("<p>One &amp; two<br/>three</p><ul><li>four</li></ul> 3 < 5") == "One & two\nthree\nfour\n3 < 5"
    assert (read_date("2026-01-31"), read_clock("1:05 PM")) == (date(2026, 1, 31), timedelta(hours=13, minutes=5))
    assert [read_length(text) for text in ("00:30", "1:05:30", "45")] == [
        timedelta(minutes=30),
        timedelta(hours=1, minutes=5, seconds=30),
        timedelta(minutes=45),
    ]
    with pytest.raises(ValueError, match="no"):
        read_clock("noon")
