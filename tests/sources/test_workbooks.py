"""Excel workbooks read as their CSV does; what is damaged, huge or of another kind ends in one sentence."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession, Remark
from bot.domain.schedule.session import Recorded
from bot.sources import parse_draft
from bot.sources.field_map import parse_map
from tests.support.workbooks import replaced, workbook

HEADER = ("Title", "Date", "Start", "End", "Room", "Speakers", "Recorded")
CONTENT = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"


def read(data: bytes, mapping: str = "") -> Draft:
    return parse_draft(data, "talks.xlsx", "", parse_map(mapping, "map.toml") if mapping else None)


def test_a_workbook_reads_as_its_csv_does() -> None:
    csv = (
        "Title,Date,Start,End,Room,Speakers,Recorded\n"
        'Opening,2026-02-01,09:00,09:45,1.105,"Ada\nBob",TRUE\n'
        "Late show,2026-02-01,23:00,25:30,101,,FALSE\n"
    )
    rows = (
        HEADER,
        ("Opening", date(2026, 2, 1), time(9), time(9, 45), 1.105, "Ada\nBob", True),
        ("Late show", "2026-02-01", "23:00", timedelta(hours=25, minutes=30), 101, None, False),
    )
    expected = parse_draft(csv.encode(), "talks.csv").sessions
    found = read(workbook({"Sessions": rows}))
    assert (found.format, found.warnings, found.skipped) == ("xlsx", [], [])
    assert [_anywhere(row) for row in found.sessions] == [_anywhere(row) for row in expected]
    assert [row.where for row in found.sessions] == ["row 2", "row 3"]


def _anywhere(row: DraftSession) -> DraftSession:
    from dataclasses import replace

    return replace(row, where="")


@pytest.mark.parametrize(
    "value, form, text",
    [
        (datetime(2026, 2, 1, 9, 30), "yyyy-mm-dd", "2026-02-01"),
        (datetime(2026, 2, 1, 9, 30), "h:mm AM/PM", "09:30"),
        (datetime(2026, 2, 1, 9, 30), "[$-409]m/d/yy h:mm AM/PM;@", "2026-02-01 09:30:00"),
        (datetime(2026, 2, 1), "dddd", "2026-02-01"),
        (time(9, 30, 15), "h:mm:ss", "09:30:15"),
        (timedelta(hours=26), "[h]:mm", "26:00"),
        (0.5, "0%", "50%"),
        (0.1 + 0.2, "General", "0.3"),
        (4005, "General", "4005"),
        (True, "General", "TRUE"),
        ("#REF!", "General", ""),
        (None, "General", ""),
    ],
)
def test_each_kind_of_cell_becomes_the_text_that_people_see(value: object, form: str, text: str) -> None:
    rows = (("Title", "Date", "Start", "Description"), ("A", "2026-02-01", "09:00", value))
    (only,) = read(workbook({"Sessions": rows}, {"D2": form})).sessions
    assert only.abstract == text


def test_a_day_behind_a_clock_time_does_not_move_the_session() -> None:
    """A cell that shows 09:00 may hold the day on which somebody typed it."""
    rows = (("Title", "Date", "Start"), ("A", date(2026, 2, 1), datetime(2025, 11, 3, 9)))
    (only,) = read(workbook({"Sessions": rows}, {"C2": "h:mm"})).sessions
    assert only.starts == datetime(2026, 2, 1, 9)


def test_a_title_above_the_header_other_sheets_and_hidden_ones_are_passed_over_and_reported() -> None:
    sheets = {
        "Draft": (HEADER, ("Secret", "2026-02-01", "09:00")),
        "Read me": (("Please fill in the next sheet",),),
        "Sessions": (("Our conference",), (), HEADER, ("Opening", "2026-02-01", "09:00")),
        "Speakers": (("Name", "Mail"), ("Ada", "ada@example.org")),
    }
    found = read(workbook(sheets, hidden=("Draft",)))
    assert [(row.where, row.title) for row in found.sessions] == [("row 4", "Opening")]
    assert found.warnings == [
        Remark("sheets", "the sessions are read from the sheet 'Sessions'; not read: 'Read me', 'Speakers'")
    ]


def test_a_mapping_reads_a_workbook_too() -> None:
    mapping = '[fields]\ntitle = "What"\nstart = "When"\nroom = "Where"\n'
    rows = (("What", "When", "Where", "Recorded"), ("A", datetime(2026, 2, 1, 9), "Hall", "no"))
    found = read(workbook({"Other": (("x",),), "Mine": rows}), mapping)
    assert [(row.title, row.starts, row.room, row.recorded) for row in found.sessions] == [
        ("A", datetime(2026, 2, 1, 9), "Hall", Recorded.UNKNOWN)
    ]
    with pytest.raises(ScheduleImportError, match=r"^talks\.xlsx, row 1: there is no column 'What', where the mapping"):
        read(workbook({"Other": (("x",),)}), mapping)


@pytest.mark.parametrize(
    "rows, sentence",
    [
        (
            (("Name of talk", "Place"),),
            "row 1: there is no column for the title (its columns are Name of talk, Place);",
        ),
        ((("Title", "Room"), ("A", "B")), "row 1: no session in it has a date (its columns are Title, Room);"),
        ((), "has no visible sheet with a row in it: export the sheet of the sessions."),
    ],
)
def test_a_workbook_without_a_schedule_says_what_it_lacks(rows: tuple[tuple[object, ...], ...], sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as fault:
        read(workbook({"Sheet1": rows}))
    assert sentence in str(fault.value)


def small() -> bytes:
    return workbook({"Sessions": (HEADER, ("Opening", "2026-02-01", "09:00"))})


def test_a_small_archive_that_unpacks_to_a_huge_one_is_not_unpacked() -> None:
    bomb = replaced(small(), SHEET, bytes(33 * 1024**2))
    assert len(bomb) < 100_000
    with pytest.raises(
        ScheduleImportError, match=r"^talks\.xlsx unpacks to more than 64 MiB, or one part of it to more"
    ):
        read(bomb)


def with_row(row: bytes) -> bytes:
    with ZipFile(BytesIO(small())) as archive:
        sheet = archive.read(SHEET)
    return replaced(small(), SHEET, sheet.replace(b"</sheetData>", row + b"</sheetData>"))


def test_a_cell_at_the_far_end_of_the_sheet_is_no_column_of_a_schedule() -> None:
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    assert [row.title for row in read(with_row(far)).sessions] == ["Opening"]


@pytest.mark.parametrize("number", [60_001, 1_048_576])
def test_a_sheet_with_more_rows_than_a_conference_has_is_refused(number: int) -> None:
    row = f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>A</t></is></c></row>'
    with pytest.raises(ScheduleImportError, match=rf"talks\.xlsx, row {number}: it has more than 60,000 rows"):
        read(with_row(row.encode()))


def test_a_row_that_no_sheet_can_have_ends() -> None:
    row = b'<row r="99999999999999"><c t="inlineStr"><is><t>A</t></is></c></row>'
    assert [row.title for row in read(with_row(row)).sessions] == ["Opening"]


def entities(sheet: bytes) -> bytes:
    """A sheet whose text grows a billion times."""
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{names}]><worksheet>&l9;</worksheet>'.encode() + sheet[:0]


@pytest.mark.parametrize(
    "data, sentence",
    [
        (small()[:-100], "is an incomplete workbook: download or export it again."),
        (replaced(small(), SHEET, b"<worksheet"), "is a damaged workbook: export it again"),
        (replaced(small(), SHEET, entities(b"")), "is a damaged workbook: export it again"),
        (replaced(small(), "xl/workbook.xml", b"<x/>"), "has no visible sheet with a row in it"),
        (replaced(small(), CONTENT, b"<x/>"), "is a damaged workbook: export it again"),
    ],
)
def test_a_damaged_workbook_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as fault:
        read(data)
    assert str(fault.value).startswith(f"talks.xlsx {sentence}")
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    "data, kind",
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "an Excel file of the old kind (.xls), or one with a password",
        ),
        (
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK\x03\x04",
            "an OpenDocument spreadsheet (.ods)",
        ),
        (b"PK\x03\x04" + bytes(26) + b"xl/workbook.bin", "a binary Excel file (.xlsb)"),
    ],
)
def test_other_spreadsheets_are_named(data: bytes, kind: str) -> None:
    with pytest.raises(ScheduleImportError) as fault:
        parse_draft(data, "talks")
    assert str(fault.value) == f"talks is {kind}: export the sheet as .xlsx or as CSV and import that."


def test_another_archive_is_still_refused() -> None:
    with pytest.raises(ScheduleImportError, match="is a zip archive: unpack it first"):
        parse_draft(b"PK\x03\x04" + bytes(100), "talks.zip")


def test_an_epoch_in_a_number_cell_is_a_moment() -> None:
    (only,) = read(workbook({"S": (("Title", "Start"), ("A", 1769850000))})).sessions
    assert only.starts == datetime(2026, 1, 31, 9, tzinfo=UTC)
