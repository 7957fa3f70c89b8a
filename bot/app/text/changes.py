"""A session that is not as it was, in one sentence."""

from bot.app.messages import Strong, Text
from bot.app.text.format import sentence
from bot.app.text.reader import Reader
from bot.app.text.sessions import place_text, span
from bot.domain.schedule.session import Session


def change_text(old: Session, new: Session, reader: Reader) -> Text:
    """`now Caesars Forum, 14:30-15:30 (was Venetian, 13:30-14:30)`."""
    was = sentence("(was ", f"{place_text(old)}, ", _when(old, new, reader), ")")
    if new.cancelled:
        return sentence(Strong("cancelled"), " ", was)
    if not new.listed:
        return sentence(Strong("no longer listed"), " in the schedule ", was)
    again = "takes place after all: " if not old.takes_place else ""
    return sentence(again, "now ", Strong(place_text(new)), ", ", _when(new, old, reader), " ", was)


def _when(session: Session, other: Session, reader: Reader) -> Text:
    """With the day, where that is not the same."""
    same = reader.is_same_day(session.starts_at, other.starts_at)
    return span(session, reader) if same else sentence(reader.day(session.starts_at), " ", span(session, reader))
