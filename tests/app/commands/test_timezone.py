"""`/timezone`."""

from tests.fakes.app_harness import AppHarness


async def test_times_are_shown_in_ones_own_zone_too(talk: AppHarness) -> None:
    told = await talk.say("/timezone Europe/Berlin")
    assert told == "It is 08:00 (17:00 in Europe/Berlin). I'll show all times like this."
    shown = await talk.all("/hotel MGM", "/attend ARC301")
    assert "Mon 29 Nov 09:00-10:00 (18:00 in Europe/Berlin), Venetian, Room ARC301" in shown
    assert "Leave MGM Grand by 07:51 (16:51 in Europe/Berlin): 49 min walk" in shown
    assert await talk.say("/timezone") == (
        "You see times in America/Los_Angeles (the conference) and in Europe/Berlin."
    )


async def test_and_no_longer(talk: AppHarness) -> None:
    await talk.all("/timezone Europe/Berlin", "/timezone conference")
    assert await talk.say("/timezone") == "You see times in America/Los_Angeles, the conference's time zone."


async def test_a_zone_that_is_none_is_refused(talk: AppHarness) -> None:
    told = await talk.say("/timezone Mars/Olympus")
    assert told == "There is no time zone 'Mars/Olympus': give an IANA name such as Europe/Brussels."
