"""What `hallway deliveries` does: how the outbox stands, what was set aside in it, and the operator's word on that.

Nothing is shown of what a message says or whom it is for.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.app.ports import Clock, DeadLetter
from bot.cli.database import opened
from bot.domain.errors import HallwayError


class DeadLetterError(HallwayError):
    """What an operator asked of the outbox cannot be done."""


async def standing(database: str) -> str:
    """How many deliveries stand in each state."""
    async with opened(database) as work:
        tally = await work.dead_letters.count_by_state()
    return "\n".join(f"{state.value:<10}{count:>10,}" for state, count in tally.items())


async def dead(database: str, clock: Clock) -> str:
    """What was set aside: id, kind, platform, since when, why, and whether it can still be of use."""
    async with opened(database) as work:
        found = await work.dead_letters.all()
    return "\n".join(_line(each, clock.now()) for each in found) or "Nothing was set aside."


async def retry(database: str, clock: Clock, which: int | None) -> str:
    """One delivery, or all, owed again. Raises `DeadLetterError` for one that is not dead or past its time."""
    async with opened(database, writes=True) as work:
        chosen = _chosen(await work.dead_letters.all(), which)
        again = await work.dead_letters.requeue(_ids(chosen), clock.now())
    if which is not None and not again:
        raise DeadLetterError(f"Delivery {which} is past its time: `hallway deliveries drop {which}` puts it away.")
    late = len(chosen) - again
    return f"{_count(again)} owed again." + (f" {_count(late)} of no use any more." if late else "")


async def drop(database: str, clock: Clock, which: int | None) -> str:
    """One delivery, or all, put away for good. Raises `DeadLetterError` for one that is not dead."""
    async with opened(database, writes=True) as work:
        gone = await work.dead_letters.discard(_ids(_chosen(await work.dead_letters.all(), which)), clock.now())
    return f"{_count(gone)} dropped."


def _chosen(found: Sequence[DeadLetter], which: int | None) -> Sequence[DeadLetter]:
    chosen = [each for each in found if which in (None, each.id)]
    if which is not None and not chosen:
        raise DeadLetterError(f"No delivery {which} was set aside: `hallway deliveries dead` lists those that were.")
    return chosen


def _ids(chosen: Sequence[DeadLetter]) -> Collection[int]:
    return [each.id for each in chosen]


def _line(each: DeadLetter, now: datetime) -> str:
    useful = "past its time" if each.expires_at <= now else f"of use for {_age(each.expires_at - now)}"
    since = f"{each.set_aside_at:%Y-%m-%d %H:%M} UTC, {_age(now - each.set_aside_at)} ago"
    tried = f"{each.attempts} attempt{'' if each.attempts == 1 else 's'}"
    return f"{each.id}  {each.kind}  {each.platform}  {since}  {useful}  {tried}: {each.reason}"


def _age(span: timedelta) -> str:
    """In the largest unit that fits."""
    for unit, name in ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if span >= unit:
            return f"{span // unit} {name}"
    return f"{max(span, timedelta()) // timedelta(seconds=1)} s"


def _count(number: int) -> str:
    return f"{number:,} {'delivery is' if number == 1 else 'deliveries are'}"
