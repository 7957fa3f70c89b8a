"""The hand: it gives what is most urgent, and nothing before it is due."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.app.delivery.queue import ReadyQueue
from bot.app.delivery.sender import FRESH, GONE, PreparedDelivery
from bot.app.ports import Delivery
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import at, nudge

READ, SAFE = at(9), at(10)
KINDS = st.sampled_from((NudgeKind.LEAVE_BY, NudgeKind.MORNING_BRIEF, NudgeKind.ANNOUNCEMENT))
MANY = st.lists(st.tuples(KINDS, st.integers(0, 30)), max_size=40)


def parcel(
    number: int, due_at: datetime, kind: NudgeKind = NudgeKind.LEAVE_BY, read_at: datetime = READ
) -> PreparedDelivery:
    owed = nudge(number, "", due_at, kind=kind)
    return PreparedDelivery(Delivery(number, owed, at(8)), owed.key, owed.due_at, GONE, None, read_at)


def numbers(hand: ReadyQueue) -> list[int]:
    return [held.parcel.delivery.id for held in reversed(hand.due)]


@given(MANY, MANY, st.integers(0, 30))
def test_the_most_urgent_first_and_nothing_before_it_is_due(
    due: list[tuple[NudgeKind, int]], coming: list[tuple[NudgeKind, int]], minute: int
) -> None:
    taken = [parcel(number, at(9, each), kind) for number, (kind, each) in enumerate(due)]
    kept = [parcel(100 + number, at(9, each), kind) for number, (kind, each) in enumerate(coming)]
    hand, now = ReadyQueue(), at(9, minute)
    hand.lay_out(kept, SAFE)
    hand.take(taken, SAFE)
    ripe = [each for each in kept if each.delivery.nudge.due_at <= now]
    assert (len(hand.due), hand.laid_out, hand.ripen(now)) == (len(taken), len(kept), len(ripe))

    def urgency(each: PreparedDelivery) -> tuple[bool, datetime]:
        whenever = each.delivery.nudge.kind is NudgeKind.ANNOUNCEMENT
        return whenever, at(0) if whenever else each.delivery.nudge.deadline

    # Those that were laid out were claimed first.
    assert numbers(hand) == [each.delivery.id for each in sorted((*ripe, *taken), key=urgency)]
    later = sorted(each.delivery.nudge.due_at for each in kept if each not in ripe)
    assert (hand.laid_out, hand.next_due) == (len(later), later[0] if later else None)


def test_what_is_read_anew_has_waited_and_goes_back_to_its_place() -> None:
    hand, now = ReadyQueue(), at(9) + FRESH
    hand.take([parcel(number, at(9), read_at=now if number == 4 else READ) for number in range(1, 7)], SAFE)
    first = hand.due.pop()
    behind = hand.waited(now, 2)
    assert [held.parcel.delivery.id for held in (first, *behind)] == [1, 2, 3]
    assert hand.waited(now, 2) == [], "the fourth was just read"
    hand.put_back(held._replace(parcel=held.parcel._replace(read_at=now)) for held in behind)
    assert numbers(hand) == [2, 3, 4, 5, 6]


def test_what_is_laid_out_is_kept_while_the_clock_runs_on_and_does_not_leap() -> None:
    hand, second = ReadyQueue(), timedelta(seconds=1)
    assert hand.may_keep(at(23)), "nothing is laid out"
    hand.lay_out([parcel(1, at(9, 1))], SAFE)
    hand.lay_out([parcel(2, at(9, 2))], SAFE)
    kept = [hand.may_keep(moment) for moment in (READ - second, READ, SAFE - second, SAFE)]
    assert kept == [False, True, True, False]
    assert [held.parcel.delivery.id for held in hand.swept()] == [1, 2]
    assert (hand.laid_out, hand.next_due) == (0, None)
