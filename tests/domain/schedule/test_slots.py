"""Times and rooms of sessions as organizers type them."""

from datetime import UTC, datetime

import pytest

from bot.domain.errors import BadInputError
from bot.domain.schedule.slots import read_slot
from bot.domain.travel.places import read_place
from bot.domain.travel.venue import VenueBook
from tests.builders import FORUM, SEC, VENETIAN, at, schedule

MADE = schedule()
ZONE = MADE.conference.tz


@pytest.mark.parametrize(
    "typed, starts, ends",
    [
        ("14:00", at(14), at(15)),
        ("2pm", at(14), at(15)),
        ("14:00-15:30", at(14), at(15, 30)),
        ("14:00 to 15:30", at(14), at(15, 30)),
        ("14.00 – 15.30", at(14), at(15, 30)),
        ("mon 9-10", at(9), at(10)),
        ("2021-11-29 14:00-15:00", at(14), at(15)),
        ("tue 14:00", at(14, day=30), at(15, day=30)),
        ("23:30-00:30", at(23, 30), at(0, 30, day=30)),
        ("00:30-01:00", at(0, 30, day=30), at(1, day=30)),
        ("2021-11-29T22:00Z/23:15Z", at(14), at(15, 15)),
        ("2021-11-29T23:30Z/00:30Z", at(15, 30), at(16, 30)),
    ],
)
def test_times_as_organizers_type_them(typed: str, starts: datetime, ends: datetime) -> None:
    assert read_slot(typed, SEC, MADE.days, ZONE) == (starts.astimezone(UTC), ends.astimezone(UTC))


@pytest.mark.parametrize(
    "typed", ["", "soon", "tue", "25:00", "14:00-", "2021-13-29 14:00", "2021-99-99T22:00Z/23:00Z"]
)
def test_what_is_no_time_is_said(typed: str) -> None:
    with pytest.raises(BadInputError, match="is not a"):
        read_slot(typed, SEC, MADE.days, ZONE)


def test_a_long_text_is_cut_before_it_is_read() -> None:
    with pytest.raises(BadInputError) as fault:
        read_slot("1 " * 5_000, SEC, MADE.days, ZONE)
    assert len(str(fault.value)) < 200


@pytest.mark.parametrize(
    "typed, venue, room",
    [
        ("Hall 2", "Venetian", "Hall 2"),
        ("Caesars Forum, Academy 411", "Caesars Forum", "Academy 411"),
        ("Academy 411 | Forum", "Caesars Forum", "Academy 411"),
        ("Caesars Forum", "Caesars Forum", ""),
        ("Level 1, Hall B", "Venetian", "Level 1, Hall B"),
    ],
)
def test_a_room_is_in_the_same_venue_unless_it_names_another(typed: str, venue: str, room: str) -> None:
    assert read_place(typed, "Venetian", VenueBook.of([VENETIAN, FORUM])) == (venue, room)
