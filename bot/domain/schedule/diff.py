"""What changed between two schedules of one conference."""

from dataclasses import dataclass

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

FACTS = {
    "starts_at": "time",
    "ends_at": "end",
    "venue": "venue",
    "room": "room",
    "state": "state",
    "title": "title",
    "code": "code",
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

    @property
    def matters(self) -> bool:
        """Whether it is a change of the time, the place or the state, which is what people plan with."""
        return self.before.revision != self.after.revision


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new, different and gone; the `removed` are as they were before."""

    added: tuple[Session, ...]
    changed: tuple[Change, ...]
    removed: tuple[Session, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both are the same."""
        return not (self.added or self.changed or self.removed)


def difference(before: Schedule | None, after: Schedule) -> Difference:
    """The difference of two schedules by session id; everything is new where there was none before.

    A session that is no longer listed counts as gone, once.
    """
    known = before.by_id if before else {}
    both = [(known[session.id], session) for session in after.sessions if session.id in known]
    vanished = {new.id for old, new in both if old.listed and not new.listed}
    return Difference(
        tuple(session for session in after.sessions if session.id not in known),
        tuple(Change(old, new) for old, new in both if old != new and new.id not in vanished),
        tuple(session for id_, session in known.items() if id_ in vanished or id_ not in after.by_id),
    )
