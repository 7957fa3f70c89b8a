"""What changes between the claim and the sending: nothing is sent that was taken back meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.app.ports import Commits, Receipt, Store, UnitOfWork
from bot.domain.errors import StoreError
from tests.builders import at
from tests.fakes.app_harness import AppHarness

STALE = timedelta(seconds=3)
"""Longer than what was read counts as fresh."""


class Slow:
    """A messenger whose first message takes so long that other things happen."""

    def __init__(self, app: AppHarness) -> None:
        self.send, self.lane = app.post.send, app.post.lane
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def sending(self, *arguments: Any) -> Receipt:
        if not self.begun.is_set():
            self.begun.set()
            await self.go_on.wait()
        return await self.send(*arguments)


@dataclass
class Reads:
    """A store that counts how often it is read, the first `fails` times in vain."""

    store: Store
    count: int = 0
    fails: int = 0
    commits: Commits = field(default_factory=Commits)

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[UnitOfWork]:
        self.count += 1
        if self.fails:
            self.fails -= 1
            message = "The database has gone away."
            raise StoreError(message)
        async with self.store.read_transaction() as work:
            yield work

    def write_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self.store.write_transaction()


@pytest.mark.parametrize(
    ("line", "reached"),
    [("/forgetme yes", ["ada"]), ("/now", ["ada", "bob"])],
)
async def test_who_said_forgetme_while_others_were_sent_to_hears_nothing(
    app: AppHarness, line: str, reached: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.post.at_once = 1
    for user in ("ada", "bob"):
        await app.talk_to(user, "/hotel Venetian", "/attend SEC203")
    slow = Slow(app)
    monkeypatch.setattr(app.post, "send", slow.sending)
    app.clock.move_to(at(10, 12))
    delivering = asyncio.create_task(app.scheduler.run_due())
    await slow.begun.wait()
    await app.talk_to("bob", line)
    app.clock.move_to(app.clock.now() + STALE)
    slow.go_on.set()
    await delivering
    assert sorted(message.to for message in app.post.sent) == reached


async def claimed_and_waiting(
    app: AppHarness, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[Reads, Slow, Any]:
    """The first of them is being sent to, and the others have waited for so long that they are read anew."""
    app.post.at_once = 1
    for user in people:
        await app.talk_to(user, "/hotel Venetian", "/attend SEC203")
    slow, reads = Slow(app), Reads(app.store)
    monkeypatch.setattr(app.post, "send", slow.sending)
    app.scheduler.store = reads
    app.clock.move_to(at(10, 12))
    delivering = asyncio.create_task(app.scheduler.run_due())
    await slow.begun.wait()
    reads.count = 0
    app.clock.move_to(app.clock.now() + STALE)
    return reads, slow, delivering


async def test_those_that_waited_together_are_read_anew_together(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [f"p{number}" for number in range(300)]
    reads, slow, delivering = await claimed_and_waiting(app, people, monkeypatch)
    slow.go_on.set()
    await delivering
    assert sorted(message.to for message in app.post.sent) == sorted(people)
    # 299 waited: 251 are read, then the other 48; and the outbox looks twice whether there is more.
    assert reads.count <= 4


async def test_what_cannot_be_read_together_is_read_alone(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    reads, slow, delivering = await claimed_and_waiting(app, ["ada", "bob", "cyd"], monkeypatch)
    reads.fails = 1
    slow.go_on.set()
    await delivering
    assert sorted(message.to for message in app.post.sent) == ["ada", "bob", "cyd"]
    assert reads.fails == 0
