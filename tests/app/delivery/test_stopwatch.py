"""The limit on waiting: who takes too long is cut short, and nobody else."""

import asyncio

import pytest

from bot.app.delivery.stopwatch import Stopwatch


async def never() -> None:
    await asyncio.Event().wait()


async def test_who_takes_too_long_is_cut_short_and_who_does_not_is_left_alone() -> None:
    stopwatch = Stopwatch(0.02)
    done = asyncio.Event()

    async def waits() -> str:
        try:
            with stopwatch.limit():
                await never()
        except TimeoutError:
            done.set()
            return "cut short"
        raise AssertionError

    async def answers() -> str:
        with stopwatch.limit():
            await asyncio.sleep(0)
        await done.wait()
        return "answered"

    assert list(await asyncio.gather(waits(), answers(), waits())) == ["cut short", "answered", "cut short"]


async def test_it_runs_again_after_nobody_was_in_it() -> None:
    limit = Stopwatch(0.02).limit()
    for _ in range(2):
        with pytest.raises(TimeoutError), limit:
            await never()


async def test_who_has_less_time_than_the_others_is_cut_short_to_the_moment() -> None:
    limit = Stopwatch(3_600).limit()
    with pytest.raises(TimeoutError), limit.within(0.01):
        await never()


async def test_a_time_that_is_over_does_not_cut_short_what_comes_after_it() -> None:
    limit, over = Stopwatch(3_600).limit(), asyncio.Event()
    with limit.within(0.01):
        asyncio.get_running_loop().call_later(0.01, over.set)
    with limit.within(60):
        await over.wait()


async def test_who_is_cancelled_by_somebody_else_is_cancelled() -> None:
    stopwatch = Stopwatch(60)
    begun = asyncio.Event()

    async def waits() -> None:
        with stopwatch.limit():
            begun.set()
            await never()

    task = asyncio.create_task(waits())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_fails_in_it_fails_as_it_did() -> None:
    with pytest.raises(KeyError), Stopwatch(60).limit():
        raise KeyError


async def test_a_cancellation_while_it_cuts_short_is_no_time_out() -> None:
    stopwatch = Stopwatch(0.02)

    async def waits() -> None:
        with stopwatch.limit():
            try:
                await never()
            except asyncio.CancelledError:
                # Somebody else wants it gone, too, before it has left.
                task.cancel()
                raise

    task = asyncio.create_task(waits())
    with pytest.raises(asyncio.CancelledError):
        await task
