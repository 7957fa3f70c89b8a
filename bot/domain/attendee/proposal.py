"""The last plan that an attendee was shown, and what they took of a plan: that can be undone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakenSession:
    """A session of a plan that was put on the agenda, and what it was before.

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
        conference: its slug; "" if nothing was proposed yet.
        taken: what was taken last.
    """

    conference: str = ""
    sessions: tuple[str, ...] = ()
    taken: tuple[TakenSession, ...] = ()
