"""The counts of people, agendas and nudges, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import DISCARDED, LATE_AFTER, TOO_LATE, DeliveryState, NudgeCount, NudgeOutcome, Numbers, PeopleCount
from bot.domain.attendee.attendee import Choice
from bot.domain.nudges.nudge import UNPLANNED, NudgeKind
from bot.storage import tables
from bot.storage.bulk import table_of
from bot.storage.repositories.deliveries import OUTBOX, SECOND
from bot.storage.repositories.people import COMMUNITY, PERSON

CHOSEN = tables.attendance.c
GOING = CHOSEN.choice == Choice.GOING.value
PLANNED = [kind.value for kind in NudgeKind if kind not in UNPLANNED]


@dataclass(frozen=True, slots=True)
class SqlNumbers(Numbers):
    """`ports.Numbers` on one connection."""

    connection: AsyncConnection

    @override
    async def people(self, community: int | None = None, conference: str | None = None) -> Sequence[PeopleCount]:
        planned = select(CHOSEN.attendee).where(CHOSEN.attendee == PERSON.id, GOING)
        planned = planned if conference is None else planned.where(CHOSEN.conference == conference)
        reminded = and_(PERSON.nudges_on.is_(True), PERSON.agreed_at.is_not(None))
        counts = (func.count(), _sum_of(reminded), _sum_of(planned.exists()))
        joined = tables.attendee.join(tables.community, PERSON.community == COMMUNITY.id)
        query = select(COMMUNITY.platform, *counts).select_from(joined).where(_in_community(community))
        rows = await self.connection.execute(query.group_by(COMMUNITY.platform).order_by(COMMUNITY.platform))
        return [
            PeopleCount(platform, all_, int(reminded), int(with_agenda))
            for platform, all_, reminded, with_agenda in rows
        ]

    @override
    async def nudges(self, community: int | None = None) -> Sequence[NudgeCount]:
        joined = tables.delivery.join(tables.attendee, PERSON.id == OUTBOX.attendee)
        joined = joined.join(tables.community, PERSON.community == COMMUNITY.id)
        outcome = _outcome().label("outcome")
        of = (COMMUNITY.platform, OUTBOX.kind, outcome)
        query = select(*of, func.count()).select_from(joined)
        query = query.where(_in_community(community), OUTBOX.kind.in_(PLANNED), outcome.is_not(None))
        rows = await self.connection.execute(query.group_by(*of).order_by(*of))
        return [NudgeCount(where, NudgeKind(kind), NudgeOutcome(end), count) for where, kind, end, count in rows]

    @override
    async def going(self, community: int, conference: str, groups: Sequence[tuple[str, int]]) -> Mapping[int, int]:
        if not groups:
            return {}
        members = table_of(self.connection, {"member": str, "number": int}, groups).c
        joined = tables.attendance.join(tables.attendee, PERSON.id == CHOSEN.attendee)
        of = (PERSON.community == community, CHOSEN.conference == conference, GOING, CHOSEN.session == members.member)
        query = select(members.number, func.count(CHOSEN.attendee.distinct())).select_from(joined).where(*of)
        rows = await self.connection.execute(query.group_by(members.number))
        return {number: count for number, count in rows}  # noqa: C416 — rows are no pairs for `dict`


def _in_community(community: int | None) -> ColumnElement[bool]:
    return COMMUNITY.left_at.is_(None) if community is None else COMMUNITY.id == community


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _outcome() -> ColumnElement[str]:
    """What became of a nudge; NULL where nothing was promised, or nothing is known yet."""
    state = OUTBOX.state
    promised_at = case((OUTBOX.owed_at > OUTBOX.due_at, OUTBOX.owed_at), else_=OUTBOX.due_at)
    took = type_coerce(OUTBOX.settled_at, BigInteger) - type_coerce(promised_at, BigInteger)
    late = took > OUTBOX.patience * SECOND + int(LATE_AFTER.total_seconds()) * SECOND
    expired = and_(state == DeliveryState.EXPIRED.value, OUTBOX.error.in_([TOO_LATE, DISCARDED]))
    return case(
        (and_(state == DeliveryState.SENT.value, late), NudgeOutcome.LATE.value),
        (state == DeliveryState.SENT.value, NudgeOutcome.ON_TIME.value),
        (and_(state == DeliveryState.UNCERTAIN.value, OUTBOX.settled_at.is_not(None)), NudgeOutcome.UNCERTAIN.value),
        (state == DeliveryState.REFUSED.value, NudgeOutcome.REFUSED.value),
        (state == DeliveryState.DEAD.value, NudgeOutcome.FAILED.value),
        (expired, NudgeOutcome.EXPIRED.value),
    )
