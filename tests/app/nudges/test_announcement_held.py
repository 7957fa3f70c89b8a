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


async def planned(talk: AppHarness) -> None:
    talk.user = "olga"
    reply = await talk.ask('/announce "Doors open" in #general at 10m before SEC203', organizer=True)
    await talk.press(reply, "Confirm", organizer=True)


async def cancelled(talk: AppHarness) -> None:
    """SEC203 is cancelled, and an announcement was planned before it."""
    await planned(talk)
    await cancel(talk)


async def cancel(talk: AppHarness) -> None:
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
    assert await talk.wait(hours=4) == []


async def with_others(talk: AppHarness) -> None:
    """Bob, Eve and Zoe organized lately; Zoe never agreed to direct messages, and Eve lapsed with the author, Olga."""
    for user in ("bob", "eve", "zoe"):
        talk.user = user
        if user != "zoe":
            await talk.say("/nudges on")
        await talk.say("/announce list", organizer=True)
    await planned(talk)
    talk.post.standings |= {"olga": Permissions(), "eve": Permissions()}


async def test_when_its_author_is_no_organizer_any_more_those_who_are_get_the_question(talk: AppHarness) -> None:
    await with_others(talk)
    await cancel(talk)
    assert ("Mon 08:00", "bob", "announcement-held") in await talk.wait(minutes=1)
    asked = {each.to: each.content for each in talk.post.sent if each.kind == "announcement-held"}
    assert sorted(asked) == ["bob", "olga"]
    talk.user = "bob"
    assert "goes out now" in await talk.press(asked["bob"], "Send now", organizer=True)
    assert [kind for _, _, kind in await talk.wait(hours=4)].count("announcement") == 1


async def test_when_its_author_was_forgotten_the_others_are_asked(talk: AppHarness) -> None:
    await with_others(talk)
    await talk.press(await talk.ask("/forgetme"), "Forget me")
    await cancel(talk)
    await talk.wait(minutes=1)
    assert [each.to for each in talk.post.sent if each.kind == "announcement-held"] == ["bob"]


async def test_while_the_author_is_an_organizer_nobody_else_is_asked(talk: AppHarness) -> None:
    await with_others(talk)
    talk.post.standings["olga"] = Permissions(organizer=True)
    await cancel(talk)
    await talk.wait(hours=1)
    assert [each.to for each in talk.post.sent if each.kind == "announcement-held"] == ["olga"]


async def test_a_platform_that_cannot_be_asked_is_asked_again(
    talk: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_others(talk)
    await cancel(talk)
    standing = talk.post.permissions_of

    async def fails_once(community: Community, user: str) -> Permissions:
        monkeypatch.setattr(talk.post, "permissions_of", standing)
        raise TemporaryError("busy")

    monkeypatch.setattr(talk.post, "permissions_of", fails_once)
    await talk.wait(minutes=5)
    assert [each.to for each in talk.post.sent if each.kind == "announcement-held"] == ["olga", "bob"]
