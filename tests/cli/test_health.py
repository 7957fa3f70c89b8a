"""Ready or not, over real HTTP; and the look at the outbox that costs the store one question in a while."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from adapters.web import Monitoring, PrometheusMetrics, build, serve
from bot.app.ports import Commits, Waiting
from bot.app.runtime.heartbeat import Heartbeat
from bot.app.runtime.job_loop import JobLoop
from bot.cli import health as watch
from bot.domain.errors import StoreError
from tests.app.runtime.test_job_loop import QueuedTimer
from tests.builders import at
from tests.fakes.app_harness import AppHarness, FrozenClock


def owed(metrics: PrometheusMetrics) -> dict[str, float]:
    """The nudges to leave that are owed, by when they are due."""
    samples = [sample for family in metrics.owed.collect() for sample in family.samples]
    return {sample.labels["due"]: sample.value for sample in samples if sample.labels["kind"] == "leave-by"}


class Broken:
    """A store that is not there."""

    commits = Commits()

    def read_transaction(self) -> Any:
        raise StoreError("The database /srv/hallway.db is gone.", "it is gone")

    write_transaction = read_transaction


class Hanging:
    """A store that does not answer."""

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    write_transaction = read_transaction


async def ready(checks: Any) -> dict[str, Any]:
    async with serve(build(Monitoring(checks, PrometheusMetrics().registry)), "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/readyz"
        async with aiohttp.ClientSession() as client, client.get(url) as answer:
            body: dict[str, Any] = json.loads(await answer.text())
            assert (answer.status, body["status"]) in ((200, "ok"), (503, "failing"))
            return body


async def failing(checks: Any) -> tuple[int, list[str]]:
    body = await ready(checks)
    return 503 if body["status"] == "failing" else 200, body["failing"]


def ticker_of(app: AppHarness, heartbeat: Heartbeat) -> tuple[JobLoop, QueuedTimer]:
    timer = QueuedTimer()
    return JobLoop(app.scheduler, app.clock, timer, heartbeat=heartbeat), timer


async def test_a_ticker_that_never_ran_or_died_is_not_ready(app: AppHarness) -> None:
    loop, timer = ticker_of(app, Heartbeat())
    checks = watch.checks(app.store, app.clock, {"ticker": loop}, {}, None)
    assert await failing(checks) == (503, ["ticker"])
    task = asyncio.create_task(loop.run())
    await timer.asked.get()
    assert await failing(checks) == (200, [])
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await failing(checks) == (503, ["ticker"])


async def test_a_ticker_that_hangs_is_not_ready(app: AppHarness) -> None:
    now, good = [0.0], app.store
    app.scheduler.store = Hanging()  # type: ignore[assignment]  # a store that does not answer
    loop, _ = ticker_of(app, Heartbeat(time=lambda: now[0]))
    task = asyncio.create_task(loop.run())
    checks = watch.checks(good, app.clock, {"ticker": loop}, {}, None)
    assert await failing(checks) == (200, [])
    now[0] += loop.heartbeat.stuck
    assert await failing(checks) == (503, ["ticker"])
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(("store", "reason"), [(Broken(), "it is gone"), (Hanging(), "it does not answer")])
async def test_a_database_that_is_gone_or_hangs_is_not_ready_and_says_why(
    store: Any, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "PATIENCE", 0.01)
    checks = watch.checks(store, FrozenClock(), {}, {}, None)
    assert await ready(checks) == {"status": "failing", "failing": ["database"], "reasons": {"database": reason}}


async def test_ready_again_as_soon_as_the_database_is_back_and_many_questions_write_one_row(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = watch.DatabaseCheck(Broken(), app.clock)
    checks = {"database": check}
    assert await failing(checks) == (503, ["database"])
    check.store = app.store
    assert await failing(checks) == (503, ["database"]), "the same answer for a second"
    monkeypatch.setattr(watch, "RECENT", 0)
    assert await failing(checks) == (200, [])


async def test_a_disk_without_room_is_not_ready(
    app: AppHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LEAST_ROOM", 2**63)
    reasons = (await ready(watch.checks(app.store, app.clock, {}, {}, tmp_path)))["reasons"]
    assert reasons == {"database": "the disk is full"}


async def test_a_platform_that_is_not_connected_is_not_ready(app: AppHarness) -> None:
    platforms: Any = {"discord": SimpleNamespace(connected=False), "slack": SimpleNamespace(connected=True)}
    assert await failing(watch.checks(app.store, app.clock, {}, platforms, None)) == (503, ["discord"])


async def test_whoever_scrapes_often_asks_the_store_once_in_a_while(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    app.clock.move_to(at(10))
    outbox = watch.OutboxMetrics(app.store, app.clock, ["console"], PrometheusMetrics(), app.scheduler.lanes)
    await outbox.refresh()
    assert owed(outbox.metrics) == {"soon": 1, "now": 0}
    await app.rehearsal.jump(at(10, 12))
    await outbox.refresh()
    assert owed(outbox.metrics) == {"soon": 1, "now": 0}, "for 15 seconds the same is told"
    closed = {"lane": "post", "state": "closed"}
    assert outbox.metrics.registry.get_sample_value("hallway_breaker_state", closed) == 1
    outbox._counted_at = None
    await outbox.refresh()
    assert owed(outbox.metrics) == {}


async def test_people_and_promises_are_counted_without_names_and_every_five_minutes(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    outbox = watch.OutboxMetrics(app.store, app.clock, ["console"], PrometheusMetrics(), app.scheduler.lanes)
    await outbox.refresh()
    await app.wait(hours=3)
    await app.talk_to("bob", "/attend SEC203")
    value, everybody = outbox.metrics.registry.get_sample_value, {"platform": "console", "group": "all"}
    labels = {"platform": "console", "kind": "leave-by", "outcome": "on-time"}
    outbox._counted_at = None
    await outbox.refresh()
    assert (value("hallway_people", everybody), value("hallway_promises", labels)) == (1, None)
    outbox._counted_at = outbox._people_counted_at = None
    await outbox.refresh()
    assert (value("hallway_people", everybody), value("hallway_promises", labels)) == (2, 1)


@pytest.mark.parametrize("store", [Broken(), Hanging()])
async def test_of_a_store_that_does_not_answer_nothing_old_is_told(
    store: Any, monkeypatch: pytest.MonkeyPatch, app: AppHarness
) -> None:
    monkeypatch.setattr(watch, "PATIENCE", 0.01)
    metrics = PrometheusMetrics()
    metrics.set_waiting([Waiting("console", "leave-by", 0, 1)])
    await watch.OutboxMetrics(store, app.clock, ["console"], metrics).refresh()
    assert owed(metrics) == {}
