"""A change in bold: what changed, and only that."""

from dataclasses import replace

from bot.app.messages import Part, Strong, Text, When
from bot.app.text import Reader, change_headline, change_text
from bot.domain.schedule.session import Session, SessionState
from tests.builders import SEC, ZONE, at


def bold(old: Session, new: Session) -> list[str]:
    """What is emphasized, with times in UTC."""

    def shown(part: Part) -> str | None:
        if isinstance(part, When):
            return f"{part.at:%H:%M}" if part.strong else None
        return part.text if isinstance(part, Strong) else None

    text: Text = change_text(old, new, Reader(ZONE))
    return [words for words in map(shown, text) if words]


def test_only_what_changed_is_bold() -> None:
    later = replace(SEC, starts_at=at(14), ends_at=at(15))
    assert bold(SEC, replace(SEC, room="Hall 2")) == ["Caesars Forum, Hall 2"]
    assert bold(SEC, later) == ["22:00", "23:00"]
    assert bold(SEC, replace(later, room="Hall 2")) == ["Caesars Forum, Hall 2", "22:00", "23:00"]
    off = replace(SEC, state=SessionState.CANCELLED)
    assert bold(SEC, off) == ["cancelled"]
    assert bold(SEC, replace(SEC, state=SessionState.UNLISTED)) == ["no longer in the schedule"]
    assert bold(off, SEC) == ["back on"]


def headline(old: Session, new: Session) -> str:
    """The first line, with times in UTC."""
    parts = change_headline(old, new, Reader(ZONE))
    return "".join(f"{part.at:%H:%M}" if isinstance(part, When) else str(part) for part in parts)


def test_a_lock_screen_says_what_changed_and_not_only_that_something_did() -> None:
    later = replace(SEC, starts_at=at(14), ends_at=at(15))
    off = replace(SEC, state=SessionState.CANCELLED)
    title = '"Keys, locks and doors"'
    assert [
        headline(SEC, off),
        headline(SEC, replace(SEC, state=SessionState.UNLISTED)),
        headline(off, SEC),
        headline(SEC, later),
        headline(SEC, replace(SEC, room="Hall 2")),
        headline(SEC, replace(later, room="Hall 2")),
        headline(SEC, replace(SEC, venue="", room="")),
        headline(SEC, replace(SEC, ends_at=at(13))),
    ] == [
        f"{title} is cancelled.",
        f"{title} is no longer in the schedule.",
        f"{title} takes place after all, 19:00-20:00.",
        f"{title} now starts at 22:00.",
        f"{title} is now in Caesars Forum, Hall 2.",
        f"{title} is now at 22:00, in Caesars Forum, Hall 2.",
        f"{title} on your agenda has changed:",
        f"{title} on your agenda has changed:",
    ]
