"""Reads the answers of attendees about sessions and rooms."""

from collections.abc import Sequence
from datetime import date

from bot.app.ports import UnitOfWork
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee, Community
from bot.domain.attendee.feedback import RoomNews, peers_of
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

NOTHING = RoomNews()


async def room_news(work: UnitOfWork, community: Community, schedule: Schedule, session: Session) -> RoomNews:
    """Return what is known about the room of a session; nothing, without a query, if the community does not ask."""
    if not community.feedback or session.online or session.is_block:
        return NOTHING
    asked = peers_of(session, schedule) | {session.id}
    slug = schedule.conference.slug
    counts = await work.feedback.counts(community.id, slug, asked)
    people = await work.feedback.people_at_doors(community.id, slug, asked) if counts else 0
    return RoomNews.of(session, counts, people)


def planned_sessions(attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, day: date) -> list[Session]:
    """Return the sessions that somebody attends on a day; of two that clash, only the planned one."""
    return [stop.session for stop in build_agenda(attendee, chosen, schedule, day).path]


async def rated_sessions(work: UnitOfWork, attendee: Attendee, schedule: Schedule) -> frozenset[str] | None:
    """Return the sessions that somebody rated; None, without a query, if the community does not ask."""
    if not attendee.community.feedback:
        return None
    answers = await work.feedback.of_attendee(attendee.id, schedule.conference.slug)
    return frozenset(answer.session for answer in answers if answer.useful is not None)
