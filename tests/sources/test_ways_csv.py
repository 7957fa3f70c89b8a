"""Ways as a table: one wrong row costs only itself, and what is written is read as the same."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Remark
from bot.domain.imports.way_facts import FileWay
from bot.domain.travel.way import LegSource, Mode, Way
from bot.sources.text import plain
from bot.sources.ways_csv import HEADER, SOURCES, parse_ways, ways_text

NAMES = st.text(st.characters(exclude_categories=["C"]), max_size=30).map(plain).filter(bool)
MINUTES = st.floats(0.1, 600)
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
WAYS = st.builds(
    Way,
    NAMES,
    NAMES,
    MINUTES,
    st.sampled_from(list(SOURCES.values())),
    p90=st.none() | st.floats(600, 1_200),
    mode=st.sampled_from(Mode),
    metres=st.none() | st.integers(0, 100_000),
    step_free=st.none() | st.booleans() | st.integers(0, 100_000),
    wait=st.just(0.0) | st.floats(0.01, 240),
    days=st.none() | st.frozensets(st.integers(0, 6), min_size=1),
    hours=st.none() | st.tuples(TIMES, TIMES),
    both_ways=st.booleans(),
    as_of=st.none() | st.dates(),
)


@given(st.lists(WAYS))
def test_what_is_written_is_read_as_the_same(ways: list[Way]) -> None:
    read, remarks = parse_ways(ways_text(ways), "legs.csv")
    assert ([row.way for row in read], remarks) == (ways, ())
    # A metre is no yes, although both are equal in Python.
    assert [repr(row.way.step_free) for row in read] == [repr(way.step_free) for way in ways]


def test_the_first_four_columns_are_enough() -> None:
    read, remarks = parse_ways("from,to,mode,minutes\nWynn,Encore,,10\nWynn,MGM,,\n", "legs.csv")
    assert (read, remarks) == ((FileWay("legs.csv, line 2", Way("Wynn", "Encore", 10, LegSource.ORGANIZER)),), ())


def test_all_columns_with_semicolons_and_decimal_commas() -> None:
    row = "Wynn;MGM;Monorail;22,5;35;600;no;Sat-Mon;07:00-02:00;4;no;routed;2026-11-29"
    read, remarks = parse_ways(f"{';'.join(HEADER)}\n{row}\n", "legs.csv")
    assert remarks == ()
    assert read[0].way == Way(
        "Wynn",
        "MGM",
        22.5,
        LegSource.ROUTED,
        p90=35,
        mode=Mode.MONORAIL,
        metres=600,
        step_free=False,
        wait=4,
        days=frozenset({5, 6, 0}),
        hours=(time(7), time(2)),
        both_ways=False,
        as_of=date(2026, 11, 29),
    )


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("minutes", "soon", "minutes is 'soon'; it should be a number from 0.1 to 600."),
        ("minutes", "0", "minutes is '0'; it should be a number from 0.1 to 600."),
        ("minutes", "nan", "minutes is 'nan'; it should be a number from 0.1 to 600."),
        ("from", "", "from is empty: name a venue."),
        ("to", "x" * 201, "to has 201 characters, and 200 fit: shorten it."),
        ("mode", "boat", "mode is 'boat'; it should be one of walk, bridge, shuttle, monorail, tram."),
        ("p90", "5", "p90 is 5, less than the 10 minutes that are usual: write a larger number."),
        ("metres", "far", "metres is 'far'; it should be a number from 0 to 100000."),
        ("step_free", "maybe", "step_free is 'maybe'; it should be yes, no or metres."),
        ("days", "always", "days is 'always'; write it such as Mon-Fri or Sat,Sun."),
        ("hours", "7-25", "hours is '7-25'; write it such as 07:00-19:00."),
        ("hours", "07:00-25:00", "hours is '07:00-25:00'; write it such as 07:00-19:00."),
        ("wait", "-1", "wait is '-1'; it should be a number from 0 to 240."),
        ("both_ways", "perhaps", "both_ways is 'perhaps'; it should be yes or no."),
        ("source", "guess", "source is 'guess'; it should be one of learned, organizer, routed, estimate."),
        ("as_of", "today", "as_of is 'today'; write it such as 2026-01-31."),
    ],
)
def test_a_wrong_cell_is_named_and_the_other_rows_are_used(column: str, cell: str, sentence: str) -> None:
    cells = dict.fromkeys(HEADER, "") | {"from": "Wynn", "to": "MGM", "minutes": "10", column: cell}
    text = f"{','.join(HEADER)}\n{','.join(cells.values())}\nWynn,Encore,,7{',' * 9}\n"
    text = text.replace("always,", '"always",')
    read, remarks = parse_ways(text, "legs.csv")
    assert remarks == (Remark("legs", f"legs.csv, line 2: {sentence}"),)
    assert [row.way.target for row in read] == ["Encore"]


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(
        ScheduleImportError, match="the header lacks mode, minutes; it should be from,to,mode,minutes,p90"
    ):
        parse_ways("from,to\nWynn,MGM\n", "legs.csv")
