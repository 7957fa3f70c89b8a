"""Positions that are slips are found: by themselves, and beside the positions of the other venues."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.travel.position_checks import doubtful_position
from bot.domain.travel.venue import Venue
from tests.builders import FORUM, MGM, NOWHERE, VENETIAN

VEGAS = [VENETIAN, FORUM, MGM, NOWHERE]
ULB = [Venue("AW", (), 50.812189, 4.380766), Venue("K", (), 50.8142, 4.3816)]
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def swapped(venues: list[Venue]) -> list[Venue]:
    return [Venue(venue.name, (), venue.lon, venue.lat) for venue in venues]


@pytest.mark.parametrize(
    ("venues", "sentence"),
    [
        ([], ""),
        (VEGAS, ""),
        ([Venue("Hall", (), -33.9, 18.4)], ""),
        (
            [*VEGAS, Venue("Hall", (), 0.0, 0.0)],
            "Hall is at 0, 0, which is in the sea: leave lat and lon empty if they are unknown",
        ),
        (
            [*VEGAS, Venue("Hall", (), 36.1, 115.17)],
            "Hall is 10,449 km from Venetian, the nearest other venue: a minus means west or south",
        ),
        (
            [*ULB, *swapped([Venue("H", (), 50.8128, 4.3801)])],
            "H has latitude and longitude swapped: latitude comes first",
        ),
        ([*ULB, Venue("Ghent", (), 51.05, 3.72)], ""),
        ([Venue("Suva", (), -18.14, 178.44), Venue("Taveuni", (), -18.0, 178.9)], ""),
    ],
)
def test_what_is_said_of_a_list(venues: list[Venue], sentence: str) -> None:
    assert doubtful_position(venues) == sentence


@pytest.mark.parametrize(
    ("lat", "lon", "zone"),
    [(40.75, -73.99, "America/New_York"), (28.61, 77.21, "Asia/Kolkata"), (-1.29, 36.82, "Africa/Nairobi")],
)
def test_a_list_that_is_swapped_as_a_whole_does_not_fit_the_clock(lat: float, lon: float, zone: str) -> None:
    right = [Venue("A", (), lat, lon), Venue("B", (), lat + 0.01, lon)]
    assert doubtful_position(right, ZoneInfo(zone), NOON) == ""
    wrong = doubtful_position(swapped(right), ZoneInfo(zone), NOON)
    sentence = "A and all others have latitude and longitude swapped: latitude comes first"
    assert wrong == ("" if zone == "Africa/Nairobi" else sentence)


@pytest.mark.parametrize(
    ("lat", "lon", "zone"),
    [
        (50.81, 4.38, "Europe/Brussels"),
        (43.82, 87.6, "Asia/Shanghai"),
        (42.24, -8.72, "Europe/Madrid"),
        (36.12, -115.17, "America/Los_Angeles"),
        (-43.53, 172.64, "Pacific/Auckland"),
        (-13.8, -171.8, "Pacific/Apia"),
    ],
)
def test_a_right_place_fits_its_clock(lat: float, lon: float, zone: str) -> None:
    assert doubtful_position([Venue("A", (), lat, lon)], ZoneInfo(zone), NOON) == ""
