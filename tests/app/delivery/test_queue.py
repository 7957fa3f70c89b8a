"""The queue gives the most urgent delivery first."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.app.delivery.queue import ReadyQueue
from bot.app.delivery.sender import FRESH, PreparedDelivery
from bot.app.ports import Delivery
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import at, nudge

READ, SAFE = at(9), at(10)
KINDS = st.sampled_from((NudgeKind.LEAVE_BY, NudgeKind.MORNING_BRIEF, NudgeKind.ANNOUNCEMENT))
MANY = st.lists(st.tuples(KINDS, st.integers(0, 30)), max_size=40)


def prepared(
    number: int, due_at: datetime, kind: NudgeKind = NudgeKind.LEAVE_BY, read_at: datetime = READ
) -> PreparedDelivery:
    owed = nudge(number, "", due_at, kind=kind)
    return PreparedDelivery(Delivery(number, owed, at(8)), owed.key, owed.due_at, None, None, read_at)


def numbers(queue: ReadyQueue) -> list[int]:
    return [held.prepared.delivery.id for held in reversed(queue.items)]


@given(MANY)
def test_the_most_urgent_goes_first_and_what_can_wait_in_the_order_of_its_claims(
    due: list[tuple[NudgeKind, int]],
) -> None:
    taken = [prepared(number, at(9, minute), kind) for number, (kind, minute) in enumerate(due)]
    queue = ReadyQueue()
    queue.add(taken[::2], SAFE)
    queue.add(taken[1::2], SAFE)

    def urgency(queued: PreparedDelivery) -> tuple[bool, datetime]:
        whenever = queued.delivery.nudge.kind is NudgeKind.ANNOUNCEMENT
        return whenever, at(0) if whenever else queued.delivery.nudge.deadline

    in_order_of_claims = (*taken[::2], *taken[1::2])
    assert numbers(queue) == [queued.delivery.id for queued in sorted(in_order_of_claims, key=urgency)]


def test_what_is_read_anew_has_waited_and_goes_back_to_its_place() -> None:
    queue, now = ReadyQueue(), at(9) + FRESH
    queue.add([prepared(number, at(9), read_at=now if number == 4 else READ) for number in range(1, 7)], SAFE)
    first = queue.items.pop()
    behind = queue.take_stale(now, 2)
    assert [held.prepared.delivery.id for held in (first, *behind)] == [1, 2, 3]
    assert queue.take_stale(now, 2) == [], "the fourth was just read"
    queue.put_back(held._replace(prepared=held.prepared._replace(read_at=now)) for held in behind)
    assert numbers(queue) == [2, 3, 4, 5, 6]
