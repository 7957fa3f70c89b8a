"""`/walk`."""

from bot.domain.travel.way import LegSource, Mode, Way
from tests.builders import at, schedule
from tests.fakes.app_harness import AppHarness


async def test_the_leg_with_its_source_metres_and_steps(app: AppHarness) -> None:
    assert await app.say("/walk Venetian to Forum") == (
        "18 min walk from Venetian to Caesars Forum (enough for 9 in 10, set by the organizers). Usually it takes 18.\n"
        "900 m, about 1,200 steps at your normal pace.\n"
        "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
        "&route=36.121638,-115.169601;36.118370,-115.166280"
    )


async def test_a_slow_walker_with_short_steps_is_told_their_own_figures(app: AppHarness) -> None:
    await app.say("/pace slow 0.5")
    assert (await app.say("/walk Venetian to MGM")).startswith(
        "67 min walk from Venetian to MGM Grand (enough for 9 in 10, estimate). Usually it takes 67.\n"
        "2,875 m, about 5,800 steps at your slow pace."
    )


async def test_the_next_best_way_is_named_and_only_what_is_walked_counts_as_steps() -> None:
    walk = Way("MGM Grand", "Venetian", 44, LegSource.LEARNED, p90=53, samples=23, metres=2875)
    ride = Way("MGM Grand", "Venetian", 24, LegSource.ORGANIZER, mode=Mode.MONORAIL, metres=600, wait=4)
    app = await AppHarness(moment=at(8)).publish(schedule(ways=(walk, ride)))
    assert (await app.say("/walk MGM to Venetian")).splitlines()[:3] == [
        "39 min by monorail from MGM Grand to Venetian (enough for 9 in 10, set by the organizers). Usually it takes 28.",
        "600 m of it on foot, about 800 steps.",
        "Or the walk: 53 min.",
    ]


async def test_a_way_from_the_map_names_the_authors_of_the_map() -> None:
    way = Way("MGM Grand", "Venetian", 44, LegSource.ROUTED, metres=2500)
    app = await AppHarness(moment=at(8)).publish(schedule(ways=(way,)))
    assert (await app.say("/walk MGM to Venetian")).splitlines()[:3] == [
        "62 min walk from MGM Grand to Venetian (enough for 9 in 10, from the map). Usually it takes 44.",
        "2,500 m, about 3,300 steps at your normal pace.",
        "Map data: © OpenStreetMap contributors, ODbL.",
    ]


async def test_an_unknown_way_is_said_to_be_unknown(app: AppHarness) -> None:
    answer = await app.say("/walk MGM to Pop-up Stage")
    assert answer == "I don't know where Pop-up Stage is, so I can't tell you the walk."


async def test_a_venue_that_is_not_there_gets_the_nearest_to_choose_from(app: AppHarness) -> None:
    reply = await app.ask("/walk Venetian to Ceasars Forum")
    assert reply.is_error
    assert await app.press(reply, "Caesars Forum") == await app.say("/walk Venetian to Forum")


async def test_a_missing_end_is_asked_for(app: AppHarness) -> None:
    assert await app.say("/walk MGM") == ("Where do you want to go? Try /walk Wynn to MGM Grand")


async def test_a_room_stands_for_its_venue(app: AppHarness) -> None:
    there = await app.say("/walk Venetian to Room SEC203")
    assert there == await app.say("/walk Venetian to Caesars Forum")
