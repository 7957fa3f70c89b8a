"""The outbox, in SQL. The unique key prevents a second delivery; a claim decides which process sends it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    Update,
    and_,
    bindparam,
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

from bot.app.ports import ANSWERED, POSSIBLY_SENT, Deliveries, Delivery, DeliveryFilter, DeliveryState, Outcome
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import PATIENT, UNPLANNED, ChannelTarget, Nudge, NudgeKind
from bot.storage import tables
from bot.storage.bulk import among, insert_new, json_table, table_of
from bot.storage.mappers.deliveries import (
    DELIVERY_COLUMNS,
    KINDS,
    OUTCOME_COLUMNS,
    OWED_COLUMNS,
    PLAN_COLUMNS,
    delivery_of,
    outcome_row,
    owed_row,
    plan_row,
)
from bot.storage.pubsub import notify_owed
from bot.storage.types import Instant, to_microseconds

OUTBOX = tables.delivery.c
ROWS = "rows"
"""The parameter of a statement that takes a table as JSON."""
SECOND = literal(1_000_000, BigInteger)
"""In microseconds. A 64-bit literal: PostgreSQL would multiply `patience` in 32 bits and overflow."""
MINUTE = literal(60_000_000, BigInteger)
OWED, CLAIMED = DeliveryState.OWED.value, DeliveryState.CLAIMED.value
COLUMNS = tuple(OUTBOX[name] for name in DELIVERY_COLUMNS)
"""The columns of a `Delivery`. The other columns are for queries only."""
HAS_KIND = OUTBOX.kind.in_(list(KINDS))
"""The kinds of this version. During an upgrade a newer process adds others, which only newer processes send."""
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
                (stored[key].id, *plan_row(nudge))
                for key, (_, nudge) in planned.items()
                if key in stored and _differs(stored[key], nudge)
            ]
        )
        new = {key: owed for key, owed in planned.items() if key not in stored and _may_change(owed[1], now)}
        await self._add(new, now)
        if planned:
            await notify_owed(self.connection, min(nudge.due_at for _, nudge in planned.values()), now)

    @override
    async def leave_bys(self, attendees: Collection[int], since: datetime, *, hold: bool = False) -> Sequence[Delivery]:
        kinds = [NudgeKind.LEAVE_BY.value, NudgeKind.TAKEN_BACK.value]
        conditions = (among(self.connection, OUTBOX.attendee, attendees), OUTBOX.kind.in_(kinds))
        if hold and self.connection.dialect.name != "sqlite":
            # Else one that is claimed between this statement and the plan would be neither owed nor sent in the plan.
            await self.connection.execute(select(OUTBOX.id).where(*conditions, OUTBOX.state == OWED).with_for_update())
        ended = (OUTBOX.state != OWED, OUTBOX.expires_at > since)
        query = select(*COLUMNS).where(*conditions, *ended).order_by(OUTBOX.id)
        return [delivery_of(row) for row in await self.connection.execute(query)]

    @override
    async def superseded(self, deliveries: Collection[Delivery]) -> Collection[int]:
        leaving = [delivery for delivery in deliveries if delivery.nudge.kind is NudgeKind.LEAVE_BY]
        if not leaving:
            return set()
        # Not by a subquery for each: without statistics PostgreSQL reads all newer ids for each, 0.7 s for 2,500.
        about = (OUTBOX.attendee, OUTBOX.subject)
        people = among(self.connection, OUTBOX.attendee, {delivery.nudge.attendee for delivery in leaving})
        oldest = min(delivery.id for delivery in leaving)
        several = select(*about, func.max(OUTBOX.id)).group_by(*about).having(func.count() > 1)
        query = several.where(people, OUTBOX.kind == NudgeKind.LEAVE_BY.value, OUTBOX.id >= oldest)
        newest = {(attendee, subject): id_ for attendee, subject, id_ in await self.connection.execute(query)}
        return {
            delivery.id
            for delivery in leaving
            if delivery.id < newest.get((delivery.nudge.attendee, delivery.nudge.subject), 0)
        }

    @override
    async def add(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        await self._add({pair[1].key: pair for pair in owed}, now)
        if owed:
            await notify_owed(self.connection, min(nudge.due_at for _, nudge in owed), now)

    @override
    async def answer(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        await self._add({pair[1].key: pair for pair in owed}, now)
        ended = {"state": DeliveryState.EXPIRED.value, "wake_at": None, "settled_at": now, "error": ANSWERED}
        for _, nudge in owed:
            still_owed = (OUTBOX.key == nudge.key, OUTBOX.state == OWED)
            await self.connection.execute(
                update(tables.delivery).where(*still_owed).values(ended | {"facts": nudge.facts})
            )

    @override
    async def take_back(self, kind: NudgeKind, place: ChannelTarget) -> Sequence[Nudge]:
        # One statement: a delivery that another process claims meanwhile stays with it.
        waiting = (OUTBOX.kind == kind.value, *_in_channel(place), OUTBOX.state == OWED)
        deleted = await self.connection.execute(delete(tables.delivery).where(*waiting).returning(*COLUMNS))
        return [delivery_of(row).nudge for row in deleted]

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
        # A CTE is evaluated once. PostgreSQL may evaluate a locking subquery repeatedly and exceed its limit.
        first = _most_urgent(scopes, now, ahead).limit(limit)
        picked = first.with_for_update(skip_locked=True, of=tables.delivery).cte("due")
        doubted = case((OUTBOX.state == CLAIMED, POSSIBLY_SENT), else_=OUTBOX.error)
        lease = {"state": CLAIMED, "attempt": OUTBOX.attempt + 1, "wake_at": until, "error": doubted}
        statement = update(tables.delivery).where(OUTBOX.id.in_(select(picked.c.id))).values(lease).returning(*COLUMNS)
        claimed = (await self.connection.execute(statement)).all()
        return sorted(map(delivery_of, claimed), key=lambda delivery: (delivery.nudge.deadline, delivery.id))

    @override
    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        if outcomes:
            rows = json.dumps([outcome_row(outcome) for outcome in outcomes])
            await self.connection.execute(_recording(self.connection.dialect.name), {ROWS: rows})

    @override
    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        query = select(func.min(OUTBOX.wake_at)).where(within(scopes), HAS_KIND, OUTBOX.wake_at.is_not(None))
        due: datetime | None = await self.connection.scalar(query)
        return due

    @override
    async def of_attendee(self, attendee: int) -> Sequence[Delivery]:
        query = select(*COLUMNS).where(OUTBOX.attendee == attendee, HAS_KIND).order_by(OUTBOX.due_at, OUTBOX.id)
        return [delivery_of(row) for row in await self.connection.execute(query)]

    @override
    async def of_channel(self, place: ChannelTarget) -> Sequence[Delivery]:
        query = select(*COLUMNS).where(*_in_channel(place), HAS_KIND).order_by(OUTBOX.due_at, OUTBOX.id)
        return [delivery_of(row) for row in await self.connection.execute(query)]

    async def _owed_to(self, attendees: Sequence[int]) -> Mapping[str, Row[Any]]:
        columns = (OUTBOX.id, OUTBOX.key, *(OUTBOX[name] for name in PLAN_COLUMNS))
        # Deliveries planned by a newer version stay: this version does not know their kinds.
        planned = (OUTBOX.state == OWED, OUTBOX.kind.in_([kind.value for kind in NudgeKind if kind not in UNPLANNED]))
        query = select(*columns).where(among(self.connection, OUTBOX.attendee, attendees), *planned)
        return {row.key: row for row in await self.connection.execute(query)}

    async def _withdraw(self, ids: Sequence[int]) -> None:
        if ids:
            # Another process may have claimed one of them since they were read.
            still_owed = (among(self.connection, OUTBOX.id, ids), OUTBOX.state == OWED)
            await self.connection.execute(delete(tables.delivery).where(*still_owed))

    async def _retime(self, changes: Sequence[tuple[int | str, ...]]) -> None:
        """Update owed deliveries. Each change is an id and the columns `PLAN_COLUMNS`."""
        if changes:
            columns = {"delivery": int, **{name: OWED_COLUMNS[name] for name in PLAN_COLUMNS}}
            values = table_of(self.connection, columns, changes).c
            becomes = {name: values[name] for name in PLAN_COLUMNS} | {
                "catch_up": values.catch_up == 1,
                "wake_at": values.due_at,
            }
            still_owed = (
                OUTBOX.id == values.delivery,
                _hide_from_planner(OUTBOX.state == OWED, OUTBOX.id) == values.delivery,
            )
            await self.connection.execute(update(tables.delivery).where(*still_owed).values(becomes))

    async def _add(self, new: Mapping[str, tuple[Community, Nudge]], now: datetime) -> None:
        if new:
            since = to_microseconds(now)
            owed = [owed_row(community, nudge, key, since) for key, (community, nudge) in new.items()]
            await insert_new(self.connection, tables.delivery, OWED_COLUMNS, owed)


@cache
def _recording(dialect: str) -> Update:
    """Return the statement that records outcomes, which is used 40 times a second and expensive to build.

    Only rows whose lease is still held change: `attempt` is the fencing token.
    """
    values = json_table(dialect, OUTCOME_COLUMNS, bindparam(ROWS, type_=Text)).c
    holds = (OUTBOX.id == values.delivery, _hide_from_planner(OUTBOX.state == CLAIMED, OUTBOX.attempt) == values.fence)
    becomes = {
        "attempt": OUTBOX.attempt - values.untried,
        "state": values.state,
        "wake_at": values.again_at,
        "settled_at": values.done_at,
        "error": values.error,
        "stands_in": values.channel,
        "stands_as": values.message,
    }
    return update(tables.delivery).where(*holds).values(becomes)


def _most_urgent(scopes: Collection[DeliveryFilter], now: datetime, ahead: timedelta) -> Select[tuple[int]]:
    """Select the claimable deliveries by the minute of their deadline; within a minute the communities take turns."""
    due: ColumnElement[bool] = OUTBOX.wake_at <= now
    if ahead:
        untried = and_(OUTBOX.state == OWED, OUTBOX.attempt == 0)
        ripe = OUTBOX.due_at.op("-", return_type=Instant())(OUTBOX.early * SECOND) <= now
        due = and_(OUTBOX.wake_at <= now + ahead, or_(due, and_(untried, ripe)))
    exact = DEADLINE.op("/", return_type=BigInteger())(MINUTE)
    # Deliveries that can wait for hours share one minute. Otherwise a large announcement would delay all small ones.
    whenever = literal(to_microseconds(now + PATIENT) // 60_000_000, BigInteger)
    minute = case((OUTBOX.patience >= int(PATIENT.total_seconds()), whenever), else_=exact)
    communities = {scope.community for scope in scopes}
    if len(communities) == 1 and None not in communities:
        # One community needs no turns, so ranking everything that is due is left out.
        return select(OUTBOX.id).where(within(scopes), HAS_KIND, due).order_by(minute, DEADLINE, OUTBOX.id)
    turn = func.row_number().over(partition_by=(minute, OUTBOX.community), order_by=(DEADLINE, OUTBOX.id))
    named = (DEADLINE.label("deadline"), minute.label("minute"), turn.label("turn"))
    ranked = select(OUTBOX.id, *named).where(within(scopes), HAS_KIND, due).cte("ranked")
    # Checked on the row itself again: another process may have claimed it since it was ranked.
    still_due = _hide_from_planner(OUTBOX.wake_at <= now + ahead, OUTBOX.id) == ranked.c.id
    ids = select(OUTBOX.id).join(ranked, and_(ranked.c.id == OUTBOX.id, still_due))
    return ids.order_by(ranked.c.minute, ranked.c.turn, ranked.c.deadline, OUTBOX.id)


def _hide_from_planner(condition: ColumnElement[bool], column: ColumnElement[int]) -> ColumnElement[int | None]:
    """Return `column` where `condition` holds, else NULL, to hide a filter on state from PostgreSQL's planner.

    Statistics from before a peak estimate 0 due rows, and the planner chooses a nested loop: 30 s instead of 70 ms.
    """
    return case((condition, column))


def within(scopes: Collection[DeliveryFilter]) -> ColumnElement[bool]:
    """Return the condition that a delivery is in one of `scopes`."""
    return or_(False, *(_matches(scope) for scope in scopes))  # noqa: FBT003 — the literal FALSE of SQL: no scopes, no rows


def _matches(scope: DeliveryFilter) -> ColumnElement[bool]:
    on_platform = OUTBOX.platform == scope.platform
    return on_platform if scope.community is None else and_(on_platform, OUTBOX.community == scope.community)


def _may_change(owed: Row[Any] | Nudge, now: datetime) -> bool:
    """Tell whether planning may add or withdraw it. A due nudge without `catch_up` is left as it is."""
    return bool(owed.catch_up) or owed.due_at > now


def _differs(stored: Row[Any], nudge: Nudge) -> bool:
    planned = (nudge.due_at, nudge.expires_at, nudge.facts, nudge.catch_up, int(nudge.early.total_seconds()))
    return tuple(stored[-len(PLAN_COLUMNS) :]) != planned


def _in_channel(place: ChannelTarget) -> tuple[ColumnElement[bool], ...]:
    return OUTBOX.community == place.community, OUTBOX.channel == place.channel, OUTBOX.attendee.is_(None)
