"""The difference between two versions of a schedule."""

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
    "recording_url": "recording",
    "overflow": "overflow room",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One session before and after."""

    before: Session
    after: Session

    @property
    def facts(self) -> tuple[str, ...]:
        """The changed facts as words (time, venue, room, state …); `details` if only others changed."""
        names = [word for name, word in FACTS.items() if getattr(self.before, name) != getattr(self.after, name)]
        return tuple(dict.fromkeys(names)) or ("details",)

    @property
    def matters(self) -> bool:
        """Whether time, place or state changed: the facts that people plan with."""
        return self.before.revision != self.after.revision


@dataclass(frozen=True, slots=True)
class Difference:
    """Added, changed and removed sessions; the removed ones as they were before."""

    added: tuple[Session, ...]
    changed: tuple[Change, ...]
    removed: tuple[Session, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.changed or self.removed)


def difference(before: Schedule | None, after: Schedule) -> Difference:
    """Compare two schedules by session id; without `before` every session is new.

    A session that is no longer listed counts as removed, once.
    """
    old_by_id = before.by_id if before else {}
    pairs = [(old_by_id[session.id], session) for session in after.sessions if session.id in old_by_id]
    vanished = {new.id for old, new in pairs if old.listed and not new.listed}
    return Difference(
        tuple(session for session in after.sessions if session.id not in old_by_id),
        tuple(Change(old, new) for old, new in pairs if old != new and new.id not in vanished),
        tuple(session for id_, session in old_by_id.items() if id_ in vanished or id_ not in after.by_id),
    )


NO_DIFFERENCE = Difference((), (), ())
