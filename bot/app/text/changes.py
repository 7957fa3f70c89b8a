"""The change of a session, in one sentence."""

from dataclasses import replace

from bot.app.messages import Strong, Text, When
from bot.app.text.catalog import s, t
from bot.app.text.local_times import Reader
from bot.app.text.sessions import place_text, time_range
from bot.domain.schedule.session import Session


def change_text(old: Session, new: Session, reader: Reader) -> Text:
    """`now Caesars Forum, 14:30-15:30 (was Venetian, 13:30-14:30)`, with emphasis on what changed, and only on that."""
    before = t("{place}, {time}", place=place_text(old), time=_when(old, new, reader))
    if new.cancelled:
        cancelled = Strong(s("cancelled"))
        return t("{cancelled} (was {before})", cancelled=cancelled, before=before)
    if not new.listed:
        gone = Strong(s("no longer in the schedule"))
        return t("{gone} (was {before})", gone=gone, before=before)
    place, time = place_text(new), _when(new, old, reader)
    has_moved = (new.starts_at, new.ends_at) != (old.starts_at, old.ends_at)
    after = t(
        "{place}, {time}",
        place=place if place == place_text(old) else Strong(place),
        time=emphasized(time) if has_moved else time,
    )
    if not old.takes_place:
        back = Strong(s("back on"))
        return t("{back}: now {after} (was {before})", back=back, after=after, before=before)
    return t("now {after} (was {before})", after=after, before=before)


def change_headline(old: Session, new: Session, reader: Reader) -> Text:
    """What a lock screen says: `"Iceberg at scale" is cancelled.`, or the new time or place."""
    if not new.takes_place:
        gone = t('"{title}" is no longer in the schedule.', title=new.title)
        return t('"{title}" is cancelled.', title=new.title) if new.cancelled else gone
    if not old.takes_place:
        return t('"{title}" takes place after all, {time}.', title=new.title, time=_when(new, old, reader))
    place = place_text(new)
    moved, changed = place != place_text(old) and bool(new.venue or new.room), new.starts_at != old.starts_at
    if moved and changed:
        return t('"{title}" is now at {time}, in {place}.', title=new.title, time=_start(new, old, reader), place=place)
    if changed:
        return t('"{title}" now starts at {time}.', title=new.title, time=_start(new, old, reader))
    if moved:
        return t('"{title}" is now in {place}.', title=new.title, place=place)
    return t('"{title}" on your agenda has changed:', title=new.title)


def _start(session: Session, other: Session, reader: Reader) -> Text:
    """The start of `session`, with its day if that differs from the day of `other`."""
    time = reader.time(session.starts_at)
    if reader.is_same_day(session.starts_at, other.starts_at):
        return (time,)
    return t("{time} on {day}", time=time, day=reader.day(session.starts_at))


def emphasized(text: Text) -> Text:
    """The text with emphasis on its times."""
    return tuple(replace(part, strong=True) if isinstance(part, When) else part for part in text)


def _when(session: Session, other: Session, reader: Reader) -> Text:
    """The time of `session`, with its day if that differs from the day of `other`."""
    if reader.is_same_day(session.starts_at, other.starts_at):
        return time_range(session, reader)
    return t("{day} {time}", day=reader.day(session.starts_at), time=time_range(session, reader))
