"""Clocks and the alarm."""

import asyncio
from datetime import UTC, timedelta

from bot.timing.alarm import LONGEST_SLEEP, SchedulerAlarm
from bot.timing.clock import RehearsalClock, SystemClock
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


async def rings(alarm: SchedulerAlarm, *waits: timedelta | None) -> bool:
    rung = asyncio.Event()
    alarm.start(rung.set)
    try:
        for wait in waits:
            alarm.wake_at(None if wait is None else alarm.clock.now() + wait)
        await asyncio.wait_for(rung.wait(), 20)
    finally:
        alarm.shutdown()
    return rung.is_set()


async def test_the_alarm_rings_for_what_is_due_or_was() -> None:
    clock = SystemClock()
    assert await rings(SchedulerAlarm(clock, clock), timedelta(milliseconds=5))
    assert await rings(SchedulerAlarm(clock, clock), timedelta(hours=-3))


async def test_it_holds_one_moment_the_last_one_asked_for() -> None:
    clock = SystemClock()
    assert await rings(SchedulerAlarm(clock, clock), timedelta(hours=5), None, timedelta(0))


async def test_where_the_clock_runs_fast_an_hour_is_short() -> None:
    clock = RehearsalClock(at(8), speed=100_000)
    assert await rings(SchedulerAlarm(clock, SystemClock(), speed=100_000), timedelta(hours=1))


async def test_nobody_sleeps_longer_than_the_cap_and_a_stopped_alarm_is_silent() -> None:
    clock = SystemClock()
    alarm = SchedulerAlarm(clock, clock)
    alarm.wake_at(clock.now())
    alarm.start(lambda: None)
    alarm.wake_at(clock.now() + timedelta(days=1))
    (job,) = alarm._scheduler.get_jobs()
    assert job.next_run_time - clock.now() <= LONGEST_SLEEP
    assert job.misfire_grace_time is None
    alarm.shutdown()
    alarm.shutdown()
