"""Which sessions have seats that are reserved before the conference."""

from bot.domain.schedule.session import Session

KINDS = ("chalk talk", "builders' session", "builders’ session", "code talk", "reserved", "rsvp", "pre-registration")
"""Words in the kind of a session that has a limited number of seats, for people who reserved one."""


def is_seated(session: Session) -> bool:
    """Whether the schedule itself shows, by the session's kind, that seats are reserved."""
    kind = session.kind[:100].casefold()
    return any(word in kind for word in KINDS)
