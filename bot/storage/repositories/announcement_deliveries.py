"""The deliveries of one announcement, in SQL: counted and read in chunks, never all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import POSSIBLY_SENT, AnnouncementDeliveries, Delivery, DeliveryState, DeliveryStats
from bot.app.ports.announcements import percentile_ranks
from bot.storage import tables
from bot.storage.mappers.deliveries import delivery_of
from bot.storage.repositories.deliveries import COLUMNS, OUTBOX
from bot.storage.repositories.people import PERSON
from bot.storage.types import Instant

OWED, HELD, SENT = DeliveryState.OWED.value, DeliveryState.HELD.value, DeliveryState.SENT.value


RECALLED = DeliveryState.RECALLED.value


ANNOUNCED = OUTBOX.kind == literal_column("'announcement'")
"""Written literally, because otherwise SQLite does not recognize that it can use the partial index."""


@dataclass(frozen=True, slots=True)
class SqlAnnouncementDeliveries(AnnouncementDeliveries):
    """`ports.AnnouncementDeliveries` on one connection."""

    connection: AsyncConnection

    @override
    async def stats(self, announcement: int, community: int | None = None) -> DeliveryStats:
        instead = and_(OUTBOX.state == SENT, PERSON.thread != "", OUTBOX.stands_in == PERSON.thread)
        columns = (OUTBOX.state, OUTBOX.error, func.sum(case((instead, 1), else_=0)), func.count())
        query = select(*columns, func.min(OUTBOX.wake_at)).outerjoin(tables.attendee, PERSON.id == OUTBOX.attendee)
        query = query.where(*_of(announcement)).group_by(OUTBOX.state, OUTBOX.error)
        query = query.where(OUTBOX.community == community) if community is not None else query
        states, reasons = dict[DeliveryState, int](), dict[str, int]()
        threads, wakes = 0, []
        for state, error, elsewhere, number, wake in await self.connection.execute(query):
            key = DeliveryState(state)
            states[key] = states.get(key, 0) + number
            if error:
                reasons[error] = reasons.get(error, 0) + number
            threads += elsewhere
            wakes += [wake] if wake else []
        return DeliveryStats(states, reasons, threads, min(wakes, default=None))

    @override
    async def delays(self, announcement: int) -> tuple[timedelta, timedelta] | None:
        # The database sorts; only two numbers are read.
        since = case((OUTBOX.owed_at > OUTBOX.due_at, OUTBOX.owed_at), else_=OUTBOX.due_at)
        late = type_coerce(OUTBOX.settled_at, BigInteger) - type_coerce(since, BigInteger)
        sent = (*_of(announcement), OUTBOX.state.in_((SENT, RECALLED)))
        number = await self.connection.scalar(select(func.count()).where(*sent)) or 0
        if not number:
            return None
        sorted_by_it = select(late).where(*sent).order_by(late).limit(1)
        percentiles = [
            await self.connection.scalar(sorted_by_it.offset(rank)) or 0 for rank in percentile_ranks(number)
        ]
        return timedelta(microseconds=percentiles[0]), timedelta(microseconds=percentiles[1])

    @override
    async def transition(self, announcement: int, to: DeliveryState, now: datetime, error: str = "") -> int:
        of = _of(announcement)
        if to is DeliveryState.HELD:
            change = update(tables.delivery).where(*of, OUTBOX.state == OWED).values(state=HELD, wake_at=None)
        elif to is DeliveryState.OWED:
            at = case((OUTBOX.due_at > now, OUTBOX.due_at), else_=literal(now, Instant))
            change = (
                update(tables.delivery).where(*of, OUTBOX.state == HELD).values(state=OWED, wake_at=at, settled_at=None)
            )
        else:
            doubted = OUTBOX.error.startswith(POSSIBLY_SENT)
            state = case((doubted, DeliveryState.UNCERTAIN.value), else_=to.value)
            ended = {"state": state, "wake_at": None, "settled_at": now}
            ended["error"] = case((doubted, OUTBOX.error), else_=error)
            change = update(tables.delivery).where(*of, OUTBOX.state.in_((OWED, HELD))).values(**ended)
        return (await self.connection.execute(change)).rowcount

    @override
    async def next_page(self, announcement: int, delivery: int, limit: int) -> Sequence[Delivery]:
        query = select(*COLUMNS).where(*_of(announcement), OUTBOX.id > delivery).order_by(OUTBOX.id).limit(limit)
        return [delivery_of(row) for row in await self.connection.execute(query)]

    @override
    async def record_amendments(self, states: Mapping[int, tuple[DeliveryState, str]]) -> None:
        if states:
            values = [{"which": id_, "becomes": state.value, "why": why} for id_, (state, why) in states.items()]
            change = update(tables.delivery).where(OUTBOX.id == bindparam("which"))
            await self.connection.execute(change.values(state=bindparam("becomes"), error=bindparam("why")), values)


def _of(announcement: int) -> tuple[ColumnElement[bool], ...]:
    return (ANNOUNCED, OUTBOX.subject == str(announcement))
