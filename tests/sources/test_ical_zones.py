"""Time zones in calendars: whatever a TZID is called, people get the hour that was meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ScheduleImportError
from bot.sources import parse_draft
from bot.sources.ical.rules import ExpansionBudget
from bot.sources.ical.vtimezone import ZoneDefinitionError, read_zone
from tests.sources.calendars import BERLIN, CHICAGO, calendar, remarks, reported, settled, times


def zone(tzid: str, *parts: str) -> str:
    return "\n".join(["BEGIN:VTIMEZONE", f"TZID:{tzid}", *parts, "END:VTIMEZONE"])


def part(name: str, before: str, after: str, rule: str = "", start: str = "16010101T020000") -> str:
    lines = [f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", *([rule] if rule else [])]
    return "\n".join([f"BEGIN:{name}", *lines, f"END:{name}"])


EASTERN = (
    part("STANDARD", "-0400", "-0500", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11"),
    part("DAYLIGHT", "-0500", "-0400", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3"),
)
CENTRAL_EUROPE = (
    part("STANDARD", "+0200", "+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "19701025T030000"),
    part("DAYLIGHT", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "19700329T020000"),
)
NOWHERE = zone("Nirgendwo/Testheim", part("STANDARD", "+0300", "+0300", start="19700101T000000"))


def talk(tzid: str, start: str = "20260908T140000") -> str:
    quoted = f'"{tzid}"' if ":" in tzid and '"' not in tzid and not tzid.startswith("(") else tzid
    return f"SUMMARY:A\nDTSTART;TZID={quoted}:{start}\nDURATION:PT30M"


@pytest.mark.parametrize("parts", [(NOWHERE, talk("Nirgendwo/Testheim")), (talk("Nirgendwo/Testheim"), NOWHERE)])
def test_a_zone_that_only_the_file_knows_is_read_from_its_vtimezone_before_or_behind_the_events(
    parts: tuple[str, ...],
) -> None:
    made = settled(calendar(*parts), CHICAGO)
    assert times(made) == ["2026-09-08 06:00-06:30"]
    assert remarks(made) == [
        "TZID 'Nirgendwo/Testheim' is read from the file's VTIMEZONE (1 session): 14:00 is 06:00 in America/Chicago"
    ]


@pytest.mark.parametrize(
    "tzid",
    ["Customized Time Zone", "(UTC-05:00) Eastern Time (US & Canada)", "Eastern Standard Time 1", "EST", "CEST"],
)
@pytest.mark.parametrize(("start", "shown"), [("20260908T140000", "13:00-13:30"), ("20260108T140000", "13:00-13:30")])
def test_outlooks_names_are_read_from_the_vtimezone_in_summer_and_winter(tzid: str, start: str, shown: str) -> None:
    made = settled(calendar(zone(tzid, *EASTERN), talk(tzid, start)), CHICAGO)
    assert [line[11:] for line in times(made)] == [shown]
    assert remarks(made) == [
        f"TZID {tzid!r} is read from the file's VTIMEZONE (1 session): 14:00 is 13:00 in America/Chicago"
    ]


@pytest.mark.parametrize(
    ("tzid", "shown"),
    [
        ("Eastern Standard Time", "13:00"),
        ("eastern standard time", "13:00"),
        ("W. Europe Standard Time", "07:00"),
        ("europe/berlin", "07:00"),
        ("EUROPE/BERLIN", "07:00"),
        ("America/New York", "13:00"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "07:00"),
        ("/softwarestudio.org/Olson_20011030_5/America/New_York", "13:00"),
        ("/mozilla.org/20050126_1/America/Argentina/Salta", "12:00"),
        ("tzone://Microsoft/Utc", "09:00"),
        ("Etc/UTC", "09:00"),
        ("utc", "09:00"),
        ("CET", "07:00"),
        ("EST5EDT", "13:00"),
    ],
)
def test_names_in_every_spelling_are_understood_without_a_guess(tzid: str, shown: str) -> None:
    made = settled(calendar(talk(tzid)), CHICAGO)
    assert (times(made)[0][11:16], remarks(made)) == (shown, [])


@pytest.mark.parametrize(
    ("tzid", "shown", "guess"),
    [
        ("UTC+2", "07:00", "TZID 'UTC+2' is read as an offset from UTC (1 session): 14:00 is 07:00 in America/Chicago"),
        ("GMT-04:00", "13:00", "TZID 'GMT-04:00' is read as an offset from UTC (1 session): 14:00 is 13:00 in America/Chicago"),
        ("Eastern Standard Time 2", "13:00", "TZID 'Eastern Standard Time 2' is read as America/New_York (1 session): 14:00 is 13:00 in America/Chicago"),
        ("Factory", "14:00", "1 event has no time zone of its own that can be read (TZID 'Factory', 'A' at 2026-09-08 14:00): read as clock times in the conference's zone"),
        ("localtime", "14:00", "1 event has no time zone of its own that can be read (TZID 'localtime', 'A' at 2026-09-08 14:00): read as clock times in the conference's zone"),
        ("tzone://Microsoft/Custom", "14:00", "1 event has no time zone of its own that can be read (TZID 'tzone://Microsoft/Custom', 'A' at 2026-09-08 14:00): read as clock times in the conference's zone"),
        ("CDT", "14:00", None),
        ("CT", "14:00", None),
        ("CST", "14:00", "1 session in CST where America/Chicago has CDT: read as clock times of America/Chicago, such as 2026-09-08 14:00 CDT"),
    ],
)  # fmt: skip
def test_what_had_to_be_guessed_is_reported_with_a_sample(tzid: str, shown: str, guess: str | None) -> None:
    made = settled(calendar(talk(tzid)), CHICAGO)
    assert (times(made)[0][11:16], remarks(made)) == (shown, [guess] if guess else [])


@pytest.mark.parametrize("tzid", ["CEST", "EST", "JST", "cest"])
def test_an_abbreviation_of_another_zone_is_asked_about_in_one_sentence(tzid: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        settled(calendar(talk(tzid)), CHICAGO)
    assert str(caught.value) == (
        f"small.ics, line 3: 'A' starts at 14:00 {tzid.upper()}, but the conference's zone America/Chicago has CDT then: "
        "give the zone that is meant with --zone, or write an IANA name such as Europe/Berlin into the file."
    )


def test_an_abbreviation_of_the_conferences_zone_is_its_clock_time() -> None:
    made = settled(calendar(talk("CEST")), BERLIN)
    assert (times(made), remarks(made)) == (["2026-09-08 14:00-14:30"], [])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("20260908T140000-0400", "13:00"),
        ("20260908T140000+0300", "06:00"),
        ("20260908T140000+03", "06:00"),
        ("2026-09-08T14:00:00-04:00", "13:00"),
        ("2026-09-08 14:00+03:00", "06:00"),
        ("20260908T140000.000Z", "09:00"),
        ("20260908T140000z", "09:00"),
        ("20260908T1400Z", "09:00"),
    ],
)
def test_an_offset_in_the_value_is_an_instant(value: str, shown: str) -> None:
    made = settled(calendar(f"SUMMARY:A\nDTSTART:{value}\nDURATION:PT30M"), CHICAGO)
    assert times(made) == [f"2026-09-08 {shown}-{shown[:3]}30"]


@pytest.mark.parametrize(
    "value", ["20260908T140000+9900", "20260908T146100", "20260908T300000", "20261308T140000", "soon"]
)
def test_a_time_that_is_none_is_skipped_and_the_rest_is_taken(value: str) -> None:
    made = settled(calendar(f"SUMMARY:A\nDTSTART:{value}", talk("UTC")), CHICAGO)
    assert remarks(made) == [f"skipped: 'A' has no time that can be read ({value!r})"]
    assert times(made) == ["2026-09-08 09:00-09:30"]


def test_a_definition_that_contradicts_a_known_zone_is_reported() -> None:
    wrong = zone(BERLIN, part("STANDARD", "+0100", "+0100", start="19700101T000000"))
    made = settled(calendar(talk(BERLIN), wrong), BERLIN)
    assert times(made) == ["2026-09-08 14:00-14:30"]
    assert remarks(made) == [
        "1 event starts while the file's VTIMEZONE for 'Europe/Berlin' contradicts Europe/Berlin: 2026-09-08 14:00 is +0200 in Europe/Berlin, which is used, and +0100 in the file"
    ]


@pytest.mark.parametrize(
    ("stated", "tzid", "zone_", "expected"),
    [
        ("W. Europe Standard Time", "", BERLIN, []),
        ("europe/berlin", "", BERLIN, []),
        ("Somewhere", BERLIN, BERLIN, ["the file says that its time zone is 'Somewhere', which does not exist: Europe/Berlin, which its events name, is used"]),
        ("UTC", BERLIN, BERLIN, []),
    ],
)  # fmt: skip
def test_the_zone_of_the_whole_file_is_read_alike(stated: str, tzid: str, zone_: str, expected: list[str]) -> None:
    starts = f"DTSTART;TZID={tzid}:20260908T140000" if tzid else "DTSTART:20260908T140000Z"
    draft = parse_draft(calendar(f"X-WR-TIMEZONE:{stated}", f"SUMMARY:A\n{starts}"), "a.ics")
    assert (draft.zone, [remark.what for remark in draft.warnings]) == (zone_, expected)


@pytest.mark.parametrize(
    ("tzid", "lines", "length"),
    [
        ("Europe/Berlin", "DTEND;TZID=Europe/Berlin:20261025T040000", 6),
        ("", "DTEND:20261025T040000", 6),
        ("CEST", "DTEND;TZID=CEST:20261025T040000", 6),
        ("Europe/Berlin", "DURATION:PT5H", 5),
        ("Europe/Berlin", "DTEND:20261025T040000Z", 7),
        ("Mittel-Europa", "DTEND;TZID=Mittel-Europa:20261025T040000", 6),
    ],
)
def test_a_party_until_four_lasts_an_hour_longer_when_the_clocks_go_back(tzid: str, lines: str, length: int) -> None:
    start = f"DTSTART;TZID={tzid}:20261024T230000" if tzid else "DTSTART:20261024T230000"
    made = settled(calendar(zone("Mittel-Europa", *CENTRAL_EUROPE), f"SUMMARY:Party\n{start}\n{lines}"), BERLIN)
    assert [session.length for session in made.schedule.sessions] == [timedelta(hours=length)]


def test_an_hour_that_does_not_exist_gives_no_negative_length() -> None:
    made = settled(
        calendar(f"SUMMARY:A\nDTSTART;TZID={BERLIN}:20260329T023000\nDTEND;TZID={BERLIN}:20260329T030000"), BERLIN
    )
    assert times(made) == ["2026-03-29 03:30-04:00"]


def test_a_definition_may_list_each_change_and_hold_from_the_first_one_on() -> None:
    listed = [
        part("STANDARD", "+0200", "+0100", "RDATE:20261025T010000Z,20271031T030000", "20251026T030000"),
        part("DAYLIGHT", "+0100", "+0200", "RDATE:20260329T020000", "20250330T020000"),
    ]
    starts = {"20241201T140000": "+0100", "20260908T140000": "+0200", "20261108T140000": "+0100"}
    draft = parse_draft(calendar(zone("Mine", *listed), *(talk("Mine", start) for start in starts)), "a.ics")
    assert [f"{row.starts:%z}" for row in draft.sessions] == list(starts.values())


def test_times_in_the_hour_that_exists_twice_are_no_fault() -> None:
    turned = f"SUMMARY:A\nDTSTART;TZID={BERLIN}:20261025T024500\nDTEND;TZID={BERLIN}:20261025T021500"
    made = settled(calendar(turned), BERLIN)
    assert [session.length for session in made.schedule.sessions] == [timedelta(minutes=30)]
    assert len(parse_draft(calendar(turned.replace("1025", "1024")), "a.ics").impossible) == 1


def test_thousands_of_zone_names_are_one_remark() -> None:
    made = settled(calendar(*(talk(f"Zone {n}") for n in range(150))), CHICAGO)
    assert (len(times(made)), len(remarks(made))) == (150, 101)
    assert "TZID 'and more than 100 others'" in remarks(made)[-1]


@given(st.datetimes(datetime(1996, 1, 1), datetime(2100, 12, 31)), st.sampled_from([0, 1]))
def test_a_defined_zone_is_the_zone_it_describes(moment: datetime, fold: int) -> None:
    defined = read_zone("Mine", "\n".join(CENTRAL_EUROPE).split("\n"), ExpansionBudget())
    berlin = ZoneInfo(BERLIN)
    assert defined.utcoffset(moment.replace(fold=fold)) == moment.replace(fold=fold, tzinfo=berlin).utcoffset()
    mine, right = (moment.replace(tzinfo=UTC).astimezone(tz) for tz in (defined, berlin))
    assert (mine.replace(tzinfo=None), mine.fold) == (right.replace(tzinfo=None), right.fold)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [part("STANDARD", "+0100", "+9900")],
        [part("STANDARD", "+0100", "never")],
        [part("STANDARD", "+0100", "+0100", start="20260101")],
        [part("STANDARD", "+0100", "+0200", "RRULE:FREQ=DAILY")],
        [part("STANDARD", "+0100", "+0200", "RRULE:FREQ=SECONDLY")],
        [part("STANDARD", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")] * 250,
        [part("STANDARD", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")] * 150,
        [part("STANDARD", "+0100", "+0200", start="00010101T000000")],
        ["X:y"] * 5000,
    ],
)
def test_a_definition_that_is_none_is_left_aside_at_once(lines: list[str]) -> None:
    with pytest.raises(ZoneDefinitionError):
        read_zone("Mine", "\n".join(lines).split("\n"), ExpansionBudget(20_000))
    made = settled(calendar(zone("Mine", *lines), talk("Mine")), CHICAGO)
    assert (times(made)[0][11:16], "TZID 'Mine'" in remarks(made)[0]) == ("14:00", True)


@pytest.mark.parametrize(
    ("name", "zone_", "expected"),
    [
        ("01a-windows-zone.ics", CHICAGO, "2026-09-08 13:00-13:30 Hall A"),
        ("01b-windows-zone-no-vtimezone.ics", CHICAGO, "2026-09-08 13:00-13:30 Hall A"),
        ("01c-custom-zone.ics", CHICAGO, "2026-09-08 13:00-13:30 Hall A"),
        ("01d-display-name-zone.ics", CHICAGO, "2026-09-08 13:00-13:30 Hall A"),
        ("01e-numbered-zone.ics", CHICAGO, "2026-09-08 13:00-13:30 Hall A"),
        ("01f-w-europe.ics", CHICAGO, "2026-09-08 07:00-07:30 Hall A"),
        ("01h-unknown-with-fixed-offset.ics", CHICAGO, "2026-09-08 06:00-06:30 Hall A"),
        ("01j-offset-in-value.ics", CHICAGO, "2026-09-08 13:00-13:30 Hall A"),
        ("01m-est-abbrev.ics", BERLIN, "2026-09-08 14:00-14:30 Hall A"),
        ("24-tzid-08.ics", CHICAGO, "2026-09-07 05:00-06:00 Hall A"),
        ("24-tzid-17.ics", CHICAGO, "2026-09-07 03:00-04:00 Hall A"),
    ],
)
def test_the_reported_files_have_the_right_hour(name: str, zone_: str, expected: str) -> None:
    assert times(reported(name, zone_)) == [expected]
