"""iCalendar: its oddities in miniature."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, Remark
from bot.sources import parse_draft


def calendar(*events: str, head: str = "X-WR-CALNAME:Tiny\\, or so", fold: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", *head.split("\n")]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", *(() if "UID" in event else (f"UID:u{number}",)), *event.split("\n"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", fold]).encode()


def read(*events: str, head: str = "X-WR-CALNAME:Tiny\\, or so") -> Draft:
    return parse_draft(calendar(*events, head=head), "tiny.ics")


NINE = "SUMMARY:Nine\nDTSTART:20260324T080000Z\n"
AT = datetime(2026, 3, 24, 8, tzinfo=UTC)


def test_what_sched_writes() -> None:
    event = "DTSTART:20260324T080000Z\nDTEND:20260324T090000Z\nSUMMARY:AT&amp\\;T&nbsp\\;Day\nDESCRIPTION:<p>One</p>Two\nCATEGORIES:KEYNOTE,OTHER\nLOCATION:Hall 8 | Room E\\, Amsterdam\nUID:abc\nSEQUENCE:0"
    draft = read(event, head="X-WR-CALNAME:kubecon\nX-WR-TIMEZONE:UTC")
    (only,) = draft.sessions
    assert (draft.format, draft.title, draft.zone, draft.warnings) == ("ical", "kubecon", "UTC", [])
    assert (only.where, only.title, only.starts, only.length, only.uid) == (
        "line 4",
        "AT&T Day",
        AT,
        timedelta(hours=1),
        "abc",
    )
    assert (only.location, only.track, only.abstract) == ("Hall 8 | Room E, Amsterdam", "KEYNOTE; OTHER", "One\nTwo")


def test_what_pretalx_writes() -> None:
    (only,) = read(
        NINE.replace("Nine", "Boats - and ships - Ada\\, Bob") + "UID:pretalx-democon-G9JGWY@pretalx.com"
    ).sessions
    assert (only.title, only.speakers, only.code) == ("Boats - and ships", ("Ada", "Bob"), "G9JGWY")


def test_a_line_folded_inside_a_character_is_one_line() -> None:
    data = calendar(NINE.replace("Nine", "Café"))
    assert "é".encode() in data
    folded = data.replace("é".encode(), b"\xc3\r\n \xa9")
    assert [row.title for row in parse_draft(folded, "a").sessions] == ["Café"]


@pytest.mark.parametrize(
    ("starts", "expected", "zone"),
    [
        ("DTSTART;TZID=Europe/Amsterdam:20260324T090000", AT, "Europe/Amsterdam"),
        ("DTSTART;VALUE=DATE-TIME;TZID=Europe/Amsterdam:20260324T090000", AT, "Europe/Amsterdam"),
        ('DTSTART;TZID="W. Europe Standard Time":20260324T090000', AT, "Europe/Berlin"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260324T090000", AT, "Europe/Berlin"),
        ("DTSTART;TZID=Europe/Amsterdam:20260324T080000Z", AT, ""),
        ("DTSTART;TZID=Berlin time:20260324T090000", AT, "Europe/Berlin"),
        ("DTSTART;TZID=Mars:20260324T090000", datetime(2026, 3, 24, 9), ""),
        ("DTSTART;TZID=Europe:20260324T090000", datetime(2026, 3, 24, 9), ""),
        ("DTSTART:20260324T090000", datetime(2026, 3, 24, 9), ""),
        ("DTSTART:20260324T240000", datetime(2026, 3, 25), ""),
        ("DTSTART:2026-03-24T08:00:00Z", AT, ""),
    ],
)
def test_times_in_every_spelling(starts: str, expected: datetime, zone: str) -> None:
    own = "BEGIN:VTIMEZONE\nTZID:Berlin time\nX-LIC-LOCATION:Europe/Berlin\nEND:VTIMEZONE"
    draft = read(f"SUMMARY:A\n{starts}", head=own)
    assert ([row.starts for row in draft.sessions], draft.zone) == ([expected], zone)
    naive = expected.tzinfo is None
    assert ["no time zone of its own" in remark.what for remark in draft.warnings] == [True] * naive


def test_the_nights_on_which_the_clocks_change_are_told() -> None:
    draft = read("SUMMARY:A\nDTSTART;TZID=Europe/Berlin:20260329T023000\nDURATION:PT1H")
    (only,) = draft.sessions
    assert (only.starts, only.length) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), timedelta(hours=1))
    assert "does not exist in Europe/Berlin" in draft.warnings[0].what


def test_ends_lengths_states_and_rules() -> None:
    draft = read(
        NINE + "DTEND:20260324T080000Z",
        NINE.replace("T08", "T23") + "DTEND:20260324T003000Z",
        NINE + "STATUS:CANCELLED\nDTEND:20260324T090000Z",
        NINE + "RRULE:FREQ=SECONDLY;COUNT=999999999\nDTEND:20260324T090000Z",
        NINE + "DTEND:20260324T070000Z",
        "SUMMARY:Whole\nDTSTART;VALUE=DATE:20260324",
        "SUMMARY:Far\nDTSTART:99990324T080000Z",
        "SUMMARY:Timeless",
        "DTSTART:20260324T080000Z",
    )
    assert [row.length for row in draft.sessions] == [
        timedelta(),
        timedelta(hours=1, minutes=30),
        *[timedelta(hours=1)] * 2,
    ]
    assert [row.cancelled for row in draft.sessions] == [False, False, True, False]
    assert [remark.what for remark in draft.impossible] == ["'Far' is in the year 9999", "'Nine' ends before it starts"]
    assert [remark.what for remark in draft.skipped] == [
        "'Whole' is an entry for whole days, without a time",
        "'Timeless' has no time that can be read ('')",
        "it has no title",
    ]
    assert [remark.what for remark in draft.warnings] == [
        "'Nine' repeats, but it would repeat every minute or more often: only 2026-03-24 08:00 is imported",
        "'Nine' ends before it starts: read as ending on the next day",
    ]


def test_sittings_of_one_uid_are_told_apart_by_their_recurrence() -> None:
    draft = read(NINE + "UID:a", NINE + "UID:a\nRECURRENCE-ID:20260324T080000Z")
    assert [row.uid for row in draft.sessions] == ["a/2026-03-24 08:00:00+00:00"]


def test_a_broken_event_is_skipped_and_the_rest_is_taken() -> None:
    data = calendar(NINE, NINE + "X:" + "y" * 300_000, NINE + "BEGIN:VALARM\n" * 60).replace(b"END:VEVENT", b"", 1)
    draft = parse_draft(data, "a.ics")
    assert draft.sessions == []
    assert draft.skipped == [
        Remark("line 3", "the event has no END:VEVENT"),
        Remark("line 9", "the event is larger than 256 KiB"),
        Remark("line 15", "the event has more than 50 parts"),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "a.ics: there is no event"),
        (calendar(NINE)[:-17], "a.ics: it has no END:VCALENDAR"),
        (calendar(NINE)[:-40], "a.ics, line 3: this event has no end"),
        (
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 50_001,
            "a.ics, line 100002: it has more than 50,000",
        ),
        (b"BEGIN:VCALENDAR\r\n\x00", "a.ics, line 2: a NUL byte"),
    ],
)
def test_what_is_no_calendar_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        parse_draft(data, "a.ics")
    assert str(caught.value).startswith(sentence)
