"""What changed between two schedules of one conference."""

from dataclasses import dataclass

from bot.domain.schedule import Schedule
from bot.domain.session import Session

FACTS = {
    "starts_at": "time",
    "ends_at": "end",
    "venue": "venue",
    "room": "room",
    "state": "state",
    "title": "title",
    "recorded": "recording",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One session before and after."""

    before: Session
    after: Session

    @property
    def facts(self) -> tuple[str, ...]:
        """What is different, in words: time, venue, room, state…; `details` for what matters to nobody's plan."""
        names = [word for name, word in FACTS.items() if getattr(self.before, name) != getattr(self.after, name)]
        return tuple(names) or ("details",)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new, different and gone."""

    added: tuple[Session, ...]
    changed: tuple[Change, ...]
    removed: tuple[Session, ...]

    @property
    def affected(self) -> set[str]:
        """The ids of the sessions whose attendees must be planned anew."""
        return {change.after.id for change in self.changed} | {session.id for session in self.removed}


def difference(before: Schedule | None, after: Schedule) -> Difference:
    """The difference of two schedules by session id; everything is new where there was none before."""
    known = before.by_id if before else {}
    return Difference(
        tuple(session for session in after.sessions if session.id not in known),
        tuple(
            Change(known[session.id], session)
            for session in after.sessions
            if session.id in known and known[session.id] != session
        ),
        tuple(session for id_, session in known.items() if id_ not in after.by_id),
    )
