"""Edits of sessions in words."""

from bot.app.messages import Text
from bot.app.text.catalog import s, t
from bot.app.text.format import listed
from bot.app.text.local_times import Reader
from bot.domain.imports.edits import SessionEdit, SessionFacts
from bot.domain.schedule.session import SessionState


def edit_text(edit: SessionEdit, reader: Reader) -> Text:
    """Return the edited facts: `Mon 29 Nov 14:00-15:00, Academy 411 in Caesars Forum`."""
    facts = edit.source
    edited = SessionFacts(
        edit.starts_at or facts.starts_at,
        edit.ends_at or facts.ends_at,
        facts.venue if edit.venue is None else edit.venue,
        facts.room if edit.room is None else edit.room,
        SessionState.CANCELLED if edit.cancelled else facts.state,
        facts.recording_url if edit.recording_url is None else edit.recording_url,
        facts.overflow if edit.overflow is None else edit.overflow,
    )
    return _facts_text(edited, edit, reader)


def source_text(edit: SessionEdit, reader: Reader) -> Text:
    """Return what the source says about the same facts."""
    return _facts_text(edit.source, edit, reader)


def _facts_text(facts: SessionFacts, edit: SessionEdit, reader: Reader) -> Text:
    parts: list[Text] = []
    if edit.starts_at or edit.ends_at:
        day, starts, ends = reader.day(facts.starts_at), reader.time(facts.starts_at), reader.time(facts.ends_at)
        parts.append(t("{day} {start}-{end}", day=day, start=starts, end=ends))
    if edit.room is not None or edit.venue is not None:
        parts.append(_place_text(facts))
    if edit.recording_url is not None:
        parts.append(t("recording {url}", url=facts.recording_url or s("none")))
    if edit.overflow is not None:
        parts.append(t("overflow room {room}", room=facts.overflow or s("none")))
    if edit.cancelled:
        parts.append((_state_text(facts.state),))
    return listed(parts)


def _place_text(facts: SessionFacts) -> Text:
    if facts.room and facts.venue:
        return t("{room} in {venue}", room=facts.room, venue=facts.venue)
    return (facts.room or facts.venue or s("no room"),)


def _state_text(state: SessionState) -> str:
    return {
        SessionState.SCHEDULED: s("takes place"),
        SessionState.CANCELLED: s("cancelled"),
        SessionState.UNLISTED: s("no longer in the schedule"),
    }[state]
