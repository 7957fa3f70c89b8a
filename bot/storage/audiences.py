"""Whom an announcement is for and what became of it, in SQL: counted and read in chunks, never all at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import DOUBT, Crowd, Delivery, DeliveryState, DeliveryStats
from bot.app.ports.announcements import ACTED, ranks
from bot.domain.announcements.audience import AudienceFilter
from bot.domain.attendee.attendee import Attendee, Choice
from bot.storage import rows, tables
from bot.storage.among import among
from bot.storage.deliveries import OUTBOX, WHOLE
from bot.storage.people import COMMUNITY, PERSON, people_of, people_query
from bot.storage.rights import DEED, ORGANIZER
from bot.storage.types import Instant

CHOSEN, SESSION = tables.attendance.c, tables.session.c
OWED, HELD, SENT = DeliveryState.OWED.value, DeliveryState.HELD.value, DeliveryState.SENT.value
RECALLED = DeliveryState.RECALLED.value
ANNOUNCED = OUTBOX.kind == literal_column("'announcement'")
"""Literally, or SQLite does not see that the partial index will do."""


@dataclass(frozen=True, slots=True)
class SqlAudiences:
    """`ports.Audiences` on one connection."""

    connection: AsyncConnection

    async def crowd(self, communities: Collection[int], conference: str, sieve: AudienceFilter) -> Crowd:
        """One statement: the database counts."""
        agreed = PERSON.announcements.is_not(None)
        thread = and_(PERSON.threads, COMMUNITY.reminders != "")
        refused = and_(PERSON.refused != "", ~thread)
        query = select(PERSON.quiet, agreed, refused, func.count()).join(
            tables.community, COMMUNITY.id == PERSON.community
        )
        inside = tuple(self._in(communities, conference, sieve))
        query = query.where(*(inside if len(communities) == 1 else [PERSON.id.in_(_people(inside))]))
        query = query.group_by(PERSON.quiet, agreed, refused)
        people, silent, unreachable, dms = 0, 0, 0, dict[str, int]()
        for quiet, has_agreed, is_refused, number in await self.connection.execute(query):
            people += number
            if not has_agreed:
                silent += number
            elif is_refused:
                unreachable += number
            else:
                dms[quiet or ""] = dms.get(quiet or "", 0) + number
        return Crowd(people, silent, unreachable, dms)

    async def after(
        self, communities: Collection[int], conference: str, sieve: AudienceFilter, attendee: int, limit: int
    ) -> Sequence[Attendee]:
        """By id."""
        wanted = (*self._in(communities, conference, sieve), PERSON.announcements.is_not(None), PERSON.id > attendee)
        query = people_query().where(*wanted).limit(limit)
        return await people_of(self.connection, query)

    def _in(
        self, communities: Collection[int], conference: str, sieve: AudienceFilter
    ) -> Iterator[ColumnElement[bool]]:
        """What `AudienceFilter.passes` says, one condition for each of its terms."""
        yield PERSON.community.in_(list(communities))
        yield COMMUNITY.left_at.is_(None)
        chose = select(CHOSEN.attendee).where(CHOSEN.conference == conference)
        for sessions in sieve.going:
            going = chose.where(
                among(self.connection, CHOSEN.session, sorted(sessions)), CHOSEN.choice == Choice.GOING.value
            )
            yield PERSON.id.in_(going)
        for session in sieve.backups:
            either = or_(CHOSEN.session == session, CHOSEN.backup_of == session)
            yield PERSON.id.in_(chose.where(CHOSEN.choice == Choice.BACKUP.value, either))
        for venue in sieve.stays:
            yield PERSON.stay == venue
        for venue in sieve.nexts:
            yield PERSON.id.in_(self._next_in(venue, conference, sieve))
        if sieve.organizers:
            holds = or_(ORGANIZER.until.is_(None), ORGANIZER.until > sieve.now)
            named = select(ORGANIZER.user).where(ORGANIZER.community == PERSON.community, holds)
            lately = (DEED.community == PERSON.community, DEED.allowed, DEED.at > sieve.now - ACTED)
            yield or_(PERSON.user.in_(named), PERSON.user.in_(select(DEED.user).where(*lately)))

    def _next_in(self, venue: str, conference: str, sieve: AudienceFilter) -> Select[Any]:
        """Whose first session to come is in a venue."""
        there = func.min(case((SESSION.venue == venue, SESSION.starts_at)))
        together = and_(SESSION.conference == CHOSEN.conference, SESSION.id == CHOSEN.session)
        coming = among(self.connection, CHOSEN.session, [each.id for each in sieve.upcoming])
        goes = (CHOSEN.conference == conference, coming, CHOSEN.choice == Choice.GOING.value)
        query = select(CHOSEN.attendee).join(tables.session, together).where(*goes)
        return query.group_by(CHOSEN.attendee).having(func.min(SESSION.starts_at) == there)


@dataclass(frozen=True, slots=True)
class SqlMailings:
    """`ports.AnnouncementDeliveries` on one connection."""

    connection: AsyncConnection

    async def tally(self, announcement: int, community: int | None = None) -> DeliveryStats:
        """One statement: the database counts."""
        instead = and_(OUTBOX.state == SENT, PERSON.thread != "", OUTBOX.stands_in == PERSON.thread)
        columns = (OUTBOX.state, OUTBOX.error, func.sum(case((instead, 1), else_=0)), func.count())
        query = select(*columns, func.min(OUTBOX.wake_at)).outerjoin(tables.attendee, PERSON.id == OUTBOX.attendee)
        query = query.where(*_of(announcement)).group_by(OUTBOX.state, OUTBOX.error)
        query = query.where(OUTBOX.community == community) if community is not None else query
        states, reasons = dict[DeliveryState, int](), dict[str, int]()
        threads, wakes = 0, []
        for state, error, elsewhere, number, wake in await self.connection.execute(query):
            known = DeliveryState(state)
            states[known] = states.get(known, 0) + number
            if error:
                reasons[error] = reasons.get(error, 0) + number
            threads += elsewhere
            wakes += [wake] if wake else []
        return DeliveryStats(states, reasons, threads, min(wakes, default=None))

    async def delays(self, announcement: int) -> tuple[timedelta, timedelta] | None:
        """The database sorts; two numbers come back."""
        since = case((OUTBOX.owed_at > OUTBOX.due_at, OUTBOX.owed_at), else_=OUTBOX.due_at)
        late = type_coerce(OUTBOX.settled_at, BigInteger) - type_coerce(since, BigInteger)
        sent = (*_of(announcement), OUTBOX.state.in_((SENT, RECALLED)))
        number = await self.connection.scalar(select(func.count()).where(*sent)) or 0
        if not number:
            return None
        sorted_by_it = select(late).where(*sent).order_by(late).limit(1)
        found = [await self.connection.scalar(sorted_by_it.offset(rank)) or 0 for rank in ranks(number)]
        return timedelta(microseconds=found[0]), timedelta(microseconds=found[1])

    async def turn(self, announcement: int, to: DeliveryState, now: datetime, error: str = "") -> int:
        """One statement."""
        of = _of(announcement)
        if to is DeliveryState.HELD:
            change = update(tables.delivery).where(*of, OUTBOX.state == OWED).values(state=HELD, wake_at=None)
        elif to is DeliveryState.OWED:
            at = case((OUTBOX.due_at > now, OUTBOX.due_at), else_=literal(now, Instant))
            change = (
                update(tables.delivery).where(*of, OUTBOX.state == HELD).values(state=OWED, wake_at=at, settled_at=None)
            )
        else:
            doubted = OUTBOX.error.startswith(DOUBT)
            state = case((doubted, DeliveryState.UNCERTAIN.value), else_=to.value)
            ended = {"state": state, "wake_at": None, "settled_at": now}
            ended["error"] = case((doubted, OUTBOX.error), else_=error)
            change = update(tables.delivery).where(*of, OUTBOX.state.in_((OWED, HELD))).values(**ended)
        return (await self.connection.execute(change)).rowcount

    async def after(self, announcement: int, delivery: int, limit: int) -> Sequence[Delivery]:
        """By id."""
        query = select(*WHOLE).where(*_of(announcement), OUTBOX.id > delivery).order_by(OUTBOX.id).limit(limit)
        return [rows.delivery_of(row) for row in await self.connection.execute(query)]

    async def mark(self, marks: Mapping[int, tuple[DeliveryState, str]]) -> None:
        """One statement for all of them."""
        if marks:
            values = [{"which": id_, "becomes": state.value, "why": why} for id_, (state, why) in marks.items()]
            change = update(tables.delivery).where(OUTBOX.id == bindparam("which"))
            await self.connection.execute(change.values(state=bindparam("becomes"), error=bindparam("why")), values)


def _people(inside: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """One attendee for each person among several communities: one who agreed, if there is one."""
    first = (PERSON.announcements.is_(None), PERSON.id)
    place = func.row_number().over(partition_by=(COMMUNITY.platform, PERSON.user), order_by=first).label("place")
    joined = select(PERSON.id, place).join(tables.community, COMMUNITY.id == PERSON.community)
    ranked = joined.where(*inside).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


def _of(announcement: int) -> tuple[ColumnElement[bool], ...]:
    return (ANNOUNCED, OUTBOX.subject == str(announcement))
