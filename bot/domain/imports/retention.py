"""What becomes of sessions that a new version of the schedule does not have any more: nothing is lost in silence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session, SessionState


def at_stake(schedule: Schedule, now: datetime) -> Sequence[Session]:
    """The listed sessions that a new version can take away: those to come, or all once the conference is over.

    Feeds drop what is over, and that is no news: it stays as it was, or nobody's recap would be whole.
    """
    return [session for session in schedule.listed if session.starts_at > now] or schedule.listed


def carried(fresh: Schedule, old: Schedule | None, now: datetime) -> Schedule:
    """`fresh` with the sessions that only `old` has: cancelled stays cancelled, what was to come is unlisted."""
    if old is None:
        return fresh
    losing = {session.id for session in at_stake(old, now)}
    gone = [session for session in old.sessions if session.id not in fresh.by_id]
    kept = (_unlisted(session) if session.id in losing else session for session in gone)
    whole = replace(fresh, sessions=(*fresh.sessions, *kept))
    unchanged = replace(whole, conference=replace(whole.conference, revision=old.conference.revision))
    if unchanged == old:
        return old
    return replace(whole, conference=replace(whole.conference, revision=old.conference.revision + 1))


def _unlisted(session: Session) -> Session:
    """Nobody said that it is off, so it is not called that."""
    if not session.takes_place:
        return session
    return replace(session, state=SessionState.UNLISTED, revision=session.revision + 1)
