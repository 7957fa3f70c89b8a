"""Retention of sessions that vanish from a new version of the schedule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session, SessionState


def removable_sessions(schedule: Schedule, now: datetime) -> Sequence[Session]:
    """Return the listed sessions whose removal matters: upcoming ones, or all once the conference is over.

    Many feeds drop past sessions; these are kept unchanged, because recaps need them.
    """
    return [session for session in schedule.listed if session.starts_at > now] or schedule.listed


def retain_sessions(fresh: Schedule, old: Schedule | None, now: datetime) -> Schedule:
    """Return `fresh` plus the sessions that only `old` has: upcoming ones become unlisted, others stay as they were."""
    if old is None:
        return fresh
    losing = {session.id for session in removable_sessions(old, now)}
    missing = [session for session in old.sessions if session.id not in fresh.by_id]
    retained = (_unlisted(session) if session.id in losing else session for session in missing)
    retained_schedule = replace(fresh, sessions=(*fresh.sessions, *retained))
    unchanged = replace(
        retained_schedule, conference=replace(retained_schedule.conference, revision=old.conference.revision)
    )
    if unchanged == old:
        return old
    return replace(
        retained_schedule, conference=replace(retained_schedule.conference, revision=old.conference.revision + 1)
    )


def _unlisted(session: Session) -> Session:
    """Mark the session as unlisted, not as cancelled: it only vanished from the feed."""
    if not session.takes_place:
        return session
    return replace(session, state=SessionState.UNLISTED, revision=session.revision + 1)
