"""The question about an announcement whose session was cancelled: not asked any more once it is decided."""

from dataclasses import replace

import pytest

from bot.app.ports import Permissions, TemporaryError
from bot.app.schedules.importer import save_schedule
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.diff import difference
from bot.domain.schedule.session import SessionState
from tests.builders import CONFERENCE, SEC
from tests.fakes.app_harness import AppHarness


async def planned(app: AppHarness) -> None:
    app.user = "olga"
    reply = await app.ask('/announce "Doors open" in #general at 10m before SEC203', organizer=True)
    await app.press(reply, "Confirm", organizer=True)


async def cancelled(app: AppHarness) -> None:
    """SEC203 is cancelled, and an announcement was planned before it."""
    await planned(app)
    await cancel(app)


async def cancel(app: AppHarness) -> None:
    async with app.store.write_transaction() as work:
        old = await work.conferences.load("cloud21")
        assert old
        off = replace(SEC, state=SessionState.CANCELLED, revision=2)
        sessions = tuple(off if session.id == off.id else session for session in old.sessions)
        new = replace(old, conference=replace(CONFERENCE, revision=2), sessions=sessions)
        await save_schedule(work, old, new, difference(old, new), app.clock.now())


async def test_the_author_is_asked_at_once(app: AppHarness) -> None:
    await cancelled(app)
    assert await app.wait(minutes=1) == [("Mon 08:00", "olga", "announcement-held")]


async def test_what_was_decided_before_it_was_sent_is_not_asked(app: AppHarness) -> None:
    await cancelled(app)
    await app.say("/announce cancel 4", organizer=True)
    assert await app.wait(hours=4) == []


async def with_others(app: AppHarness) -> None:
    """Bob, Eve and Zoe organized lately; Zoe never agreed to direct messages, and Eve lapsed with the author, Olga."""
    for user in ("bob", "eve", "zoe"):
        app.user = user
        if user != "zoe":
            await app.say("/nudges on")
        await app.say("/announce list", organizer=True)
    await planned(app)
    app.post.standings |= {"olga": Permissions(), "eve": Permissions()}


async def test_when_its_author_is_no_organizer_any_more_those_who_are_get_the_question(app: AppHarness) -> None:
    await with_others(app)
    await cancel(app)
    assert ("Mon 08:00", "bob", "announcement-held") in await app.wait(minutes=1)
    asked = {message.to: message.content for message in app.post.sent if message.kind == "announcement-held"}
    assert sorted(asked) == ["bob", "olga"]
    app.user = "bob"
    assert "goes out now" in await app.press(asked["bob"], "Send now", organizer=True)
    assert [kind for _, _, kind in await app.wait(hours=4)].count("announcement") == 1


async def test_when_its_author_was_forgotten_the_others_are_asked(app: AppHarness) -> None:
    await with_others(app)
    await app.press(await app.ask("/forgetme"), "Forget me")
    await cancel(app)
    await app.wait(minutes=1)
    assert [message.to for message in app.post.sent if message.kind == "announcement-held"] == ["bob"]


async def test_while_the_author_is_an_organizer_nobody_else_is_asked(app: AppHarness) -> None:
    await with_others(app)
    app.post.standings["olga"] = Permissions(organizer=True)
    await cancel(app)
    await app.wait(hours=1)
    assert [message.to for message in app.post.sent if message.kind == "announcement-held"] == ["olga"]


async def test_a_platform_that_cannot_be_asked_is_asked_again(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_others(app)
    await cancel(app)
    standing = app.post.permissions_of

    async def fails_once(community: Community, user: str) -> Permissions:
        monkeypatch.setattr(app.post, "permissions_of", standing)
        raise TemporaryError("busy")

    monkeypatch.setattr(app.post, "permissions_of", fails_once)
    await app.wait(minutes=5)
    assert [message.to for message in app.post.sent if message.kind == "announcement-held"] == ["olga", "bob"]
