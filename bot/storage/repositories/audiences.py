"""The members of audiences, in SQL: counted and read in chunks, never all at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import AudienceCount, Audiences
from bot.app.ports.announcements import RECENT_ORGANIZER
from bot.domain.announcements.audience import AudienceFilter
from bot.domain.attendee.attendee import Attendee, Choice
from bot.storage import tables
from bot.storage.bulk import among
from bot.storage.repositories.people import COMMUNITY, PERSON, people_of, people_query
from bot.storage.repositories.permissions import DEED, ORGANIZER

CHOSEN, SESSION = tables.attendance.c, tables.session.c


@dataclass(frozen=True, slots=True)
class SqlAudiences(Audiences):
    """`ports.Audiences` on one connection."""

    connection: AsyncConnection

    @override
    async def count(self, communities: Collection[int], conference: str, audience: AudienceFilter) -> AudienceCount:
        agreed = PERSON.announcements.is_not(None)
        thread = and_(PERSON.threads, COMMUNITY.reminders != "")
        refused = and_(PERSON.refused != "", ~thread)
        query = select(PERSON.quiet, agreed, refused, func.count()).join(
            tables.community, COMMUNITY.id == PERSON.community
        )
        inside = tuple(self._in(communities, conference, audience))
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
        return AudienceCount(people, silent, unreachable, dms)

    @override
    async def next_page(
        self, communities: Collection[int], conference: str, audience: AudienceFilter, attendee: int, limit: int
    ) -> Sequence[Attendee]:
        conditions = (
            *self._in(communities, conference, audience),
            PERSON.announcements.is_not(None),
            PERSON.id > attendee,
        )
        query = people_query().where(*conditions).limit(limit)
        return await people_of(self.connection, query)

    def _in(
        self, communities: Collection[int], conference: str, audience: AudienceFilter
    ) -> Iterator[ColumnElement[bool]]:
        """What `AudienceFilter.passes` says, one condition for each of its terms."""
        yield PERSON.community.in_(list(communities))
        yield COMMUNITY.left_at.is_(None)
        chose = select(CHOSEN.attendee).where(CHOSEN.conference == conference)
        for sessions in audience.going:
            going = chose.where(
                among(self.connection, CHOSEN.session, sorted(sessions)), CHOSEN.choice == Choice.GOING.value
            )
            yield PERSON.id.in_(going)
        for session in audience.backups:
            either = or_(CHOSEN.session == session, CHOSEN.backup_of == session)
            yield PERSON.id.in_(chose.where(CHOSEN.choice == Choice.BACKUP.value, either))
        for venue in audience.stays:
            yield PERSON.stay == venue
        for venue in audience.nexts:
            yield PERSON.id.in_(self._next_in(venue, conference, audience))
        if audience.organizers:
            holds = or_(ORGANIZER.until.is_(None), ORGANIZER.until > audience.now)
            named = select(ORGANIZER.user).where(ORGANIZER.community == PERSON.community, holds)
            lately = (DEED.community == PERSON.community, DEED.allowed, DEED.at > audience.now - RECENT_ORGANIZER)
            yield or_(PERSON.user.in_(named), PERSON.user.in_(select(DEED.user).where(*lately)))

    def _next_in(self, venue: str, conference: str, audience: AudienceFilter) -> Select[Any]:
        """Whose first session to come is in a venue."""
        first_start_there = func.min(case((SESSION.venue == venue, SESSION.starts_at)))
        same_session = and_(SESSION.conference == CHOSEN.conference, SESSION.id == CHOSEN.session)
        coming = among(self.connection, CHOSEN.session, [session.id for session in audience.upcoming])
        conditions = (CHOSEN.conference == conference, coming, CHOSEN.choice == Choice.GOING.value)
        query = select(CHOSEN.attendee).join(tables.session, same_session).where(*conditions)
        return query.group_by(CHOSEN.attendee).having(func.min(SESSION.starts_at) == first_start_there)


def _people(inside: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """One attendee for each person among several communities: one who agreed, if there is one."""
    first = (PERSON.announcements.is_(None), PERSON.id)
    place = func.row_number().over(partition_by=(COMMUNITY.platform, PERSON.user), order_by=first).label("place")
    joined = select(PERSON.id, place).join(tables.community, COMMUNITY.id == PERSON.community)
    ranked = joined.where(*inside).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)
