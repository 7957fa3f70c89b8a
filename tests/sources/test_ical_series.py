"""Repeated events in calendars: every sitting on the days of the conference, once, at its newest time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.resolve import resolve_draft
from bot.sources import parse_draft
from bot.sources.ical.rules import BUDGET, ExpansionBudget, RuleError, read_rule
from tests.sources.calendars import BERLIN, calendar, remarks, reported, settled, times

STAND_UP = "SUMMARY:Stand-up\nUID:r\nDTSTART;TZID=Europe/Berlin:20260907T090000\nDTEND;TZID=Europe/Berlin:20260907T093000\nLOCATION:Hall A"
THREE = f"{STAND_UP}\nRRULE:FREQ=DAILY;COUNT=3"
MOVED = "SUMMARY:Stand-up\nUID:r\nDTSTART;TZID=Europe/Berlin:2026090{day}T110000\nDTEND;TZID=Europe/Berlin:2026090{day}T113000\nLOCATION:Hall B\nRECURRENCE-ID;TZID=Europe/Berlin:2026090{day}T090000"
MON, TUE, WED = (f"2026-09-0{day} 09:00-09:30 Hall A" for day in (7, 8, 9))
KEYNOTE = "SUMMARY:Keynote\nDTSTART:20260907T080000Z\nDTEND:20260907T090000Z"
CLOSING = "SUMMARY:Closing\nDTSTART:20260909T140000Z\nDTEND:20260909T150000Z"


def moved(day: int, more: str = "") -> str:
    return MOVED.format(day=day) + more


def shown(*parts: str) -> list[str]:
    return times(settled(calendar(*parts), BERLIN))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("RRULE:FREQ=DAILY;COUNT=3", [MON, TUE, WED]),
        ("RRULE:FREQ=DAILY;UNTIL=20260909T070000Z", [MON, TUE, WED]),
        ("RRULE:FREQ=DAILY;UNTIL=20260909", [MON, TUE, WED]),
        ("RRULE:FREQ=DAILY;UNTIL=20260909T090000", [MON, TUE, WED]),
        ("RRULE:COUNT=2;FREQ=daily;INTERVAL=2", [MON, WED]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=2;WKST=SU", [MON, WED]),
        ("RDATE;TZID=Europe/Berlin:20260908T090000,20260909T090000", [MON, TUE, WED]),
        ("RDATE:20260908T070000Z\nRDATE:20260909T070000Z", [MON, TUE, WED]),
        ("RDATE;VALUE=DATE:20260909", [MON, WED]),
        ("RDATE;VALUE=PERIOD:20260908T070000Z/PT30M,20260909T070000Z/20260909T080000Z", [MON, TUE, WED.replace("09:30", "10:00")]),
        ("RRULE:FREQ=DAILY;COUNT=2\nRDATE:20260909T070000Z", [MON, TUE, WED]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260907T090000", [TUE, WED]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260907T070000Z", [TUE, WED]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260908,20260909", [MON]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260908T090000", [MON, WED]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/London:20260908T080000", [MON, WED]),
    ],
)  # fmt: skip
def test_every_sitting_is_there_and_none_that_is_struck_out(rule: str, expected: list[str]) -> None:
    made = settled(calendar(f"{STAND_UP}\n{rule}"), BERLIN)
    assert (times(made), remarks(made)) == (expected, [])


def test_a_series_stays_at_its_clock_time_and_ends_by_the_clock_when_the_clocks_change() -> None:
    party = "SUMMARY:Party\nDTSTART;TZID=Europe/Berlin:20261023T230000\nDTEND;TZID=Europe/Berlin:20261024T040000\nRRULE:FREQ=DAILY;COUNT=3"
    made = settled(calendar(party), BERLIN)
    assert times(made) == [f"2026-10-{day} 23:00-04:00" for day in (23, 24, 25)]
    assert [session.length.total_seconds() / 3600 for session in made.schedule.sessions] == [5, 6, 5]


def test_a_series_without_a_zone_follows_the_conference() -> None:
    floating = THREE.replace(";TZID=Europe/Berlin", "")
    assert shown(floating, moved(8).replace(";TZID=Europe/Berlin", "")) == [
        MON,
        "2026-09-08 11:00-11:30 Hall B",
        WED,
    ]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (moved(7), ["2026-09-07 11:00-11:30 Hall B", TUE, WED]),
        (moved(8), [MON, "2026-09-08 11:00-11:30 Hall B", WED]),
        (moved(8, "\nSTATUS:CANCELLED"), [MON, "2026-09-08 11:00-11:30 cancelled Hall B", WED]),
        (moved(8).replace(";TZID=Europe/Berlin:20260908T090000", ":20260908T070000Z"), [MON, "2026-09-08 11:00-11:30 Hall B", WED]),
        (moved(8).replace("RECURRENCE-ID;TZID=Europe/Berlin:20260908T090000", "RECURRENCE-ID;VALUE=DATE:20260908"), [MON, "2026-09-08 11:00-11:30 Hall B", WED]),
        (moved(8).replace("RECURRENCE-ID;TZID=Europe/Berlin:20260908T090000", "RECURRENCE-ID;TZID=Europe/London:20260908T080000"), [MON, "2026-09-08 11:00-11:30 Hall B", WED]),
        (moved(8).replace("20260908T11", "20260910T11"), [MON, WED, "2026-09-10 11:00-11:30 Hall B"]),
        (moved(8).replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE"), [MON, "2026-09-08 11:00-11:30 Hall B", "2026-09-09 11:00-11:30 Hall B"]),
        ("SUMMARY:\nUID:r\nDTSTART:20260907T070000Z\nRECURRENCE-ID:20260907T070000Z\nSTATUS:CANCELLED", ["2026-09-07 09:00-09:00 cancelled", TUE, WED]),
    ],
)  # fmt: skip
def test_a_changed_sitting_stands_in_the_place_of_the_one_of_the_rule(
    first: bool, changed: str, expected: list[str]
) -> None:
    assert shown(*((changed, THREE) if first else (THREE, changed))) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nSEQUENCE:1", "\nSEQUENCE:2"),
        ("", "\nSEQUENCE:1"),
        ("\nDTSTAMP:20260101T000000Z", "\nDTSTAMP:20260102T000000Z"),
        ("\nSEQUENCE:3\nLAST-MODIFIED:20260101T000000Z", "\nSEQUENCE:3\nLAST-MODIFIED:20260101T000001Z"),
    ],
)
@pytest.mark.parametrize("turned", [True, False])
def test_of_two_versions_of_a_sitting_or_an_event_the_newer_stands(old: str, new: str, turned: bool) -> None:
    third = moved(8).replace("T11", "T15").replace("T113000", "T153000").replace("Hall B", "Hall C")
    versions = [moved(8, old), third + new]
    made = settled(calendar(THREE, *(versions[::-1] if turned else versions)), BERLIN)
    assert times(made) == [MON, "2026-09-08 15:00-15:30 Hall C", WED]
    assert "older version of the event" in remarks(made)[0]
    single = [STAND_UP + old, STAND_UP.replace("T09", "T10") + new]
    made = settled(calendar(*(single[::-1] if turned else single)), BERLIN)
    assert times(made) == ["2026-09-07 10:00-10:30 Hall A"]
    assert ["older version of the event" in remark for remark in remarks(made)] == [True]


def test_talks_that_share_nothing_but_their_id_and_a_clock_in_the_stamps_all_stay() -> None:
    talks = [
        f"SUMMARY:Talk {n}\nUID:same\nDTSTART:2026090{n}T080000Z\nDTEND:2026090{n}T090000Z\nDTSTAMP:20260101T00000{n}Z"
        for n in (7, 8, 9)
    ]
    assert len(settled(calendar(*talks), BERLIN).schedule.sessions) == 3


def test_a_changed_sitting_of_a_single_event_stands_for_it() -> None:
    assert shown(STAND_UP, moved(7)) == ["2026-09-07 11:00-11:30 Hall B"]
    assert shown(STAND_UP, moved(8)) == [MON, "2026-09-08 11:00-11:30 Hall B"]
    assert shown(moved(8)) == ["2026-09-08 11:00-11:30 Hall B"]


def test_a_moved_sitting_keeps_its_id_and_its_code() -> None:
    before = settled(calendar(THREE), BERLIN)
    assert [session.id for session in before.schedule.sessions] == [
        f"r/2026-09-0{day} 07:00:00+00:00" for day in (7, 8, 9)
    ]
    draft = parse_draft(calendar(THREE, moved(8).replace("20260908T11", "20260907T08")), "a.ics")
    after = resolve_draft(draft, "x", BERLIN, (), before.schedule)
    codes = {session.id: session.code for session in before.schedule.sessions}
    assert {session.id: session.code for session in after.schedule.sessions} == codes
    assert after.schedule.by_id["r/2026-09-08 07:00:00+00:00"].starts_at == datetime(2026, 9, 7, 6, tzinfo=UTC)


def test_a_series_that_goes_on_is_taken_on_the_days_of_the_conference() -> None:
    coffee = STAND_UP.replace("2026", "2023") + "\nRRULE:FREQ=DAILY"
    made = settled(calendar(coffee, KEYNOTE, CLOSING), BERLIN)
    assert [line for line in times(made) if "Hall A" in line] == [MON, TUE, WED]
    assert remarks(made) == [
        "'Stand-up' repeats on other days too than those of the conference (2026-09-07 to 2026-09-09): 3 sittings from 2026-09-07 09:00 to 2026-09-09 09:00 are imported"
    ]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"],
)
def test_a_series_on_other_days_is_left_out_and_reported(rule: str) -> None:
    board = STAND_UP.replace("20260907", "20230104") + f"\nRRULE:{rule}"
    made = settled(calendar(board, KEYNOTE.replace("07T", "08T"), CLOSING), BERLIN)
    assert len(times(made)) == 2
    assert remarks(made) == [
        "skipped: 'Stand-up' repeats, but not on the days of the conference (2026-09-08 to 2026-09-09)"
    ]


def test_the_stated_first_day_of_a_long_series_counts_where_it_is_near() -> None:
    made = settled(calendar(STAND_UP + "\nRRULE:FREQ=DAILY", KEYNOTE.replace("07T", "08T"), CLOSING), BERLIN)
    assert [line for line in times(made) if "Hall A" in line] == [MON, TUE, WED]


def test_a_series_alone_is_followed_for_a_year_after_the_file_was_written() -> None:
    board = "SUMMARY:Board\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Europe/Berlin:20230102T200000\nDURATION:PT2H\nRRULE:FREQ=MONTHLY;BYDAY=1MO"
    made = settled(calendar(board), BERLIN)
    assert (len(times(made)), "2026-09-07 20:00-22:00" in times(made)) == (12, True)
    assert remarks(made) == [
        "'Board' repeats for long, and no other session says when the conference is: 12 sittings from 2026-01-05 20:00 to 2026-12-07 20:00 are imported"
    ]


def test_every_sitting_struck_out_is_reported() -> None:
    made = parse_draft(calendar(STAND_UP + "\nEXDATE;TZID=Europe/Berlin:20260907T090000"), "a.ics")
    assert (made.sessions, [remark.what for remark in made.skipped]) == (
        [],
        ["every sitting of 'Stand-up' is struck out (EXDATE)"],
    )


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=SECONDLY", "it would repeat every minute or more often"),
        ("FREQ=MINUTELY;COUNT=5", "it would repeat every minute or more often"),
        ("FREQ=HOURLY;BYMINUTE=0,5", "it would repeat more than 24 times a day"),
        ("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=" + ",".join(map(str, range(60))), "it would repeat more than 24 times a day"),
        ("FREQ=HOURLY;BYDAY=MO", "to follow its rule would take too long"),
        ("FREQ=DAILY;INTERVAL=0", "its rule cannot be read"),
        ("FREQ=DAILY;INTERVAL=-1", "its rule cannot be read"),
        ("FREQ=DAILY;INTERVAL=999999999999", "its rule cannot be read"),
        ("FREQ=DAILY;COUNT=x", "its rule cannot be read"),
        ("FREQ=DAILY;UNTIL=soon", "its rule cannot be read"),
        ("FREQ=DAILY;UNTIL=20250101", "its rule ends before it starts"),
        ("FREQ=DAILY;BYDAY=XX;COUNT=2", "its rule cannot be read"),
        ("FREQ=DAILY;BYHOUR=99", "its rule cannot be read"),
        ("FREQ=FORTNIGHTLY", "its rule cannot be read"),
        ("FREQ=DAILY;BYEASTER=1", "its rule cannot be read"),
        ("NONSENSE", "its rule cannot be read"),
        ("FREQ=WEEKLY;BYDAY=" + "MO," * 2000, "its rule is too long"),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_followed_leaves_the_first_sitting_and_says_why(rule: str, reason: str) -> None:
    made = settled(calendar(f"{STAND_UP}\nRRULE:{rule}"), BERLIN)
    assert times(made) == [MON]
    assert remarks(made)[0] == f"'Stand-up' repeats, but {reason}: only 2026-09-07 09:00 is imported"


def test_endless_rules_have_an_end() -> None:
    hourly = settled(calendar(STAND_UP + "\nRRULE:FREQ=HOURLY", KEYNOTE, CLOSING), BERLIN)
    assert len(hourly.schedule.sessions) == 2 + 24 * 3 - 9
    years = settled(calendar(STAND_UP + "\nRRULE:FREQ=DAILY;COUNT=999999999"), BERLIN)
    assert len(years.schedule.sessions) == 60
    assert "more than 60 sittings: 60 sittings from 2026-09-07 09:00" in remarks(years)[0]


def test_rules_without_any_time_cost_no_more_than_the_budget_of_a_file() -> None:
    start = datetime(2026, 9, 7, 9)
    barren, weekly = (
        read_rule(rule, start, None) for rule in ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=MO,TU")
    )
    spent = ExpansionBudget(barren.cost(start) + 1)
    spent.spend(barren.cost(start))
    with pytest.raises(RuleError, match="too long"):
        spent.spend(barren.cost(start))
    assert (BUDGET // barren.cost(start), weekly.cost(start)) == (3, 106)
    events = [
        f"SUMMARY:Talk {n}\nDTSTART:20260907T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1"
        for n in range(60)
    ]
    made = parse_draft(calendar(*events), "a.ics")
    assert (len(made.sessions), sum("too long" in remark.what for remark in made.warnings) > 50) == (60, True)


def test_a_series_in_utc_is_taken_on_the_days_that_people_have() -> None:
    evening = "SUMMARY:Party\nDTSTART;TZID=America/Los_Angeles:20260909T190000\nDURATION:PT2H"
    morning = "SUMMARY:Coffee\nUID:c\nDTSTART:20230101T070000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    made = settled(calendar(morning, evening), "America/Los_Angeles")
    assert times(made) == ["2026-09-09 00:00-01:00", "2026-09-09 19:00-21:00"]


def test_a_changed_sitting_that_is_struck_out_is_reported() -> None:
    made = settled(calendar(THREE + "\nEXDATE:20260908T070000Z", moved(8)), BERLIN)
    assert (times(made), remarks(made)) == (
        [MON, WED],
        ["skipped: 'Stand-up' is changed, and struck out (EXDATE): left out"],
    )


def test_more_sittings_than_any_conference_has_are_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sources.ical.sittings.MOST_SESSIONS", 8)
    assert len(parse_draft(calendar(THREE, THREE.replace("UID:r", "UID:s"), KEYNOTE), "a.ics").sessions) == 7
    with pytest.raises(ScheduleImportError) as caught:
        parse_draft(calendar(THREE, THREE.replace("UID:r", "UID:s"), THREE.replace("UID:r", "UID:t")), "a.ics")
    assert str(caught.value) == "a.ics: its events have more than 8 sittings, the limit for a conference: split it."


def test_two_conferences_in_one_calendar_have_their_own_days() -> None:
    spring = [KEYNOTE.replace("202609", "202603"), CLOSING.replace("202609", "202603")]
    coffee = STAND_UP.replace("2026", "2023") + "\nRRULE:FREQ=DAILY"
    found = [line[:10] for line in shown(coffee, KEYNOTE, CLOSING, *spring) if "Hall A" in line]
    assert found == [f"2026-{month}-{day}" for month in ("03", "09") for day in ("07", "08", "09")]


def test_only_the_last_year_of_conference_days_is_looked_at() -> None:
    monthly = [
        f"SUMMARY:Talk {n}\nDTSTART:{2000 + n // 12}{n % 12 + 1:02}01T080000Z\nDURATION:PT1H" for n in range(12 * 26)
    ]
    weekly = [
        f"SUMMARY:Talk\nUID:t{n}\nDTSTART:{datetime(2020, 1, 6) + timedelta(days=3 * n):%Y%m%d}T080000Z\nDURATION:PT1H"
        for n in range(800)
    ]
    coffee = STAND_UP.replace("2026", "1999") + "\nRRULE:FREQ=DAILY;BYHOUR=9"
    assert len([line for line in shown(coffee, *monthly) if "Hall A" in line]) == 200
    days = [line[:10] for line in shown(coffee, *weekly) if "Hall A" in line]
    last = datetime(2020, 1, 6) + timedelta(days=3 * 799)
    assert (days[0], days[-1], len(days)) == (f"{last - timedelta(days=199):%Y-%m-%d}", f"{last:%Y-%m-%d}", 200)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("EXRULE:FREQ=DAILY;COUNT=1", "the rule of its exceptions (EXRULE) is not followed"),
        ("RDATE:soon", "the RDATE 'soon' cannot be read"),
        ("RDATE:99990101T000000Z", "the RDATE '99990101T000000Z' cannot be read"),
        ("EXDATE:never", "the EXDATE 'never' cannot be read"),
    ],
)
def test_what_cannot_be_read_in_a_series_is_reported(more: str, reason: str) -> None:
    made = settled(calendar(f"{THREE}\n{more}"), BERLIN)
    assert times(made) == [MON, TUE, WED]
    assert remarks(made) == [
        f"'Stand-up' repeats, but {reason}: 3 sittings from 2026-09-07 09:00 to 2026-09-09 09:00 are imported"
    ]


def test_a_changed_sitting_without_its_series_stands_alone() -> None:
    alone = moved(8).replace("RECURRENCE-ID;TZID=Europe/Berlin:20260908T090000", "RECURRENCE-ID;VALUE=DATE:20260908")
    made = settled(calendar(alone), BERLIN)
    assert [session.id for session in made.schedule.sessions] == ["r/2026-09-08"]
    unreadable = settled(calendar(KEYNOTE, moved(8).replace("0908T09", "9908T09")), BERLIN)
    assert remarks(unreadable) == ["skipped: 'Stand-up' has no RECURRENCE-ID that can be read ('20269908T090000')"]


def test_tentative_events_are_taken_and_reported() -> None:
    made = settled(calendar(f"{STAND_UP}\nSTATUS:TENTATIVE"), BERLIN)
    assert (times(made), remarks(made)) == (
        [MON],
        ["1 event is tentative: treated as taking place, such as 'Stand-up'"],
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("02a-rrule-count.ics", [MON, TUE, WED]),
        ("02b-override-first.ics", ["2026-09-07 11:00-11:30 Hall B", TUE, WED]),
        ("02c-override-second.ics", [MON, "2026-09-08 11:00-11:30 Hall B", WED]),
        ("02d-exdate-first.ics", [TUE, WED]),
        ("02e-override-cancelled.ics", ["2026-09-07 09:00-09:30 cancelled Hall A", TUE, WED]),
        ("02g-rdate.ics", [f"2026-09-0{day} 17:00-18:00 Hall A" for day in (7, 8, 9)]),
    ],
)
def test_the_reported_files_have_every_sitting_once(name: str, expected: list[str]) -> None:
    assert times(reported(name, BERLIN)) == expected


def test_the_reported_board_meets_on_the_conferences_monday() -> None:
    assert "2026-09-07 20:00-22:00 Hall A" in times(reported("02h-rrule-started-years-ago.ics", BERLIN))
