"""The outbox, in SQL: the unique key says what is one delivery, the claim says who sends it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import POSSIBLY_SENT, Deliveries, Delivery, DeliveryFilter, DeliveryState, Outcome
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import PATIENT, UNPLANNED, Nudge, NudgeKind, Place
from bot.storage import tables
from bot.storage.bulk import among, insert_new, table_of
from bot.storage.mappers.deliveries import DELIVERY_COLUMNS, OWED_COLUMNS, delivery_of, owed_row, retimed
from bot.storage.pubsub import tell
from bot.storage.types import Instant, to_microseconds

OUTBOX = tables.delivery.c
SECOND = literal(1_000_000, BigInteger)
"""In microseconds; a whole number of 64 bits, or PostgreSQL would count patience in 32."""
MINUTE = literal(60_000_000, BigInteger)
OWED, CLAIMED = DeliveryState.OWED.value, DeliveryState.CLAIMED.value
WHOLE = tuple(OUTBOX[name] for name in DELIVERY_COLUMNS)
"""The columns that make a `Delivery`; the others serve the database."""
SETTLED: Mapping[str, type[Any]] = {
    "delivery": int,
    "fence": int,
    "untried": int,
    "state": str,
    "again_at": int,
    "done_at": int,
    "error": str,
    "channel": str,
    "message": str,
}
"""What is said of an attempt. Thousands are recorded at once, and as parameters each would cost ten times as much."""
CHANGING = ("due_at", "expires_at", "facts", "catch_up", "early")
DEADLINE = OUTBOX.due_at.op("+", return_type=BigInteger())(OUTBOX.patience * SECOND)


@dataclass(frozen=True, slots=True)
class SqlDeliveries(Deliveries):
    """`ports.Deliveries` on one connection."""

    connection: AsyncConnection

    @override
    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        stored = await self._owed_to([attendee.id for attendee, _ in plans])
        planned = {nudge.key: (attendee.community, nudge) for attendee, nudges in plans for nudge in nudges}
        await self._withdraw([row.id for key, row in stored.items() if key not in planned and _may_change(row, now)])
        await self._retime(
            [
                (stored[key].id, *retimed(nudge))
                for key, (_, nudge) in planned.items()
                if key in stored and _differs(stored[key], nudge)
            ]
        )
        new = {key: owed for key, owed in planned.items() if key not in stored and _may_change(owed[1], now)}
        await self._add(new, now)
        if planned:
            await tell(self.connection, min(nudge.due_at for _, nudge in planned.values()), now)

    @override
    async def add(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        await self._add({each[1].key: each for each in owed}, now)
        if owed:
            await tell(self.connection, min(nudge.due_at for _, nudge in owed), now)

    @override
    async def take_back(self, kind: NudgeKind, place: Place) -> Sequence[Nudge]:
        # One statement: a delivery that another process claims meanwhile stays with it.
        waiting = (OUTBOX.kind == kind.value, *_stands(place), OUTBOX.state == OWED)
        gone = await self.connection.execute(delete(tables.delivery).where(*waiting).returning(*WHOLE))
        return [delivery_of(row).nudge for row in gone]

    @override
    async def claim(
        self,
        scopes: Collection[DeliveryFilter],
        now: datetime,
        until: datetime,
        limit: int,
        ahead: timedelta = timedelta(),
    ) -> list[Delivery]:
        # One statement, so that two processes never lease the same row.
        # A CTE is evaluated once; PostgreSQL may evaluate a locking subquery again and again, past its limit.
        first = _most_urgent(scopes, now, ahead).limit(limit)
        picked = first.with_for_update(skip_locked=True, of=tables.delivery).cte("due")
        doubted = case((OUTBOX.state == CLAIMED, POSSIBLY_SENT), else_=OUTBOX.error)
        lease = {"state": CLAIMED, "attempt": OUTBOX.attempt + 1, "wake_at": until, "error": doubted}
        statement = update(tables.delivery).where(OUTBOX.id.in_(select(picked.c.id))).values(lease).returning(*WHOLE)
        claimed = (await self.connection.execute(statement)).all()
        return sorted(map(delivery_of, claimed), key=lambda each: (each.nudge.deadline, each.id))

    @override
    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        # Only rows whose lease is still held change: `attempt` is the fencing token.
        if not outcomes:
            return
        told = table_of(self.connection, SETTLED, [_settled(outcome) for outcome in outcomes]).c
        holds = (OUTBOX.id == told.delivery, _where(OUTBOX.state == CLAIMED, OUTBOX.attempt) == told.fence)
        becomes = {
            "attempt": OUTBOX.attempt - told.untried,
            "state": told.state,
            "wake_at": told.again_at,
            "settled_at": told.done_at,
            "error": told.error,
            "stands_in": told.channel,
            "stands_as": told.message,
        }
        await self.connection.execute(update(tables.delivery).where(*holds).values(becomes))

    @override
    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        query = select(func.min(OUTBOX.wake_at)).where(within(scopes), OUTBOX.wake_at.is_not(None))
        due: datetime | None = await self.connection.scalar(query)
        return due

    @override
    async def of(self, attendee: int) -> Sequence[Delivery]:
        query = select(*WHOLE).where(OUTBOX.attendee == attendee).order_by(OUTBOX.due_at, OUTBOX.id)
        return [delivery_of(row) for row in await self.connection.execute(query)]

    @override
    async def at(self, place: Place) -> Sequence[Delivery]:
        query = select(*WHOLE).where(*_stands(place)).order_by(OUTBOX.due_at, OUTBOX.id)
        return [delivery_of(row) for row in await self.connection.execute(query)]

    async def _owed_to(self, attendees: Sequence[int]) -> Mapping[str, Row[Any]]:
        columns = (OUTBOX.id, OUTBOX.key, *(OUTBOX[name] for name in CHANGING))
        planned = (OUTBOX.state == OWED, OUTBOX.kind.not_in([kind.value for kind in UNPLANNED]))
        query = select(*columns).where(among(self.connection, OUTBOX.attendee, attendees), *planned)
        return {row.key: row for row in await self.connection.execute(query)}

    async def _withdraw(self, ids: Sequence[int]) -> None:
        if ids:
            # Another process may have claimed one of them since they were read.
            still_owed = (among(self.connection, OUTBOX.id, ids), OUTBOX.state == OWED)
            await self.connection.execute(delete(tables.delivery).where(*still_owed))

    async def _retime(self, changes: Sequence[tuple[int | str, ...]]) -> None:
        """Each is an id and what it is changed to."""
        if changes:
            columns = {"delivery": int, **{name: OWED_COLUMNS[name] for name in CHANGING}}
            told = table_of(self.connection, columns, changes).c
            becomes = {name: told[name] for name in CHANGING} | {"catch_up": told.catch_up == 1, "wake_at": told.due_at}
            still_owed = (OUTBOX.id == told.delivery, _where(OUTBOX.state == OWED, OUTBOX.id) == told.delivery)
            await self.connection.execute(update(tables.delivery).where(*still_owed).values(becomes))

    async def _add(self, new: Mapping[str, tuple[Community, Nudge]], now: datetime) -> None:
        """By their keys."""
        if new:
            since = to_microseconds(now)
            owed = [owed_row(community, nudge, key, since) for key, (community, nudge) in new.items()]
            await insert_new(self.connection, tables.delivery, OWED_COLUMNS, owed)


def _most_urgent(scopes: Collection[DeliveryFilter], now: datetime, ahead: timedelta) -> Select[tuple[int]]:
    """What may be claimed, in its order: by minutes of the deadline, in each the communities in turns."""
    due: ColumnElement[bool] = OUTBOX.wake_at <= now
    if ahead:
        untried = and_(OUTBOX.state == OWED, OUTBOX.attempt == 0)
        ripe = OUTBOX.due_at.op("-", return_type=Instant())(OUTBOX.early * SECOND) <= now
        due = and_(OUTBOX.wake_at <= now + ahead, or_(due, and_(untried, ripe)))
    exact = DEADLINE.op("/", return_type=BigInteger())(MINUTE)
    # What can wait for hours takes turns whenever it was owed: or a large announcement would hold up all small ones.
    whenever = literal(to_microseconds(now + PATIENT) // 60_000_000, BigInteger)
    minute = case((OUTBOX.patience >= int(PATIENT.total_seconds()), whenever), else_=exact)
    communities = {scope.community for scope in scopes}
    if len(communities) == 1 and None not in communities:
        # Who is alone takes no turns: ranking all that is due for every claim would be for nothing.
        return select(OUTBOX.id).where(within(scopes), due).order_by(minute, DEADLINE, OUTBOX.id)
    turn = func.row_number().over(partition_by=(minute, OUTBOX.community), order_by=(DEADLINE, OUTBOX.id))
    named = (DEADLINE.label("deadline"), minute.label("minute"), turn.label("turn"))
    ranked = select(OUTBOX.id, *named).where(within(scopes), due).cte("ranked")
    # Asked again of the row itself: somebody may have claimed it since it was ranked.
    still_due = _where(OUTBOX.wake_at <= now + ahead, OUTBOX.id) == ranked.c.id
    found = select(OUTBOX.id).join(ranked, and_(ranked.c.id == OUTBOX.id, still_due))
    return found.order_by(ranked.c.minute, ranked.c.turn, ranked.c.deadline, OUTBOX.id)


def _where(condition: ColumnElement[bool], column: ColumnElement[int]) -> ColumnElement[int | None]:
    """The `column` where a condition holds, else null: for joins with what changes within a second.

    Asked for what is due (or claimed, or owed) by itself, PostgreSQL expects as much as when it last counted. In a
    peak that was nothing: then it compares everything with everything, which takes half a minute and not 70 ms.
    """
    return case((condition, column))


def within(scopes: Collection[DeliveryFilter]) -> ColumnElement[bool]:
    """Whether a delivery is in one of `scopes`."""
    return or_(False, *(_of(scope) for scope in scopes))  # noqa: FBT003 — SQL's own FALSE: no scope, no rows


def _of(scope: DeliveryFilter) -> ColumnElement[bool]:
    on_platform = OUTBOX.platform == scope.platform
    return on_platform if scope.community is None else and_(on_platform, OUTBOX.community == scope.community)


def _may_change(owed: Row[Any] | Nudge, now: datetime) -> bool:
    """What does not catch up is neither added nor withdrawn once it is due: a plan made then leaves it out."""
    return bool(owed.catch_up) or owed.due_at > now


def _differs(stored: Row[Any], nudge: Nudge) -> bool:
    planned = (nudge.due_at, nudge.expires_at, nudge.facts, nudge.catch_up, int(nudge.early.total_seconds()))
    return tuple(stored[-len(CHANGING) :]) != planned


def _settled(outcome: Outcome) -> tuple[Any, ...]:
    """In the order of `SETTLED`."""
    delivery, attempt, state, at, error, retry_at, channel, message, tried = outcome
    again = retry_at is not None or state is DeliveryState.OWED
    again_at = to_microseconds(retry_at or at) if again else None
    done_at = None if again else to_microseconds(at)
    return delivery, attempt, int(not tried), state, again_at, done_at, error, channel, message


def _stands(place: Place) -> tuple[ColumnElement[bool], ...]:
    return OUTBOX.community == place.community, OUTBOX.channel == place.channel, OUTBOX.attendee.is_(None)
