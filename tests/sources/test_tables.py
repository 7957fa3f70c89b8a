"""Tables as people export them: columns by many names, dates as people write them, files that are no tables."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, Remark
from bot.sources import parse_draft
from bot.sources.dates import in_iso, month_first, span

HEADER = "Session Title,Date,Time Start,Time End,Room/Location,Schedule Track (Optional),Description (Optional)"


def read(text: str | bytes, name: str = "file.csv") -> Draft:
    return parse_draft(text if isinstance(text, bytes) else text.encode(), name)


def test_columns_as_other_programs_call_them() -> None:
    (only,) = read(f"{HEADER}\nOpening,2015-09-18,09:30,10:30,Hall,Main,Hello\n").sessions
    assert (only.title, only.starts, only.length, only.room, only.track, only.abstract) == (
        "Opening",
        datetime(2015, 9, 18, 9, 30),
        timedelta(hours=1),
        "Hall",
        "Main",
        "Hello",
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Subject,Start Date,Start Time,End Date,End Time,Location", "A,11/29/2021,9:00:00 AM,11/29/2021,9:45 AM,Hall"),
        ("Session Id,Title,Scheduled At,Scheduled Duration,Room", "7,A,29 Nov 2021 09:00 AM,45,Hall"),
        ("Event,Date,Time,Location", 'A,"Monday, Nov 29, 2021",09:00 AM - 09:45 AM,Hall'),
        ("name,event_start,event_end,room", "A,2021-11-29 09:00,2021-11-29 09:45,Hall"),
        ("name,session,begin,minutes,place", "A,Morning,29.11.2021 09:00,45,Hall"),
    ],
)
def test_the_same_session_in_the_words_of_several_programs(header: str, row: str) -> None:
    draft = read(f"{header}\n{row}\n")
    (only,) = draft.sessions
    assert (only.title, only.starts, only.length, only.room) == (
        "A",
        datetime(2021, 11, 29, 9),
        timedelta(minutes=45),
        "Hall",
    )
    assert not draft.warnings


def test_the_surest_name_wins_wherever_it_stands() -> None:
    (only,) = read("Event,Title,Day,Start,Time\nCloud Week,Queues,2021-11-29,10:00,09:00\n").sessions
    assert (only.title, only.starts) == ("Queues", datetime(2021, 11, 29, 10))


def test_a_venue_without_a_room_is_where_it_is() -> None:
    (only,) = read("title,date,start,venue\nA,2021-11-29,09:00,Hotel Nord\n").sessions
    assert (only.location, only.room) == ("Hotel Nord", "Hotel Nord")


@pytest.mark.parametrize(
    ("days", "starts", "sentence"),
    [
        (("12/2/24", "12/6/24"), date(2024, 12, 2), "12/2/24 are read with the month first"),
        (("2/12/24", "6/12/24"), date(2024, 12, 2), "2/12/24 are read with the day first"),
        (("12/2/24", "12/13/24"), date(2024, 12, 2), "12/2/24 are read with the month first"),
        (("02-12-2024", "13-12-2024"), date(2024, 12, 2), "02-12-2024 are read with the day first"),
        (("12/25/2024", "12/26/2024"), date(2024, 12, 25), ""),
        (("02.12.2024", "06.12.2024"), date(2024, 12, 2), ""),
        (("2024/12/02", "2024.12.06"), date(2024, 12, 2), ""),
        (("Mon, 2 December 2024", "6th Dec 2024"), date(2024, 12, 2), ""),
        (("2-Dec-24", "December 6th, 2024"), date(2024, 12, 2), ""),
    ],
)
def test_which_number_is_the_month_is_told_by_all_dates(days: tuple[str, ...], starts: date, sentence: str) -> None:
    draft = read("title;date;start\n" + "".join(f"Talk {day};{day};09:00\n" for day in days))
    assert draft.sessions[0].starts == datetime(starts.year, starts.month, starts.day, 9)
    assert [remark.what for remark in draft.warnings if sentence in remark.what] == [
        remark.what for remark in draft.warnings
    ]
    assert len(draft.warnings) == bool(sentence)


def test_a_date_that_is_none_is_told_with_its_line() -> None:
    draft = read("title,date,start\nA,2024-12-02,09:00\nB,13/13/24,10:00\nC,Frimbl 3 2024,09:00\n")
    assert draft.skipped == [
        Remark("line 3", "'B' has a time that cannot be read (date '13/13/24', start '10:00')"),
        Remark("line 4", "'C' has a time that cannot be read (date 'Frimbl 3 2024', start '09:00')"),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("07:00 AM - 11:59 PM", ("07:00 AM", "11:59 PM")),
        ("9:00\u201310:00", ("9:00", "10:00")),
        ("9:00 to 10:00", ("9:00", "10:00")),
        ("1:00 - 2:00 PM", ("1:00 PM", "2:00 PM")),
        ("11:00 - 1:00 PM", ("11:00 AM", "1:00 PM")),
        ("11:00 - 1:00 AM", ("11:00 PM", "1:00 AM")),
        ("all day - 9", ("all day - 9", "")),
        ("5 - 13", ("5 - 13", "")),
        ("5:00 - 13:00 PM", ("5:00 - 13:00 PM", "")),
        ("13:00 - 5:00 PM", ("13:00 - 5:00 PM", "")),
        ("09:00", ("09:00", "")),
        ("", ("", "")),
    ],
)
def test_from_and_to_in_one_cell(text: str, parts: tuple[str, str]) -> None:
    assert span(text) == parts


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["/", "-"]))
def test_every_way_of_writing_a_day_is_read_as_that_day(day: date, bar: str) -> None:
    american, german = f"{day.month}{bar}{day.day}{bar}{day.year}", f"{day.day}.{day.month}.{day.year}"
    named, numbered = f"{day:%A}, {day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}"
    assert in_iso(american, month_first=True) == str(day)
    assert {in_iso(text, month_first=first) for text in (german, named, numbered) for first in (True, False)} == {
        str(day)
    }
    assert month_first([american, german, named]) or day.day <= 12


@given(st.text(max_size=30), st.booleans())
def test_no_text_breaks_the_reading_of_dates(text: str, first: bool) -> None:
    assert isinstance(in_iso(text, month_first=first), str)
    assert isinstance(month_first([text]), bool)
    assert len(span(text)) == 2


def test_a_time_behind_a_date_that_is_no_time_leaves_both_unread() -> None:
    assert in_iso("12/2/2024 soon", month_first=True) == "12/2/2024 soon"
    assert in_iso("12/2/2024 at 9:30 PM", month_first=True) == "2024-12-02T21:30:00"


def test_what_pretalx_says_of_each_talk_in_its_slot() -> None:
    text = """{"count": 1, "results": [{"code": "JDQLRV", "title": "Welcome", "speakers": [{"code": "M", "name": "Ada"}],
      "submission_type": {"en": "Plenary"}, "track": null, "state": "confirmed", "duration": 30, "description": "Hello",
      "slot": {"room_id": 1, "room": {"en": "Hall"}, "start": "2024-11-02T09:00:00+01:00", "end": "2024-11-02T09:30:00+01:00"}},
      {"code": "NOSLOT", "title": "Later", "slot": {}}]}"""
    draft = read(text, "talks.json")
    (only,) = draft.sessions
    assert (only.where, only.code, only.room, only.speakers, only.length, only.kind) == (
        "item 1, slot[0]",
        "JDQLRV",
        "Hall",
        ("Ada",),
        timedelta(minutes=30),
        "Plenary",
    )
    assert draft.skipped == [Remark("item 2", "'Later' has no time yet")]


def test_members_that_are_wrapped_and_speakers_that_are_ids() -> None:
    text = """{"data": [{"type": "session", "id": "4", "attributes": {"title": "A", "starts-at": "2024-11-02T09:00:00Z",
      "ends-at": "2024-11-02T10:00:00Z"}, "speakerIds": ["s1", "s2"]}], "speakers": [{"id": "s1", "name": "Ada"}]}"""
    (only,) = read(text, "sessions.json").sessions
    assert (only.title, only.uid, only.length, only.speakers) == ("A", "4", timedelta(hours=1), ("Ada", "s2"))


def test_slots_that_hold_their_talk_and_the_name_of_their_conference() -> None:
    text = """{"slots": [{"roomName": "BOF 1", "slotId": "bof", "day": "monday", "eventName": "Devweek", "event": "Devweek",
      "fromTimeMillis": 1557279000000, "toTimeMillis": 1557280800000, "fromTime": "01:30",
      "talk": {"id": "T1", "title": "Queues", "track": "Data", "talkType": "Conference", "speakers": [{"name": "Ada"}]}},
      {"roomName": "Hall", "eventName": "Devweek", "fromTimeMillis": 1557279000000}]}"""
    draft = read(text, "slots.json")
    (only,) = draft.sessions
    assert (only.title, only.uid, only.room, only.track, only.speakers, only.length) == (
        "Queues",
        "T1",
        "BOF 1",
        "Data",
        ("Ada",),
        timedelta(minutes=30),
    )
    assert draft.skipped == [Remark("item 2", "it has no title")]


def test_a_catalog_in_sections_with_times_and_pairs_of_attributes() -> None:
    text = """{"sectionList": [{"items": [{"sessionID": "1", "code": "ARC301", "title": "Queues", "type": "Breakout session",
      "attributevalues": [{"attribute": "Level", "value": "300"}, {"attribute": "Topic", "value": "Data"}, {"value": "x"}],
      "participants": [{"fullName": "Ada Byron"}], "times": [
        {"sessionTimeID": "t1", "date": "2024-12-02", "startTime": "10:30", "endTime": "11:30", "room": "Venetian | A"},
        {"sessionTimeID": "t2", "date": "2024-12-03", "startTime": "10:30", "endTime": "11:30", "room": "MGM | B"}]}]}]}"""
    first, second = read(text, "catalog.json").sessions
    assert (first.code, first.uid, first.level, first.track, first.speakers, first.room, first.kind) == (
        "ARC301",
        "t1",
        "300",
        "Data",
        ("Ada Byron",),
        "Venetian | A",
        "Breakout session",
    )
    assert (second.uid, second.room, second.where) == ("t2", "MGM | B", "item 1, times[1]")


def test_a_list_under_schedule_is_a_catalog_and_an_object_is_frab() -> None:
    assert read('{"schedule": [{"title": "A", "start": "2024-11-02T09:00Z"}]}', "s.json").format == "catalog-json"
    with pytest.raises(
        ScheduleImportError, match=r"there is no list schedule.conference.days in it: .* mapping \(--map FILE\)"
    ):
        read('{"schedule": {"2024-11-02": {}}}', "s.json")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<!DOCTYPE html>\n<html><body>Sign in</body></html>", "file.csv is a web page and no schedule"),
        ("\ufeff\n<!-- proxy -->\n<HTML lang='en'>", "file.csv is a web page and no schedule"),
        (
            "title,kind\nA,Talk\n",
            "file.csv, line 1: no session in it has a date (its columns are title, kind); it needs columns title, date",
        ),
        ("title,date,start\nA,2024-12-02,09:00\nB,2024-12", "file.csv, line 3: it breaks off after 2 of 3 columns"),
        (
            'title,date,start\nA,2024-12-02,09:00\n"B,2024-12-02,09:',
            "file.csv, line 3: it breaks off after 1 of 3 columns",
        ),
        ("<schedule><day/></schedule>", "file.csv: there is no <event> in it"),
        ("[]", "file.csv: its list of sessions is empty"),
        ('{"items": []}', "file.csv: its list of sessions is empty"),
        ('{"Schedule": {"events": [{"name": "A"}]}}', "file.csv: there is no list of sessions in it"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_it_is(text: str, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        read(text)
    assert str(caught.value).startswith(sentence)


def test_many_columns_are_not_all_listed() -> None:
    with pytest.raises(ScheduleImportError, match=r"column 1, .*…\)"):
        read("title," + ",".join(f"column {number}" for number in range(100)) + "\nA\n")


def test_a_last_row_that_is_as_short_as_the_others_is_whole() -> None:
    assert len(read("title,date,start,notes\nA,2024-12-02,09:00\nB,2024-12-02,10:00").sessions) == 2


@pytest.mark.parametrize("title", ["[Cancelled] A", "CANCELED: A", "A (Cancelled)", "A [abgesagt]"])
def test_a_title_may_say_that_it_is_off(title: str) -> None:
    (only,) = read(f"title,date,start\n{title},2024-12-02,09:00\n").sessions
    assert only.cancelled


def test_a_title_may_speak_of_what_is_off() -> None:
    (only,) = read("title,date,start\nTalk (instead of one cancelled),2024-12-02,09:00\n").sessions
    assert not only.cancelled


def test_indico_writes_the_speakers_into_the_description() -> None:
    text = (
        "BEGIN:VCALENDAR\r\nPRODID:-//CERN//INDICO//EN\r\nBEGIN:VEVENT\r\nUID:{uid}@indico.example\r\n"
        "DTSTART:20261130T090000Z\r\nDTEND:20261130T093000Z\r\nSUMMARY:Beams\r\nLOCATION:40-S2-A01 (CERN)\r\n"
        "DESCRIPTION:Speakers: Ada Byron (Inst. of A\\, B)\\, Bob Roe\\n\\nAbout beams\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (only,) = read(text.format(uid="indico-contribution-7"), "x.ics").sessions
    assert (only.speakers, only.room) == (("Ada Byron", "Bob Roe"), "40-S2-A01 (CERN)")
    (other,) = read(text.format(uid="other-7"), "x.ics").sessions
    assert other.speakers == ()


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("sep=;\n", "line 3"),
        ("SEP=;\r\n", "line 3"),
        ('"sep=;"\r', "line 3"),
        ("sep=;;;;;\r\n", "line 3"),
        ("\ufeffsep=;\r\n\r\n", "line 4"),
    ],
)
def test_the_separator_that_excel_writes_above_the_header_is_obeyed(line: str, where: str) -> None:
    (only,) = read(f"{line}title;date;start\nA, B, C, D;2026-12-02;09:00\n").sessions
    assert (only.title, only.where) == ("A, B, C, D", where)


def test_the_reported_table_with_the_separator_above_its_header_is_read(shared_faults: Path) -> None:
    (only,) = read((shared_faults / "21h-sep.csv").read_bytes()).sessions
    assert (only.title, only.starts, only.room) == ("Talk", datetime(2026, 9, 7, 10), "A")


@pytest.mark.parametrize("text", ["sep=\t\nTITLE\tDATE\tSTART", "sep=\\t\nTITLE\tDATE\tSTART", "TITLE|DATE|START"])
def test_tabs_and_bars_separate_too(text: str) -> None:
    between = "|" if "|" in text else "\t"
    (only,) = read(f"{text}\n" + between.join(["A", "2026-12-02", "09:00"])).sessions
    assert only.title == "A"


STATES = """title,date,start,status,published,is_deleted
A,2026-09-07,10:00,Rejected,,
B,2026-09-07,10:00,withdrawn,,
C,2026-09-07,10:00,Draft,,
D,2026-09-07,10:00,accepted,no,
E,2026-09-07,10:00,accepted,yes,TRUE
F,2026-09-07,10:00,https://schema.org/EventCancelled,yes,0
G,2026-09-07,10:00,Annulé,,
H,2026-09-07,10:00,Decline_Queue,,
I,2026-09-07,10:00,pending,,
J,2026-09-07,10:00,Confirmed,yes,no
"""


def test_sessions_are_listed_or_cancelled_as_their_states_say() -> None:
    draft = read(STATES)
    assert [(row.title, row.cancelled) for row in draft.sessions] == [
        *[("B", True), ("F", True), ("G", True)],
        *[("I", False), ("J", False)],
    ]
    assert [remark.what for remark in draft.skipped] == [
        f"{title!r} has the state {state!r}, so it is not listed"
        for title, state in zip(
            "ACDEH", ["rejected", "draft", "not published", "deleted", "decline queue"], strict=True
        )
    ]
    assert [remark.what for remark in draft.warnings] == [
        "'B' has the state 'withdrawn': treated as cancelled",
        "states that are not known here: 'pending' (1): their sessions are treated as taking place, such as 'I'",
    ]


def test_states_of_a_catalog_in_json_and_of_sessionize_are_read_too() -> None:
    items = '[{"title": "A", "start": "2026-09-07T10:00:00Z", "isPublished": false}, '
    items += '{"title": "B", "start": "2026-09-07T10:00:00Z", "cancelled": true}]'
    draft = read(items, "x.json")
    assert [(row.title, row.cancelled) for row in draft.sessions] == [("B", True)]
    grid = '[{"rooms": [{"sessions": [{"title": "A", "startsAt": "2026-09-07T10:00:00", "status": "Declined"}]}]}]'
    assert [remark.what for remark in read(grid, "x.json").skipped] == [
        "'A' has the state 'declined', so it is not listed"
    ]


def test_the_reported_titles_about_cancelling_are_what_they_say(shared_faults: Path) -> None:
    draft = read((shared_faults / "14-cancelled-words.csv").read_bytes())
    assert [row.code for row in draft.sessions if row.cancelled] == ["C3", "C4", "C8", "C9", "D1", "D3", "D4"]


@pytest.mark.parametrize(
    ("length", "end", "minutes", "what"),
    [
        ("60", "10:00", 60, ""),
        ("3600", "10:00", 60, ""),
        ("1:30", "10:00", 60, "1 session has a duration and an end that contradict each other: the end is used"),
        ("soon", "10:00", 60, ""),
        ("45", "09:00", 45, ""),
    ],
)
def test_a_length_that_contradicts_the_end_is_said(length: str, end: str, minutes: int, what: str) -> None:
    draft = read(f"title,date,start,end,length\nA,2026-12-24,09:00,{end},{length}\n")
    assert draft.sessions[0].length == timedelta(minutes=minutes)
    assert [what in remark.what for remark in draft.warnings] == [True] * bool(what)
