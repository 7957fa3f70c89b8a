"""Answers let acknowledgements go first, and not for ever."""

import asyncio

from adapters.slack.ack_priority import AckPriority


async def test_an_answer_waits_until_everything_is_acknowledged() -> None:
    rush, order = AckPriority(), list[str]()

    async def answer() -> None:
        await rush.over(60)
        order.append("answered")

    with rush.inside():
        answering = asyncio.create_task(answer())
        with rush.inside():
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        order.append("acknowledged")
    await answering
    assert order == ["acknowledged", "answered"]
    await rush.over(60)


async def test_a_rush_that_never_ends_holds_up_an_answer_only_so_long() -> None:
    rush = AckPriority()
    with rush.inside():
        await rush.over(0.01)
