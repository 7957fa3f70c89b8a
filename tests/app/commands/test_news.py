"""`/news`: agreed to, muted, or asked about."""

from dataclasses import replace

from bot.domain.attendee.attendee import Reach
from tests.fakes.app_harness import AppHarness


async def test_nobody_gets_them_directly_before_they_agree_and_a_button_mutes_them(app: AppHarness) -> None:
    silent = "I don't send you announcements from club. You'll find them in its channels."
    assert await app.say("/news") == f"{silent}\n→ /news on"
    agreed = await app.ask("/news on")
    assert app.text(agreed).startswith("I'll send you announcements from club directly")
    assert await app.press(agreed, "Mute announcements") == f"{silent}\n→ /news on"


async def test_who_asks_for_them_is_tried_once_more_though_they_were_refused(app: AppHarness) -> None:
    await app.say("/news on")
    async with app.store.write_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert attendee
        await work.people.save_reach({attendee.id: Reach("7", "closed")})
    await app.say("/news on")
    async with app.store.read_transaction() as work:
        fresh = await work.people.find("console", "club", "ada")
        assert fresh == replace(attendee, reach=Reach("7"))
