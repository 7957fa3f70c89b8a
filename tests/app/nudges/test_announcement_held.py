"""The question about an announcement whose session was cancelled: not asked any more once it is decided."""

from dataclasses import replace

from bot.app.schedules.importer import save_schedule
from bot.domain.schedule.diff import difference
from bot.domain.schedule.session import SessionState
from tests.builders import CONFERENCE, SEC
from tests.fakes.app_harness import AppHarness


async def cancelled(talk: AppHarness) -> None:
    """SEC203 is cancelled, and an announcement was planned before it."""
    talk.user = "olga"
    reply = await talk.ask('/announce "Doors open" in #general at 10m before SEC203', organizer=True)
    await talk.press(reply, "Confirm", organizer=True)
    async with talk.store.write_transaction() as work:
        old = await work.conferences.load("cloud21")
        assert old
        off = replace(SEC, state=SessionState.CANCELLED, revision=2)
        sessions = tuple(off if each.id == off.id else each for each in old.sessions)
        new = replace(old, conference=replace(CONFERENCE, revision=2), sessions=sessions)
        await save_schedule(work, old, new, difference(old, new), talk.clock.now())


async def test_the_author_is_asked_at_once(talk: AppHarness) -> None:
    await cancelled(talk)
    assert await talk.wait(minutes=1) == [("Mon 08:00", "olga", "announcement-held")]


async def test_what_was_decided_before_it_was_sent_is_not_asked(talk: AppHarness) -> None:
    await cancelled(talk)
    await talk.say("/announce cancel 4", organizer=True)
    assert [kind for _, _, kind in await talk.wait(hours=4)] == ["announcement-progress"]
