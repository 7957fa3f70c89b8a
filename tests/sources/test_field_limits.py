"""Fields of any length are read at once, cut, and reported with a short quotation."""

import json
from dataclasses import replace

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, Remark
from bot.domain.imports.resolve import resolve_draft
from bot.domain.quoting import brief
from bot.sources import parse_draft
from bot.sources.dates import span
from bot.sources.text import plain_html, read_affiliated_names, without_asides

A_DAY = {"date": "2026-01-31", "startTime": "09:00", "endTime": "10:00"}
LONG = 100_000


def catalog(**facts: object) -> Draft:
    return parse_draft(json.dumps([{"title": "A", "code": "A1", "id": "a", **A_DAY, **facts}]).encode(), "s.json")


def calendar(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", "")).encode()


def test_a_title_of_two_megabytes_is_cut_and_reported() -> None:
    draft = catalog(title="x" * 2_097_152)
    assert draft.sessions[0].title == "x" * 299 + "…"
    assert draft.warnings == [
        Remark("item 1", f"'{'x' * 99}…': the title was cut to 300 of 2,097,152 characters"),
    ]


@pytest.mark.parametrize(
    ("name", "field", "most"),
    [
        ("abstract", "abstract", 20_000),
        ("room", "room", 300),
        ("track", "track", 300),
        ("level", "level", 100),
        ("type", "kind", 200),
        ("language", "language", 40),
    ],
)
def test_each_field_has_a_longest_value(name: str, field: str, most: int) -> None:
    draft = catalog(**{name: "y" * LONG})
    assert len(getattr(draft.sessions[0], field)) == most
    assert f"the {field} was cut to {most:,} of 100,000 characters" in draft.warnings[0].what


def test_speakers_are_counted_and_their_names_cut() -> None:
    draft = catalog(speakers=[f"Person {number}" for number in range(2_000)])
    assert [len(draft.sessions[0].speakers), len(draft.warnings)] == [100, 1]
    assert [len(name) for name in catalog(speakers=["z" * LONG]).sessions[0].speakers] == [150]


def test_two_megabytes_of_empty_names_are_no_names() -> None:
    assert catalog(speakers=", " * 1_000_000).sessions[0].speakers == ()


def test_a_long_id_stays_the_same_id_and_a_long_code_is_replaced() -> None:
    first, again, other = (catalog(id=id_ * LONG, code="C" * LONG).sessions[0] for id_ in ("u", "u", "v"))
    assert first == again
    assert first.uid != other.uid
    assert (len(first.uid), first.code) == (53, "")
    settled = resolve_draft(Draft("f", "s", zone="UTC", sessions=[first]), "c", "", ()).schedule.sessions[0]
    assert settled.code.startswith("SES")


def test_the_facts_of_the_conference_are_cut_too() -> None:
    data = calendar("UID:a", "SUMMARY:A", "DTSTART:20260131T090000Z").replace(
        b"BEGIN:VEVENT", b"X-WR-CALNAME:" + b"n" * LONG + b"\r\nX-WR-TIMEZONE:" + b"z" * LONG + b"\r\nBEGIN:VEVENT"
    )
    draft = parse_draft(data, "s.ics")
    assert (len(draft.title), len(draft.zone)) == (200, 64)
    assert Remark("title", "the title of the conference was cut to 200 characters") in draft.warnings


def test_a_sentence_quotes_a_hundred_characters_and_keeps_its_remedy() -> None:
    quoted = brief(f"s.csv, line 3: {'x' * LONG!r} is no date: write it as 2026-01-31.")
    assert quoted == f"s.csv, line 3: '{'x' * 99}…' is no date: write it as 2026-01-31."
    assert brief(f"the code {'y' * LONG} is there twice: remove one").endswith("yyy is there twice: remove one")
    assert len(brief(f"{'it' * LONG!r} isn't and {chr(34) * LONG!r}" + "z" * LONG)) <= 610
    assert brief("don't change 'this' or \"that\"") == "don't change 'this' or \"that\""


@pytest.mark.parametrize("name", ["title", "date", "startTime", "endTime", "length", "room", "id", "code"])
def test_no_remark_and_no_error_repeats_a_long_field(name: str) -> None:
    sentences = []
    for text in ("q" * LONG, "1" * LONG, "'\"" * LONG):
        try:
            draft = catalog(**{name: text})
            settled = resolve_draft(draft, "c", "UTC", ())
        except ScheduleImportError as error:
            sentences.append(str(error))
        else:
            sentences += [
                text for remark in (*settled.skipped, *settled.warnings) for text in (remark.where, remark.what)
            ]
    assert [len(text) for text in sentences if len(text) > 650] == []


def test_text_that_took_a_minute_is_read_at_once() -> None:
    """Each line took more than ten seconds, and most of them a minute, in which the process stood still."""
    assert plain_html("<a" * LONG) == "<a" * LONG
    assert plain_html("<br" * LONG) == "<br" * LONG
    assert without_asides("(" * LONG) == "(" * LONG
    assert span("1" * LONG) == ("1" * LONG, "")
    assert span("1 " * LONG) == ("1 " * LONG, "")
    assert read_affiliated_names("," * LONG + "A") == ("A",)
    assert read_affiliated_names("(" * LONG + ")") == ()
    assert catalog(**{"(" * LONG: "x"}).sessions[0].title == "A"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<schedule><day " + b" ".join(b'a%d=""' % n for n in range(200)) + b"></day></schedule>", "100 attributes"),
        (b'{"items": [{"title": 9' + b"9" * 5_000 + b"}]}", "numbers too long"),
        (b"title,date,startTime\n" + b"A,2026-01-31,09:00\n" * 60_000, "more than 50,000 rows"),
        (calendar("X:y").replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\n" * 60_000), "more than 50,000 events"),
    ],
)
def test_more_than_any_conference_has_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(ScheduleImportError, match=sentence):
        parse_draft(data, "s")


def test_a_character_reference_with_thousands_of_digits_stays_as_it_is() -> None:
    assert catalog(title="&#" + "9" * 5_000 + ";").sessions[0].title.startswith("&#999")


def test_thousands_of_equal_sessions_keep_their_identity() -> None:
    """Each was compared with each: minutes for a file of nothing but lunches, and hours for a large one."""
    rows = [f"Lunch,2026-01-{1 + n % 28:02},{n % 24:02}:{n % 60:02},Hall {n}\n" for n in range(5_000)]
    draft = parse_draft("".join(("title,date,startTime,room\n", *rows)).encode(), "s.csv")
    first = resolve_draft(draft, "c", "UTC", ()).schedule
    assert len({session.code for session in first.sessions}) == 5_000
    later = resolve_draft(draft, "c", "UTC", (), first).schedule
    assert later == first
    moved = replace(first, sessions=first.sessions[:-1])
    fewer = resolve_draft(draft, "c", "UTC", (), moved).schedule
    assert len({session.id for session in fewer.sessions} & {session.id for session in moved.sessions}) == 4_999
