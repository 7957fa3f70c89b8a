"""`/hotel` with any place: a time from a venue, coordinates, a map link. Nobody is asked about it."""

import pytest

from tests.builders import at, schedule
from tests.fakes.app_harness import AppHarness

KEPT = "I'll plan your first walk each day from there. Only you see this.\n"
NORTH = "36.1300, -115.1696"
"""900 m north of the Venetian."""


@pytest.mark.parametrize(
    "typed",
    [
        "25 min from the Venetian",
        "25 minutes walk from venetian",
        "about 25 min from Venetian",
        "25m from the Venetian",
    ],
)
async def test_minutes_from_a_venue_count_to_it_and_beyond_it(app: AppHarness, typed: str) -> None:
    assert await app.say(f"/hotel {typed}") == f"You're staying 25 min from Venetian. {KEPT}→ /nextsession"
    leave = (
        "Leave your hotel by {}: {} min to {} (enough for 9 in 10, with the minutes you gave me) "
        "+ 20 min for the walk-up line."
    )
    assert leave.format("08:09", 31, "Venetian") in await app.say("/attend ARC301")
    await app.say("/skip ARC301")
    assert leave.format("09:51", 49, "Caesars Forum") in await app.say("/attend SEC203")


async def test_coordinates_are_walked_from_and_name_the_nearest_venue(app: AppHarness) -> None:
    assert await app.say(f"/hotel {NORTH}") == (
        f"You're staying at 36.130000, -115.169600. {KEPT}"
        "38 min walk from your hotel to Venetian (enough for 9 in 10, estimate), the nearest venue.\n"
        "→ /nextsession"
    )
    assert "Leave your hotel by 08:02: 38 min walk to Venetian (enough for 9 in 10, estimate)" in await app.say(
        "/attend ARC301"
    )
    assert await app.say("/hotel") == (
        "You're staying at 36.130000, -115.169600. Only you see this. To remove it: /hotel none"
    )


async def test_the_leave_by_message_and_the_way_home_name_the_hotel() -> None:
    app = await AppHarness(moment=at(7)).publish()
    await app.all(f"/hotel {NORTH}", "/attend ARC301")
    await app.wait(minutes=54)
    assert app.text(app.post.sent[-1].content).startswith('Leave your hotel by 08:02 for "Queues that never sleep"')
    assert "38 min walk from Venetian to your hotel (enough for 9 in 10, estimate)" in await app.say("/agenda")
    await app.say("/skip ARC301")
    assert (await app.say("/nextsession")).startswith("Next, nearest to your hotel first:")


async def test_a_link_of_a_map_is_read_and_not_opened(app: AppHarness) -> None:
    link = "https://www.openstreetmap.org/?mlat=36.13&mlon=-115.1696#map=16/36.13/-115.17"
    assert (await app.say(f"/hotel {link}")).startswith("You're staying at 36.130000, -115.169600.")
    assert await app.say("/hotel https://maps.app.goo.gl/AbC123") == (
        "This link does not say where it leads, and I open no links. Open it, and send me the long address of the map."
    )
    assert (await app.say("/hotel")).startswith("You're staying at 36.130000, -115.169600.")


async def test_a_slip_is_noticed(app: AppHarness) -> None:
    assert await app.say("/hotel 36.13, 115.1696") == (
        "That is 10,446 km from Venetian. Latitude comes first, and a minus means west or south."
    )
    assert await app.say("/hotel 500 min from Venetian") == "Give the way in minutes, at most 180."
    assert (await app.ask("/hotel 20 min from Atlantis")).is_error
    assert (await app.say("/hotel")).startswith("Which hotel are you staying at?")


async def test_where_venues_have_no_coordinates_minutes_still_work() -> None:
    app = await AppHarness().publish(schedule(venues=()))
    assert await app.say(f"/hotel {NORTH}") == (
        "I don't know where the venues are. Tell me how far it is: /hotel 25 min from VENUE"
    )


async def test_nobody_else_sees_it_and_it_is_no_audience(app: AppHarness) -> None:
    await app.say("/hotel 25 min from Venetian")
    refused = await app.say('/announce "Hi" to hotel Venetian by dm', organizer=True)
    assert refused.startswith("An audience by hotel needs at least 5 people in it")
