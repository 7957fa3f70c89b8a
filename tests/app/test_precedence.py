"""Chats go before pages: how long a page waits, and that it does not wait for ever."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.app.dispatcher.precedence import AT_ONCE, LONGEST_REST, SHORTEST_REST, CrowdedError, Precedence
from tests.support.virtual_time import VirtualLoop


def in_virtual_time(work: Coroutine[Any, Any, None]) -> None:
    loop = VirtualLoop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


async def page(precedence: Precedence, done: list[float]) -> None:
    await precedence.turn()
    done.append(round(asyncio.get_running_loop().time(), 3))


def test_pages_do_not_wait_while_nobody_chats() -> None:
    async def run() -> None:
        precedence, done = Precedence(), list[float]()
        assert not precedence.is_busy
        for _ in range(3):
            await page(precedence, done)
        assert done == [0.0] * 3

    in_virtual_time(run())


def test_pages_wait_for_the_end_of_a_chat_and_then_go_on_one_after_another() -> None:
    async def run() -> None:
        precedence, done = Precedence(), list[float]()
        with precedence.chat():
            pages = [asyncio.create_task(page(precedence, done)) for _ in range(3)]
            await asyncio.sleep(SHORTEST_REST * 0.9)
            assert done == []
            assert precedence.is_busy
        steps = []
        while len(done) < 3:
            await asyncio.sleep(0)
            steps.append(len(done))
        # What arrives in between comes before the next page.
        assert sorted(set(steps)) == [0, 1, 2, 3]
        await asyncio.gather(*pages)
        assert not precedence.is_busy

    in_virtual_time(run())


def test_during_a_chat_that_takes_long_pages_go_on_with_a_rest_after_each() -> None:
    async def run() -> None:
        precedence, done = Precedence(), list[float]()
        with precedence.chat(), precedence.chat():
            pages = [asyncio.create_task(page(precedence, done)) for _ in range(4)]
            await asyncio.sleep(60)
        await asyncio.gather(*pages)
        assert done == [round(SHORTEST_REST * number, 3) for number in (1, 2, 3, 4)]

    in_virtual_time(run())


def test_a_page_that_works_long_rests_four_times_as_long_but_not_for_ever() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        precedence, begun = Precedence(), list[float]()

        async def work(seconds: float) -> None:
            await precedence.turn()
            begun.append(round(loop.time(), 2))
            loop.elapsed += seconds

        with precedence.chat():
            pages = [asyncio.create_task(work(seconds)) for seconds in (0.02, 1.0, 0.0)]
            await asyncio.sleep(60)
        await asyncio.gather(*pages)
        second = 0.01 + 0.02 * 5
        assert begun == [0.01, second, round(second + 1.0 + LONGEST_REST, 2)]

    in_virtual_time(run())


def test_a_page_whose_reader_has_gone_takes_nobodys_turn() -> None:
    async def run() -> None:
        precedence, done = Precedence(), list[float]()
        with precedence.chat():
            gone, stays = (asyncio.create_task(page(precedence, done)) for _ in range(2))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.sleep(1)
            assert (gone.cancelled(), stays.done(), done) == (True, True, [SHORTEST_REST])
        assert not precedence.is_busy

    in_virtual_time(run())


def test_few_pages_read_the_store_at_a_time_and_all_of_them_in_the_end() -> None:
    async def run() -> None:
        precedence = Precedence()
        now, most, done = 0, 0, 0

        async def read() -> None:
            nonlocal now, most, done
            async with precedence.place():
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.1)
                now -= 1
                done += 1

        await asyncio.gather(*(read() for _ in range(9)))
        assert (most, done) == (AT_ONCE, 9)

    in_virtual_time(run())


def test_a_page_does_not_wait_for_ever_for_a_store_that_does_not_answer() -> None:
    async def run() -> None:
        precedence = Precedence()

        async def read() -> None:
            async with precedence.place():
                await asyncio.sleep(30)

        found = await asyncio.gather(*(read() for _ in range(AT_ONCE + 3)), return_exceptions=True)
        assert [type(error) for error in found] == [type(None)] * AT_ONCE + [CrowdedError] * 3
        # Nobody has kept a place.
        await asyncio.gather(*(read() for _ in range(AT_ONCE)))

    in_virtual_time(run())
