"""The digest of schedule changes for a channel.

A delivery stores how sessions were before; the text compares that with the schedule when it is sent, so a change that
was reverted in between is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.attendee.last_notified import LastNotified
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import Difference
from bot.domain.schedule.session import Session, SessionState

MOST = 200
"""Maximum sessions stored in one digest; further ones are only counted."""
REST = ""
"""Key of the number of sessions beyond `MOST`."""
NEW = ""
SEPARATOR = "\x1f"

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One session before (None if it is new) and now."""

    before: Session | None
    session: Session


def digest_facts(changes: Difference, now: datetime) -> Facts:
    """Return the earlier state of changed sessions by id; sessions that are over are left out."""
    moved = [(change.before, change.after) for change in changes.changed if change.matters]
    removed = [(session, session) for session in changes.removed]
    before = {old.id: _packed(old) for old, new in (*moved, *removed) if max(old.ends_at, new.ends_at) > now}
    fresh = {session.id: NEW for session in changes.added if session.takes_place and session.ends_at > now}
    return _bounded({**before, **fresh}, 0)


def merge_facts(earlier: Iterable[Facts], later: Facts) -> Facts:
    """Merge several digests into one message: the oldest state of each session wins."""
    states: dict[str, str] = {}
    rest = 0
    for facts in (*earlier, later):
        rest += int(facts.get(REST, 0))
        for id_, before in facts.items():
            if id_ != REST:
                states.setdefault(id_, str(before))
    return _bounded(states, rest)


def digest_entries(facts: Facts, schedule: Schedule) -> Sequence[DigestEntry]:
    """Return what differs from the stored states now, in schedule order."""
    entries = []
    for session in schedule.sessions:
        packed = facts.get(session.id)
        if packed is None:
            continue
        before = _unpacked(str(packed), session)
        if before is None and session.takes_place:
            entries.append(DigestEntry(None, session))
        elif before is not None and not LastNotified.of(before, before.starts_at).agrees(session):
            entries.append(DigestEntry(before, session))
    return entries


def _bounded(states: Mapping[str, str], rest: int) -> Facts:
    first_states: dict[str, str | int] = dict(list(states.items())[:MOST])
    rest += len(states) - len(first_states)
    return {**first_states, REST: rest} if rest else first_states


def _packed(session: Session) -> str:
    times = (session.starts_at.isoformat(), session.ends_at.isoformat())
    return SEPARATOR.join((*times, session.venue, session.room, session.state))


def _unpacked(text: str, now_is: Session) -> Session | None:
    if text == NEW:
        return None
    starts, ends, venue, room, state = text.split(SEPARATOR)
    at = datetime.fromisoformat
    return replace(now_is, starts_at=at(starts), ends_at=at(ends), venue=venue, room=room, state=SessionState(state))
