"""What changes between the claim and the sending: nothing is sent that was taken back meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.app.ports import Receipt
from tests.builders import at
from tests.talk import Talk

STALE = timedelta(seconds=3)
"""Longer than what was read counts as fresh."""


class Slow:
    """A messenger whose first message takes so long that other things happen."""

    def __init__(self, talk: Talk) -> None:
        self.send, self.lane = talk.post.send, talk.post.lane
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def sending(self, *told: Any) -> Receipt:
        if not self.begun.is_set():
            self.begun.set()
            await self.go_on.wait()
        return await self.send(*told)


@pytest.mark.parametrize(
    ("line", "reached"),
    [("/forgetme yes", ["ada"]), ("/now", ["ada", "bob"])],
)
async def test_who_said_forgetme_while_others_were_sent_to_hears_nothing(
    talk: Talk, line: str, reached: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.post.at_once = 1
    for user in ("ada", "bob"):
        await talk.talk_to(user, "/hotel Venetian", "/attend SEC203")
    slow = Slow(talk)
    monkeypatch.setattr(talk.post, "send", slow.sending)
    talk.clock.move_to(at(10, 12))
    delivering = asyncio.create_task(talk.outbox.deliver_due())
    await slow.begun.wait()
    await talk.talk_to("bob", line)
    talk.clock.move_to(talk.clock.now() + STALE)
    slow.go_on.set()
    await delivering
    assert sorted(each.to for each in talk.post.sent) == reached
