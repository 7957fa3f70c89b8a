"""The functions of `hallway deliveries`: count the deliveries by state, and list, requeue or remove failed ones.

The output never has the text or the recipient of a message.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.app.ports import Clock, DeadLetter
from bot.app.text import n, plain
from bot.cli.database import opened
from bot.domain.errors import HallwayError
from bot.domain.phrases import phrase


class DeadLetterError(HallwayError):
    """The operator's request about failed deliveries cannot be carried out."""


async def state_table(database: str) -> str:
    """Return a table with the number of deliveries in each state."""
    async with opened(database) as work:
        tally = await work.dead_letters.count_by_state()
    return "\n".join(f"{state.value:<10}{count:>10,}" for state, count in tally.items())


async def dead(database: str, clock: Clock) -> str:
    """List the failed deliveries: id, kind, platform, time of failure, expiry, number of attempts and reason."""
    async with opened(database) as work:
        dead_letters = await work.dead_letters.all()
    return "\n".join(_line(dead, clock.now()) for dead in dead_letters) or phrase("No failed deliveries.")


async def retry(database: str, clock: Clock, which: int | None) -> str:
    """Requeue one failed delivery, or all if `which` is None.

    Raises:
        DeadLetterError: the delivery has not failed, or has expired.
    """
    async with opened(database, writes=True) as work:
        chosen = _chosen(await work.dead_letters.all(), which)
        requeued = await work.dead_letters.requeue(_ids(chosen), clock.now())
    if which is not None and not requeued:
        raise DeadLetterError(
            "Delivery {which} has expired. To remove it: `hallway deliveries drop {which}`", which=which
        )
    late = len(chosen) - requeued
    if late:
        return phrase("Requeued {count:,}; {expired:,} expired.", count=requeued, expired=late)
    return phrase("Requeued {count:,}.", count=requeued)


async def drop(database: str, clock: Clock, which: int | None) -> str:
    """Remove one failed delivery, or all if `which` is None, for good.

    Raises:
        DeadLetterError: the delivery has not failed.
    """
    async with opened(database, writes=True) as work:
        removed = await work.dead_letters.discard(_ids(_chosen(await work.dead_letters.all(), which)), clock.now())
    return phrase("Removed {count:,}.", count=removed)


def _chosen(dead_letters: Sequence[DeadLetter], which: int | None) -> Sequence[DeadLetter]:
    chosen = [dead for dead in dead_letters if which in (None, dead.id)]
    if which is not None and not chosen:
        raise DeadLetterError(
            "There is no failed delivery {which}. See them all with `hallway deliveries dead`.", which=which
        )
    return chosen


def _ids(chosen: Sequence[DeadLetter]) -> Collection[int]:
    return [dead.id for dead in chosen]


def _line(dead: DeadLetter, now: datetime) -> str:
    expires, age = _age(dead.expires_at - now), _age(now - dead.set_aside_at)
    useful = phrase("expired") if dead.expires_at <= now else phrase("expires in {time}", time=expires)
    since = phrase("{moment:%Y-%m-%d %H:%M} UTC, {time} ago", moment=dead.set_aside_at, time=age)
    tried = plain(n("{count} attempt", "{count} attempts", dead.attempts))
    return f"{dead.id}  {dead.kind}  {dead.platform}  {since}  {useful}  {tried}: {dead.reason}"


def _age(span: timedelta) -> str:
    """Return the time span in its largest unit that is at least 1, as in `3 h`."""
    for unit, name in ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if span >= unit:
            return f"{span // unit} {name}"
    return f"{max(span, timedelta()) // timedelta(seconds=1)} s"
