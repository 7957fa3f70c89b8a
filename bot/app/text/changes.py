"""The change of a session, in one sentence."""

from bot.app.messages import Strong, Text
from bot.app.text.catalog import s, t
from bot.app.text.local_times import Reader
from bot.app.text.sessions import place_text, time_range
from bot.domain.schedule.session import Session


def change_text(old: Session, new: Session, reader: Reader) -> Text:
    """`now Caesars Forum, 14:30-15:30 (was Venetian, 13:30-14:30)`."""
    before = t("{place}, {time}", place=place_text(old), time=_when(old, new, reader))
    if new.cancelled:
        cancelled = Strong(s("cancelled"))
        return t("{cancelled} (was {before})", cancelled=cancelled, before=before)
    if not new.listed:
        gone = Strong(s("no longer in the schedule"))
        return t("{gone} (was {before})", gone=gone, before=before)
    after = t("{place}, {time}", place=Strong(place_text(new)), time=_when(new, old, reader))
    if not old.takes_place:
        return t("back on: now {after} (was {before})", after=after, before=before)
    return t("now {after} (was {before})", after=after, before=before)


def _when(session: Session, other: Session, reader: Reader) -> Text:
    """The time of `session`, with its day if that differs from the day of `other`."""
    if reader.is_same_day(session.starts_at, other.starts_at):
        return time_range(session, reader)
    return t("{day} {time}", day=reader.day(session.starts_at), time=time_range(session, reader))
