"""What `/readyz` shows beside whether the process is ready."""

from dataclasses import replace
from datetime import timedelta

from adapters.web import PrometheusMetrics
from bot.app.ports import RateLimitedError
from bot.cli.details import Details
from bot.cli.health import OutboxMetrics
from bot.domain.imports.feed import Feed
from tests.builders import at
from tests.cli.test_health import Broken
from tests.fakes.app_harness import AppHarness

WELL = Feed("a", "https://cloud.example/a.ics", at(8)).imported(at(8), 0.5)
FAILING = replace(WELL, conference="b").failed(at(8), 0.5, "out of order")
HELD = replace(WELL, conference="c").holding(at(8), 0.5, "it lost much", "x").failed(at(8), 0.5, "out of order")


async def test_feeds_that_fail_or_are_held_are_counted(app: AppHarness) -> None:
    details = Details(app.store, app.scheduler.lanes)
    assert await details() == {"feeds": {"failing": 0, "held": 0}, "lanes": {"failing": 0}}
    async with app.store.write_transaction() as work:
        for feed in (WELL, FAILING, HELD):
            await work.feeds.save(feed)
    assert await details() == {"feeds": {"failing": 2, "held": 1}, "lanes": {"failing": 0}}
    metrics = PrometheusMetrics()
    await OutboxMetrics(app.store, app.clock, ("console",), metrics).refresh()
    assert metrics.registry.get_sample_value("hallway_feeds_failing") == 2
    assert metrics.registry.get_sample_value("hallway_feeds_held") == 1


async def test_a_lane_whose_platform_asks_for_a_long_pause_is_counted(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    app.post.faults = [RateLimitedError("asks to wait", timedelta(days=11_574))]
    await app.wait(hours=2, minutes=20)
    assert (await Details(app.store, app.scheduler.lanes)())["lanes"] == {"failing": 1}


async def test_a_database_that_is_gone_leaves_the_feeds_out() -> None:
    assert await Details(Broken(), tuple)() == {"lanes": {"failing": 0}}
