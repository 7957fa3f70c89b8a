"""The last plan that an attendee was shown, and the sessions they took from a plan, which can be undone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakenSession:
    """A session of a plan that was put on the agenda, and its earlier state.

    Attributes:
        before: the `Choice` before, "" if it was not chosen; `must` and `backup_of` belong to it.
        replaced: the id of another sitting that was taken off the agenda, with or without a `reserved` seat.
    """

    session: str
    before: str = ""
    must: bool = False
    backup_of: str | None = None
    replaced: str | None = None
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, by the ids of its sessions in the order in which they were numbered.

    Attributes:
        conference: the slug of the conference; "" if nothing was proposed yet.
        taken: the sessions that were taken last.
    """

    conference: str = ""
    sessions: tuple[str, ...] = ()
    taken: tuple[TakenSession, ...] = ()
