"""Edits of sessions by organizers, applied again to each new version of the schedule."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session, SessionState

EDITABLE = ("starts_at", "ends_at", "venue", "room", "recording_url", "overflow")
"""The facts that an edit sets to their new value; "" removes a link or a room."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The facts of a session that an organizer can edit."""

    starts_at: datetime
    ends_at: datetime
    venue: str
    room: str
    state: SessionState
    recording_url: str = ""
    overflow: str = ""

    @classmethod
    def of(cls, session: Session) -> "SessionFacts":
        """Return the facts of a session."""
        return cls(**{fact.name: getattr(session, fact.name) for fact in fields(cls)})


@dataclass(frozen=True, slots=True)
class SessionEdit:
    """The edit of one session. None and False stand for what is not edited.

    Attributes:
        session: id of the session.
        source: the facts in the source, when the edit was made or when organizers last heard that they differ.
        at: the time of the edit.
        organizer: id of the attendee who made it; None if that attendee is gone.
    """

    session: str
    source: SessionFacts
    at: datetime
    organizer: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    venue: str | None = None
    room: str | None = None
    cancelled: bool = False
    recording_url: str | None = None
    overflow: str | None = None

    def changes(self) -> Mapping[str, Any]:
        """The edited facts by name."""
        values = {name: getattr(self, name) for name in EDITABLE}
        state = {"state": SessionState.CANCELLED} if self.cancelled else {}
        return {name: value for name, value in values.items() if value is not None} | state

    def applied(self, session: Session) -> Session:
        """Return the session with the edited facts."""
        return replace(session, **self.changes())

    def merged(self, later: "SessionEdit") -> "SessionEdit":
        """Return both edits of one session as one; `later` wins."""
        values = {name: value for name, value in later.changes().items() if name != "state"}
        cancelled = self.cancelled or later.cancelled
        return replace(self, at=later.at, organizer=later.organizer, cancelled=cancelled, **values)


@dataclass(frozen=True, slots=True)
class EditedSchedule:
    """A schedule with its edits.

    Attributes:
        edits: the edits that are still in force.
        overruling: those edits whose facts the source has changed since organizers were last informed.
    """

    schedule: Schedule
    edits: tuple[SessionEdit, ...] = ()
    overruling: tuple[SessionEdit, ...] = ()


def without_edits(schedule: Schedule, edits: Iterable[SessionEdit]) -> Schedule:
    """Return the schedule as its source has it, to compare it with a new copy of the source."""
    sources = {edit.session: edit.source for edit in edits}
    if not sources:
        return schedule
    sessions = (_sourced(session, sources.get(session.id)) for session in schedule.sessions)
    return replace(schedule, sessions=tuple(sessions))


def with_edits(
    fresh: Schedule, old: Schedule | None, edits: Sequence[SessionEdit], restored: Collection[str] = ()
) -> EditedSchedule:
    """Apply the edits to a new version of the schedule.

    An edit is removed silently if the source now says the same.

    Args:
        fresh: the new version from the source.
        old: the stored version, with its edits.
        edits: one for each edited session.
        restored: ids of sessions whose edit in `old` has just been removed.
    """
    if old is None or not (edits or restored):
        return EditedSchedule(fresh)
    effective = tuple(_effective(fresh, edits))
    by_id = {edit.session: edit for edit in effective}
    touched = {*restored, *(edit.session for edit in edits)}
    sessions = tuple(
        _revised(by_id[session.id].applied(session) if session.id in by_id else session, old.by_id.get(session.id))
        if session.id in touched
        else session
        for session in fresh.sessions
    )
    before = {edit.session: edit for edit in edits}
    overruling = tuple(edit for edit in effective if _differs(edit, before[edit.session].source))
    return EditedSchedule(_numbered(replace(fresh, sessions=sessions), old), effective, overruling)


def _sourced(session: Session, source: SessionFacts | None) -> Session:
    if source is None:
        return session
    return replace(session, **{fact.name: getattr(source, fact.name) for fact in fields(SessionFacts)})


def _effective(fresh: Schedule, edits: Iterable[SessionEdit]) -> Iterator[SessionEdit]:
    """Yield the edits that still change something, with the current facts of their source."""
    for edit in edits:
        session = fresh.by_id.get(edit.session)
        if session is not None and edit.applied(session) != session:
            yield replace(edit, source=SessionFacts.of(session))


def _differs(edit: SessionEdit, heard: SessionFacts) -> bool:
    """Whether the source has changed a fact that the edit replaces."""
    return any(getattr(edit.source, name) != getattr(heard, name) for name in edit.changes())


def _revised(session: Session, old: Session | None) -> Session:
    """Return the session with a new revision if its time, place or state has changed."""
    if old is None:
        return session
    same = session.appointment == old.appointment
    return replace(session, revision=old.revision if same else old.revision + 1)


def _numbered(schedule: Schedule, old: Schedule) -> Schedule:
    """Return `old` itself if nothing differs, else the schedule with the next revision."""
    same = replace(schedule, conference=replace(schedule.conference, revision=old.conference.revision))
    if same == old:
        return old
    return replace(same, conference=replace(same.conference, revision=old.conference.revision + 1))
