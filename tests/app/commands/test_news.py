"""`/news`: agreed to, muted, or asked about."""

from dataclasses import replace

from bot.domain.attendee.attendee import Reach
from tests.fakes.app_harness import AppHarness


async def test_nobody_gets_them_directly_before_they_agree_and_a_button_mutes_them(talk: AppHarness) -> None:
    silent = "What the organizers of club announce does not come to you directly: it is in the channels only."
    assert await talk.say("/news") == f"{silent}\n→ /news on"
    agreed = await talk.ask("/news on")
    assert talk.text(agreed).startswith("What the organizers of club announce comes to you directly")
    assert await talk.press(agreed, "Mute announcements") == f"{silent}\n→ /news on"


async def test_who_asks_for_them_is_tried_once_more_though_they_were_refused(talk: AppHarness) -> None:
    await talk.say("/news on")
    async with talk.store.write_transaction() as work:
        known = await work.people.find("console", "club", "ada")
        assert known
        await work.people.save_reach({known.id: Reach("7", "closed")})
    await talk.say("/news on")
    async with talk.store.read_transaction() as work:
        fresh = await work.people.find("console", "club", "ada")
        assert fresh == replace(known, reach=Reach("7"))
