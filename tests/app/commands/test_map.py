"""`/map`."""

from tests.fakes.app_harness import AppHarness

START, END = "36.121638,-115.169601", "36.118370,-115.166280"


async def test_it_is_shown_and_set(app: AppHarness) -> None:
    assert await app.say("/map") == ("My links to walks open in OpenStreetMap.\n→ /map apple · /map google")
    assert (await app.say("/map google")).startswith("My links to walks open in Google Maps.")


async def test_walks_are_linked_in_the_chosen_map_without_a_key(app: AppHarness) -> None:
    links = {
        "osm": f"https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route={START};{END}",
        "apple": f"https://maps.apple.com/?saddr={START}&daddr={END}&dirflg=w",
        "google": f"https://www.google.com/maps/dir/?api=1&origin={START}&destination={END}&travelmode=walking",
    }
    for map_app, link in links.items():
        shown = await app.all(f"/map {map_app}", "/walk Venetian to Forum")
        assert f"→ Show the walk: {link}" in shown.splitlines()


async def test_a_place_that_is_not_on_the_map_and_a_hotel_of_ones_own_have_no_link(app: AppHarness) -> None:
    assert "Show the walk" not in await app.say("/walk Venetian to Pop-up Stage")
    assert "Show the walk" not in await app.say("/walk Venetian to Venetian")
    await app.say("/hotel 36.1, -115.17")
    assert "Show the walk" not in await app.all("/attend ARC301", "/nextsession")
