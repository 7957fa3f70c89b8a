"""Venues as a table, with rooms and entrances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ScheduleImportError
from bot.domain.travel.venue import DoorTime, Entrance, Venue
from bot.sources.text import plain
from bot.sources.venues_csv import HEADER, parse_venues, venues_text

LATS, LONS = st.floats(-90, 90), st.floats(-180, 180)
NAMES = st.text(st.characters(exclude_categories=["C"], exclude_characters="|;="), max_size=20).map(plain).filter(bool)
VENUES = st.builds(
    lambda name, aliases, place, inside, doors, entrances: Venue(
        name, aliases, place[0], place[1], inside, doors, entrances
    ),
    NAMES,
    st.lists(NAMES, max_size=3).map(tuple),
    st.just((None, None)) | st.tuples(LATS, LONS),
    st.integers(0, 120),
    st.lists(st.builds(DoorTime, NAMES, st.floats(0, 120)), max_size=3).map(tuple),
    st.lists(st.builds(Entrance, LATS, LONS, st.none() | st.booleans()), max_size=3).map(tuple),
)


@given(st.lists(VENUES, min_size=1, unique_by=lambda venue: venue.name.casefold()))
def test_what_is_written_is_read_as_the_same(venues: list[Venue]) -> None:
    assert parse_venues(venues_text(venues), "venues.csv") == tuple(venues)


def test_semicolons_between_columns_and_a_list_without_the_new_ones() -> None:
    assert parse_venues("name;aliases;lat;lon\nWynn;;36.1;-115.1\n", "venues.csv") == (Venue("Wynn", (), 36.1, -115.1),)


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("rooms", "Titian *", "rooms has 'Titian *'; write it such as Level 2 | Titian * = 4."),
        ("rooms", "Titian * = far", "rooms has 'Titian * = far'; write it such as Level 2 | Titian * = 4."),
        ("rooms", "a=1;" * 201, "rooms has 201 entries, and 200 fit: leave some out."),
        ("entrances", "36.1", "entrances has '36.1'; write it such as 36.1216 -115.1696 stepfree."),
        (
            "entrances",
            "36.1 -115.1 lift",
            "entrances has '36.1 -115.1 lift'; write it such as 36.1216 -115.1696 stepfree.",
        ),
        ("entrances", "136.1 -115.1", "entrances has '136.1 -115.1'; write it such as 36.1216 -115.1696 stepfree."),
    ],
)
def test_a_wrong_cell_is_named(column: str, cell: str, sentence: str) -> None:
    with pytest.raises(ScheduleImportError) as caught:
        parse_venues(f'{",".join(HEADER)},{column}\nWynn,,,,,"{cell}"\n', "venues.csv")
    assert str(caught.value) == f"venues.csv, line 2: {sentence}"
