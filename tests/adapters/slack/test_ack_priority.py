"""Answers let acknowledgements go first, and not for ever."""

import asyncio

from adapters.slack.ack_priority import AckPriority


async def test_an_answer_waits_until_everything_is_acknowledged() -> None:
    ack_priority, order = AckPriority(), list[str]()

    async def answer() -> None:
        await ack_priority.wait_until_idle(60)
        order.append("answered")

    with ack_priority.pending():
        answering = asyncio.create_task(answer())
        with ack_priority.pending():
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        order.append("acknowledged")
    await answering
    assert order == ["acknowledged", "answered"]
    await ack_priority.wait_until_idle(60)


async def test_a_rush_that_never_ends_holds_up_an_answer_only_so_long() -> None:
    ack_priority = AckPriority()
    with ack_priority.pending():
        await ack_priority.wait_until_idle(0.01)
