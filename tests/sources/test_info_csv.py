"""Topics as a table: read from any spreadsheet, and written so that they are read again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Remark
from bot.domain.schedule.conference import Topic
from bot.sources.info_csv import info_text, parse_info, read_info
from bot.sources.text import plain

LINES = st.text(st.characters(exclude_categories=["C"]), max_size=40).map(plain)
NAMES = LINES.filter(bool)
TOPICS = st.lists(
    st.builds(Topic, NAMES, NAMES, LINES, LINES), unique_by=lambda topic: topic.name.casefold(), min_size=1
)


def test_topics_in_any_order_of_columns_and_with_semicolons() -> None:
    text = "Text;Topic;hours\nHall B;Lunch;12-13\n"
    assert parse_info(text, "info.csv") == ((Topic("Lunch", "Hall B", "", "12-13"),), ())


def test_a_wrong_row_costs_only_itself_and_says_what_to_do() -> None:
    topics, remarks = parse_info(f"topic,text\nLunch,Soup\n,Bread\nKeys,\nlunch,Bread\nMap,{'x' * 1501}\n", "info.csv")
    assert topics == (Topic("Lunch", "Soup"),)
    assert remarks == (
        Remark("info", "info.csv, line 3: topic is empty: name it."),
        Remark("info", "info.csv, line 4: text is empty: write what everybody reads."),
        Remark("info", "info.csv, line 5: topic 'lunch' is there twice: put both into one text."),
        Remark("info", "info.csv, line 6: text has 1501 characters, and 1500 fit: shorten it."),
    )


def test_what_is_no_such_table_is_refused() -> None:
    with pytest.raises(ScheduleImportError, match="line 1: the header lacks text; it should be topic,place,hours,text"):
        parse_info("topic,place\nLunch,Hall B\n", "info.csv")
    with pytest.raises(ScheduleImportError, match="at most 200 rows fit"):
        parse_info("topic,text\n" + "a,b\n" * 201, "info.csv")
    with pytest.raises(ScheduleImportError, match="larger than 2 MiB"):
        parse_info("topic,text\n" + "a" * 2**21, "info.csv")


def test_a_file_of_excel_in_its_own_encoding(tmp_path: Path) -> None:
    path = tmp_path / "info.csv"
    path.write_bytes("topic;text\nCafé;Überall\n".encode("utf-16"))
    assert read_info(path) == ((Topic("Café", "Überall"),), ())


@given(TOPICS)
def test_what_is_written_is_read_as_the_same(topics: list[Topic]) -> None:
    assert parse_info(info_text(topics), "info.csv") == (tuple(topics[:100]), ())
