"""Reads what people said about sessions, and about rooms for those on their way."""

from bot.app.ports import UnitOfWork
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.attendee.feedback import RoomNews, peers_of
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

NOTHING = RoomNews()


async def room_news(work: UnitOfWork, community: Community, schedule: Schedule, session: Session) -> RoomNews:
    """Return what is known about the room of a session; nothing, without a query, where nobody is asked."""
    if not community.feedback or session.online or session.is_block:
        return NOTHING
    asked = peers_of(session, schedule) | {session.id}
    slug = schedule.conference.slug
    counts = await work.feedback.counts(community.id, slug, asked)
    people = await work.feedback.people_at_doors(community.id, slug, asked) if counts else 0
    return RoomNews.of(session, counts, people)


async def rated_sessions(work: UnitOfWork, attendee: Attendee, schedule: Schedule) -> frozenset[str] | None:
    """Return the sessions that somebody called useful or not; None, without a query, where nobody is asked."""
    if not attendee.community.feedback:
        return None
    answers = await work.feedback.of_attendee(attendee.id, schedule.conference.slug)
    return frozenset(each.session for each in answers if each.useful is not None)
