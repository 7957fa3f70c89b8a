"""`/timezone`."""

import pytest

from tests.fakes.app_harness import AppHarness


async def test_times_are_shown_in_ones_own_zone_too(app: AppHarness) -> None:
    answer = await app.say("/timezone Europe/Berlin")
    assert answer == "It is 08:00 (17:00 in Europe/Berlin). I'll show all times like this."
    shown = await app.all("/hotel MGM", "/attend ARC301")
    assert "Mon 29 Nov 09:00-10:00 (18:00 in Europe/Berlin), Venetian, Room ARC301" in shown
    assert "Leave MGM Grand by 07:51 (16:51 in Europe/Berlin): 49 min walk" in shown
    assert (await app.say("/timezone")).startswith(
        "You see times in America/Los_Angeles (the conference) and in Europe/Berlin."
    )


async def test_and_no_longer(app: AppHarness) -> None:
    await app.all("/timezone Europe/Berlin", "/timezone conference")
    assert (await app.say("/timezone")).startswith("You see times in America/Los_Angeles, the conference's time zone.")


async def test_a_zone_that_is_none_is_refused(app: AppHarness) -> None:
    answer = await app.say("/timezone Mars/Olympus")
    assert answer == "There is no time zone 'Mars/Olympus': give a city, such as Berlin or New York."


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("new york", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("germany", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("India", "Asia/Kolkata"),
    ],
)
async def test_a_city_or_a_country_is_a_zone(app: AppHarness, typed: str, zone: str) -> None:
    await app.say(f"/timezone {typed}")
    assert (await app.say("/timezone")).startswith(
        f"You see times in America/Los_Angeles (the conference) and in {zone}."
    )


@pytest.mark.parametrize(
    ("typed", "first"), [("EST", "America/New_York"), ("CEST", "Europe/Berlin"), ("brazil", "America/Noronha")]
)
async def test_what_may_be_several_zones_is_asked_about(app: AppHarness, typed: str, first: str) -> None:
    answer = await app.say(f"/timezone {typed}")
    assert answer.startswith(f"'{typed}' may mean several time zones. Which one?")
    assert f"/timezone {first}" in answer


@pytest.mark.parametrize("typed", ["UTC+2", "Factory", "localtime", "posixrules"])
async def test_what_is_no_zone_of_people_is_refused(app: AppHarness, typed: str) -> None:
    answer = await app.say(f"/timezone {typed}")
    assert answer == f"There is no time zone '{typed}': give a city, such as Berlin or New York."


async def test_off_is_a_way_back(app: AppHarness) -> None:
    await app.all("/timezone Berlin", "/timezone off")
    assert (await app.say("/timezone")).startswith("You see times in America/Los_Angeles, the conference's time zone.")
