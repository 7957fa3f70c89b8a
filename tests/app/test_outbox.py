"""The outbox: sent once, on time or not at all, and somebody knows."""

from datetime import timedelta

import pytest

from bot.app.outbox import MOST_ATTEMPTS
from bot.app.ports import DeliveryState, NotNow, Refused, Unsure
from tests.builders import at
from tests.talk import Talk


async def states(talk: Talk) -> list[tuple[DeliveryState, int, str]]:
    async with talk.store.reading() as work:
        known = await work.people.find("console", "club", "ada")
        assert known
        return [(each.state, each.attempt, each.error) for each in await work.deliveries.of(known.id)][:1]


@pytest.fixture
async def owing(talk: Talk) -> Talk:
    await talk.all("/hotel Venetian", "/attend SEC203")
    await talk.rehearsal.jump(at(10))
    return talk


async def test_a_delivery_is_sent_once(owing: Talk) -> None:
    await owing.rehearsal.jump(at(10, 12))
    await owing.outbox.deliver_due()
    assert len(owing.post.sent) == 1
    assert await states(owing) == [(DeliveryState.SENT, 1, "")]


@pytest.mark.parametrize(
    ("fault", "state"), [(Refused("closed"), DeliveryState.REFUSED), (Unsure("reset"), DeliveryState.UNCERTAIN)]
)
async def test_a_final_answer_of_the_platform_is_kept_and_not_retried(
    owing: Talk, fault: Exception, state: DeliveryState
) -> None:
    owing.post.faults = [fault]
    await owing.wait(minutes=50)
    assert owing.post.sent == []
    assert await states(owing) == [(state, 1, str(fault))]


@pytest.mark.parametrize("fault", [NotNow("busy"), ValueError("a bug")])
async def test_what_may_pass_is_tried_again_a_little_later(owing: Talk, fault: Exception) -> None:
    owing.post.faults = [fault]
    await owing.wait(minutes=50)
    assert [each.at for each in owing.post.sent] == [at(10, 12) + timedelta(seconds=30)]
    assert await states(owing) == [(DeliveryState.SENT, 2, "")]


async def test_what_never_passes_is_dead_and_not_tried_for_ever(owing: Talk) -> None:
    owing.post.faults = [NotNow("busy")] * 20
    await owing.wait(minutes=50)
    assert await states(owing) == [(DeliveryState.DEAD, MOST_ATTEMPTS, "busy")]
    assert len(owing.post.faults) == 20 - MOST_ATTEMPTS


async def test_a_fault_of_one_delivery_stops_no_other(talk: Talk) -> None:
    for user in ("ada", "bob", "cy"):
        talk.user = user
        await talk.all("/hotel Venetian", "/attend SEC203")
    talk.post.faults = [RuntimeError("boom")]
    await talk.wait(hours=2, minutes=20)
    assert sorted(each.to for each in talk.post.sent) == ["ada", "bob", "cy"]


async def test_what_expired_while_nobody_was_there_is_settled_and_not_sent(owing: Talk) -> None:
    await owing.rehearsal.jump(at(11))
    assert owing.post.sent == []
    assert await states(owing) == [(DeliveryState.EXPIRED, 1, "too late")]


async def test_many_batches_are_all_sent_and_recorded(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.outbox.BATCH", 7)
    for number in range(20):
        talk.user = f"user{number}"
        await talk.all("/hotel Venetian", "/attend SEC203")
    await talk.wait(hours=2, minutes=20)
    assert len({each.key for each in talk.post.sent}) == len(talk.post.sent) == 20
    assert await talk.outbox.next_due() == at(18)
