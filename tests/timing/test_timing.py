"""Clocks and timers."""

import asyncio
from datetime import UTC, timedelta

from bot.timing.clock import RehearsalClock, SystemClock
from bot.timing.timer import LONGEST_SLEEP, TimerScheduler
from tests.builders import at


def test_a_clock_at_speed_0_moves_only_by_hand() -> None:
    clock = RehearsalClock(at(8))
    assert clock.now() == at(8)
    clock.move_to(at(9))
    assert clock.now() == at(9)
    assert clock.now().tzinfo is UTC


def test_a_clock_with_a_speed_runs_on_from_where_it_was() -> None:
    clock = RehearsalClock(at(8), speed=1e6)
    first = clock.now()
    assert at(8) <= first <= clock.now()
    clock.run_at(0)
    stopped = clock.now()
    assert stopped >= first
    assert clock.now() == stopped


def test_the_real_clock_is_aware_and_goes_on() -> None:
    assert SystemClock().now() <= SystemClock().now()
    assert SystemClock().now().tzinfo is UTC


async def fires(timers: TimerScheduler, *waits: timedelta | None) -> bool:
    wake_event = asyncio.Event()
    timer = timers.timer("job", wake_event.set)
    timers.start()
    try:
        for wait in waits:
            timer.wake_at(None if wait is None else timers.clock.now() + wait)
        await asyncio.wait_for(wake_event.wait(), 60)
    finally:
        timers.shutdown()
    return wake_event.is_set()


async def test_a_timer_fires_for_a_moment_that_comes_or_is_past() -> None:
    clock = SystemClock()
    assert await fires(TimerScheduler(clock, clock), timedelta(milliseconds=5))
    assert await fires(TimerScheduler(clock, clock), timedelta(hours=-3))


async def test_a_timer_holds_one_moment_the_last_one_asked_for() -> None:
    clock = SystemClock()
    assert await fires(TimerScheduler(clock, clock), timedelta(hours=5), None, timedelta(0))


async def test_where_the_clock_runs_fast_an_hour_is_short() -> None:
    clock = RehearsalClock(at(8), speed=100_000)
    assert await fires(TimerScheduler(clock, SystemClock(), speed=100_000), timedelta(hours=1))


async def test_jobs_share_a_scheduler_and_each_keeps_its_own_moment() -> None:
    clock = SystemClock()
    timers, first, second = TimerScheduler(clock, clock), asyncio.Event(), asyncio.Event()
    one, other = timers.timer("one", first.set), timers.timer("other", second.set)
    timers.start()
    one.wake_at(clock.now())
    other.wake_at(clock.now() + timedelta(hours=1))
    await asyncio.wait_for(first.wait(), 60)
    assert timers._scheduler
    assert [job.id for job in timers._scheduler.get_jobs()] == ["other"]
    assert not second.is_set()
    timers.shutdown()


async def test_no_job_sleeps_longer_than_the_limit_and_a_stopped_scheduler_fires_nothing() -> None:
    clock = SystemClock()
    timers = TimerScheduler(clock, clock)
    timer = timers.timer("job", lambda: None)
    timer.wake_at(clock.now())
    timers.start()
    timer.wake_at(clock.now() + timedelta(days=1))
    assert timers._scheduler
    (job,) = timers._scheduler.get_jobs()
    assert job.next_run_time - clock.now() <= LONGEST_SLEEP
    assert job.misfire_grace_time is None
    timers.shutdown()
    timers.shutdown()
