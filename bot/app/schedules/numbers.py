"""Reads the numbers of a community."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.app.ports import PeopleCount, UnitOfWork
from bot.app.text.numbers import CommunityNumbers
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.hours import hours_of
from bot.domain.schedule.session import Session


async def numbers_of(work: UnitOfWork, community: Community, schedule: Schedule) -> CommunityNumbers:
    """Return the people, the promises, and the people in each session and hour of a community's conference."""
    slug, zone = schedule.conference.slug, schedule.conference.tz
    sessions = sorted((session for session in schedule.sessions if session.takes_place), key=_by_start)
    by_hour = [(session.id, hour) for session in sessions for hour in hours_of(session, zone)]
    hours = sorted({hour for _, hour in by_hour})
    counted = await work.numbers.going(
        community.id, slug, [(session.id, index) for index, session in enumerate(sessions)]
    )
    people = await work.numbers.people(community.id, slug)
    return CommunityNumbers(
        schedule,
        people[0] if people else PeopleCount(community.platform, 0, 0, 0),
        await work.numbers.nudges(community.id),
        [(session, counted.get(at, 0)) for at, session in enumerate(sessions)],
        await _in_hours(work, community, slug, by_hour, hours),
        await work.feedback.counts(community.id, slug) if community.feedback else None,
        await work.feedback.words(community.id, slug) if community.feedback else {},
    )


async def _in_hours(
    work: UnitOfWork,
    community: Community,
    slug: str,
    by_hour: Iterable[tuple[str, datetime]],
    hours: Sequence[datetime],
) -> Sequence[tuple[datetime, int]]:
    numbered: Mapping[datetime, int] = {hour: index for index, hour in enumerate(hours)}
    counts = await work.numbers.going(community.id, slug, [(id_, numbered[hour]) for id_, hour in by_hour])
    return [(hour, counts.get(index, 0)) for index, hour in enumerate(hours)]


def _by_start(session: Session) -> tuple[datetime, str]:
    return session.starts_at, session.id
