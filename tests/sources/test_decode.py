"""Bytes become text: encodings that a file does not say, text that was misread before, halves of characters."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.sources import parse_draft
from bot.sources.decode import decode, encoding_of
from bot.sources.mojibake import repaired

HEADER = "title,date,startTime,endTime,room\n"
UNSAID = "the file does not say its encoding: read as {}, such as {!r}; if that is wrong, save the file as UTF-8"


def table(*titles: str) -> str:
    return HEADER + "".join(f"{title},2026-09-07,10:00,11:00,Hall {n}\n" for n, title in enumerate(titles))


def read(data: bytes, name: str = "x.csv") -> Draft:
    return parse_draft(data, name)


def remarks_of(draft: Draft) -> list[tuple[str, str]]:
    return [(remark.where, remark.what) for remark in draft.warnings]


@pytest.mark.parametrize(
    ("encoding", "name", "title"),
    [
        ("cp1251", "Windows-1251", "Открытие конференции"),
        ("koi8-r", "KOI8-R", "Открытие конференции"),
        ("cp1250", "Windows-1250", "Zahájení čtvrtého ročníku"),
        ("cp1252", "Windows-1252", "Crème brûlée à volonté"),
        ("mac_roman", "MacRoman", "Frühstück"),
        ("cp1253", "Windows-1253", "Έναρξη του συνεδρίου"),
        ("cp932", "CP932", "開会の挨拶"),
        ("gb18030", "GB18030", "机器学习的前沿"),
        ("iso2022_jp", "ISO-2022-JP", "開会の挨拶"),
    ],
)
def test_a_table_in_an_old_encoding_is_read_right_and_the_guess_is_said(encoding: str, name: str, title: str) -> None:
    draft = read(table(title).encode(encoding))
    assert [row.title for row in draft.sessions] == [title]
    assert remarks_of(draft) == [("encoding", UNSAID.format(name, title))]


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("21a-cp1251.csv", "Открытие конференции"),
        ("21c-cp1250.csv", "Zahájení čtvrtého ročníku"),
        ("21d-macroman.csv", "Frühstück"),
    ],
)
def test_the_reported_tables_in_old_encodings_are_read_right(shared_faults: Path, file: str, title: str) -> None:
    draft = read((shared_faults / file).read_bytes())
    assert ([row.title for row in draft.sessions], len(draft.warnings)) == ([title], 1)


def test_a_declared_encoding_is_no_guess() -> None:
    xml = (
        '<?xml version="1.0" encoding="windows-1251"?><schedule><day date="2026-09-07"><room name="Зал"><event>'
        "<title>Открытие</title><start>10:00</start><duration>01:00</duration></event></room></day></schedule>"
    )
    draft = read(xml.encode("cp1251"), "x.xml")
    assert ([row.title for row in draft.sessions], remarks_of(draft)) == (["Открытие"], [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_tables_in_unicode_with_tabs_are_read_with_and_without_their_mark(encoding: str) -> None:
    text = table("Frühstück 🚀", "Привет").replace(",", "\t")
    draft = read(text.encode(encoding))
    assert ([row.title for row in draft.sessions], remarks_of(draft)) == (["Frühstück 🚀", "Привет"], [])


def test_a_few_bytes_of_another_encoding_do_not_spoil_the_whole_file() -> None:
    data = table("Frühstück", "Über Größe", "Äpfel", "Öl").encode() + table("Café")[len(HEADER) :].encode("cp1252")
    draft = read(data)
    assert [row.title for row in draft.sessions] == ["Frühstück", "Über Größe", "Äpfel", "Öl", "Café"]
    assert remarks_of(draft) == [
        ("encoding", "1 character is not UTF-8, unlike the rest: read as Windows-1252, such as 'Café'")
    ]


LOST = "1 character was cut in half and cannot be read: shown as \ufffd, such as {!r}"


@pytest.mark.parametrize(
    ("facts", "sample"),
    [
        (r'"title": "Broken \ud83d half"', "Broken \ufffd half"),
        (r'"title": "A", "abstract": "cut \ud83d"', "cut \ufffd"),
        (r'"title": "A", "room": "Saal \uDE80"', "Saal \ufffd"),
        (r'"title": "A", "speakers": ["A\udc00"]', "A\ufffd"),
    ],
)
def test_half_a_character_in_json_is_shown_as_lost_and_said(facts: str, sample: str) -> None:
    draft = read(f'[{{"start": "2026-09-07T10:00:00+02:00", {facts}}}]'.encode(), "x.json")
    (only,) = draft.sessions
    assert sample in (only.title, only.abstract, only.room, *only.speakers)
    assert remarks_of(draft)[0] == ("text", LOST.format(sample))


@pytest.mark.parametrize(
    "file", ["09f-mojibake-emoji-surrogate.json", "09f-abstract.json", "09f-room.json", "09f-person.json"]
)
def test_the_reported_halves_of_characters_are_shown_as_lost_and_said(shared_faults: Path, file: str) -> None:
    draft = read((shared_faults / file).read_bytes(), file)
    assert [remark.where for remark in draft.warnings] == ["text"]
    assert "\ufffd" in repr(draft.sessions)


def test_whole_pairs_are_characters_and_what_only_looks_like_an_escape_is_left() -> None:
    draft = read(rb'[{"title": "\ud83d\ude80 and \\ud83d", "start": "2026-09-07T10:00:00Z"}]', "x.json")
    assert [row.title for row in draft.sessions] == [r"🚀 and \ud83d"]
    assert "text" not in dict(remarks_of(draft))


def test_surrogates_in_utf_8_are_joined_and_half_ones_are_lost() -> None:
    whole = table("Rocket \U0001f680").encode("utf-16", "surrogatepass").decode("utf-16")
    as_cesu = whole.replace("\U0001f680", "\ud83d\ude80").encode("utf-8", "surrogatepass")
    assert [row.title for row in read(as_cesu).sessions] == ["Rocket 🚀"]
    half = read(table("Half \ud83d of it").encode("utf-16", "surrogatepass"))
    assert [row.title for row in half.sessions] == ["Half \ufffd of it"]
    assert remarks_of(half) == [("text", LOST.format("Half \ufffd of it"))]


@pytest.mark.parametrize(
    ("codec", "times"), [*product(["cp1252", "latin-1", "mac_roman"], [1, 2]), ("cp1251", 1), ("cp1252", 3)]
)
def test_text_that_another_program_misread_is_read_right_and_said(codec: str, times: int) -> None:
    right = table("Frühstück", "Größe – it’s")
    wrong = right
    for _ in range(times):
        wrong = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in wrong.encode())
    draft = read(wrong.encode())
    assert [row.title for row in draft.sessions] == ["Frühstück", "Größe – it’s"]
    ((where, what),) = remarks_of(draft)
    assert where == "text"
    assert what.startswith("a program saved it with a wrong encoding: 'Fr")
    assert what.endswith("ck' is read as 'Frühstück', and others like it")


def test_misread_text_in_escapes_of_json_is_read_right_too() -> None:
    draft = read(rb'[{"title": "Fr\u00c3\u00bchst\u00c3\u00bcck", "start": "2026-09-07T10:00:00Z"}]', "x.json")
    assert [row.title for row in draft.sessions] == ["Frühstück"]


@pytest.mark.parametrize(
    "text",
    [
        *("CAFÉ™ opening", "–Ärzte und Ä", "SÃO PAULO: NÃO", "“quotes” – it’s 5 €", "Привет – мир", "Θέμα – Άλφα"),
        *("日本語 — テスト", "Việt Nam", "Why Ã¼ is wrong, über Köln"),
    ],
)
def test_right_text_in_many_languages_is_left_alone(text: str) -> None:
    assert repaired(text) == (text, "")


@given(st.text())
def test_text_in_utf_8_is_never_repaired_in_silence(text: str) -> None:
    right, what = repaired(text)
    assert (right == text) == (not what)


@given(st.binary(max_size=300))
def test_any_bytes_become_whole_text_or_are_refused(data: bytes) -> None:
    try:
        text = decode(data, "x").text
    except ScheduleImportError:
        return
    assert text.encode().decode() == text


def test_composed_and_decomposed_letters_become_the_same() -> None:
    apart = read(table("U\u0308berraschung").encode())
    escaped = read(rb'[{"title": "U\u0308berraschung", "start": "2026-09-07T10:00:00Z"}]', "x.json")
    referred = read(table("U&#x308;berraschung").encode())
    titles = {row.title for draft in (apart, escaped, referred) for row in draft.sessions}
    assert titles == {"\u00dcberraschung"}


def test_the_reported_room_in_decomposed_letters_is_composed(shared_faults: Path) -> None:
    draft = read((shared_faults / "29-nfd-room.csv").read_bytes())
    assert [(row.title, row.room) for row in draft.sessions] == [
        ("\u00dcberraschung im Gr\u00fcnen", "S\u00fcdfl\u00fcgel 1"),
        ("Second", "S\u00fcdfl\u00fcgel 1"),
    ]


def test_utf_16_is_told_from_utf_8_by_where_its_nul_bytes_are() -> None:
    assert encoding_of("Привет, title,date,room".encode("utf-16-le")) == "utf-16-le"
    assert encoding_of(b"\x7fELF\x00\x01\x02" + b"a" * 20) == "utf-8-sig"


CALENDAR = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260907T100000Z\r\nDTEND:20260907T110000Z\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n"


def test_a_calendar_in_an_old_encoding_is_read_right_and_the_guess_is_said() -> None:
    draft = read(CALENDAR.format("SUMMARY:Открытие конференции\r\n").encode("cp1251"), "x.ics")
    assert [row.title for row in draft.sessions] == ["Открытие конференции"]
    assert remarks_of(draft) == [("encoding", UNSAID.format("Windows-1251", "SUMMARY:Открытие конференции"))]


def test_a_calendar_that_is_folded_inside_a_letter_is_in_utf_8() -> None:
    data = CALENDAR.format("SUMMARY:Frühstück\r\n").encode().replace("ü".encode(), b"\xc3\r\n \xbc")
    draft = read(data, "x.ics")
    assert ([row.title for row in draft.sessions], remarks_of(draft)) == (["Frühstück"], [])
