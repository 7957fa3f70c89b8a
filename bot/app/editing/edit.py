"""`/schedule edit`: another room or time of a session, its cancellation, and the way back, with a preview first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app.command_spec import SESSION, TEXT, Call, Context, Param, ParamType, StaticContext, choice
from bot.app.messages import Button, Card, Reply, Text, Typed
from bot.app.ports import EditResult
from bot.app.text import Reader, change_text, edit_text, listed, n, s, session_name, t
from bot.domain.errors import BadInputError
from bot.domain.imports.edits import SessionEdit, SessionFacts
from bot.domain.schedule.online import LONGEST_LINK, openable
from bot.domain.schedule.session import Session
from bot.domain.schedule.slots import read_slot
from bot.domain.travel.places import read_place

LONGEST_ROOM, MOST_EDITS = 100, 10
NONE = "none"


def _one_word(text: str, _: StaticContext) -> str:
    """Any single word: the parser finds the end of the address with it, and `_link` checks it."""
    if len(text.split()) != 1:
        raise BadInputError(s("An address is one word, such as https://…"))
    return text.strip()


WATCHED = ParamType("address", _one_word, max_length=LONGEST_LINK)
EDITED = Param("session", SESSION, "the session to edit", keyword="session", keyword_required=True)
ROOM = Param("room", TEXT, "its new room, with the venue if that changes", keyword="room", keyword_required=True)
TIME = Param("time", TEXT, "its new time, such as 14:00-15:00 or tue 14:00", keyword="time", keyword_required=True)
STATE = Param("state", choice("cancel", "restore"), "cancel the session, or restore what the source says")
RECORDING = Param(
    "recording", WATCHED, "the address of its recording, or none", keyword="recording", keyword_required=True
)
OVERFLOW = Param(
    "overflow", TEXT, "the room for those who do not get in, or none", keyword="overflow", keyword_required=True
)
PARAMS = (EDITED, ROOM, TIME, RECORDING, OVERFLOW, STATE)


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What an organizer wants to change; with `restore` the edit of the session is removed."""

    session: Session
    room: str = ""
    time: str = ""
    recording: str = ""
    overflow: str = ""
    cancel: bool = False
    restore: bool = False


def wants_edit(call: Call) -> bool:
    """Whether the call changes something of a session."""
    return any(param.name in call.values for param in (ROOM, TIME, RECORDING, OVERFLOW, STATE))


def edit_request(call: Call, typed: str | None, context: Context) -> EditRequest:
    """Read the request; `typed` is a session without its keyword, as in `/schedule edit ARC301 room Hall 2`."""
    session = call.get(EDITED) or (SESSION.read(typed, context) if typed else None)
    room, time, state = call.get(ROOM) or "", call.get(TIME) or "", call.get(STATE)
    if session is None:
        raise BadInputError(s("Which session? Type /schedule edit CODE room ROOM."))
    recording, overflow = _link(call.get(RECORDING) or ""), call.get(OVERFLOW) or ""
    if not (room or time or state or recording or overflow):
        usage = s(
            "What changes? Type /schedule edit {code} and room ROOM, time 14:00, recording https://…, overflow ROOM, "
            "cancel or restore.",
            code=session.code,
        )
        raise BadInputError(usage)
    if max(len(room), len(overflow)) > LONGEST_ROOM:
        raise BadInputError(s("That room is too long: {most} characters fit.", most=LONGEST_ROOM))
    return EditRequest(session, room, time, recording, overflow, cancel=state == "cancel", restore=state == "restore")


def _link(typed: str) -> str:
    """The address as a button opens it; `none` and nothing stay as they are."""
    if not typed or typed.casefold() == NONE or openable(typed):
        return openable(typed) or typed
    raise BadInputError(s("{text} is no address that I can link: type one such as https://…", text=repr(typed)))


async def preview(wanted: EditRequest, context: Context) -> Reply:
    """Show what would change and for how many people, with a button to do it."""
    slug = context.schedule.conference.slug
    if wanted.restore:
        result = await context.editor.preview_restore(slug, wanted.session.id)
    else:
        result = await context.editor.preview_edit(slug, _edit(wanted, context))
    if result.after == result.before and not wanted.restore:
        return Reply((t("The schedule says that already. Nothing changes."),))
    buttons = (Button(s("Apply"), "schedule", _arguments(wanted, result), primary=True),)
    head = t("Shall I change {session}?", session=session_name(result.before))
    return Reply((head, _change(result, context), _people(result)), buttons=buttons)


async def apply_edit(wanted: EditRequest, context: Context) -> Reply:
    """Change the session."""
    slug = context.schedule.conference.slug
    if wanted.restore:
        result = await context.editor.apply_restore(slug, wanted.session.id)
        return Reply((t("The edit is removed."), _change(result, context)))
    result = await context.editor.apply_edit(slug, _edit(wanted, context))
    name = session_name(result.before)
    head = t("{session} is changed. I'll tell everyone who is affected.", session=name)
    if result.after.appointment == result.before.appointment:
        head = t("{session} is changed.", session=name)
    stays = t("The edit stays when the source of the schedule changes, until you restore the session.")
    arguments = {"action": "edit", "address": result.before.code, STATE.name: "restore"}
    text = (head, _change(result, context), stays, *consent_lines(context))
    return Reply(text, buttons=(Button(s("Restore"), "schedule", arguments),))


def consent_lines(context: Context) -> Sequence[Text]:
    """Say that the organizer will get direct messages from now on; empty if they agreed before, or turned them off."""
    if context.attendee.agreed_at is not None or not context.attendee.nudges_on:
        return ()
    off = Typed("/nudges off")
    return (
        t("If you have to decide about the schedule, I'll ask you by direct message. To stop that: {off}", off=off),
    )


async def edits_card(context: Context) -> Card | None:
    """The edits in force; None if there are none."""
    edits = await context.work.session_edits.of_conference(context.schedule.conference.slug)
    reader, by_id = Reader.of(context.attendee, context.schedule), context.schedule.by_id
    texts = [
        t("{session}: {edit}", session=session_name(by_id[edit.session]), edit=edit_text(edit, reader))
        for edit in reversed(edits)
        if edit.session in by_id
    ]
    more = len(texts) - MOST_EDITS
    cut = [t("… and {count} more", count=more)] if more > 0 else []
    return Card(s("Edits in force"), (*texts[:MOST_EDITS], *cut)) if texts else None


def _edit(wanted: EditRequest, context: Context) -> SessionEdit:
    session, schedule = wanted.session, context.schedule
    venue = room = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    if wanted.room:
        venue, room = read_place(wanted.room, session.venue, schedule.travel.book)
    if wanted.time:
        starts_at, ends_at = read_slot(wanted.time, session, schedule.days, schedule.conference.tz)
    return SessionEdit(
        session.id,
        SessionFacts.of(session),
        context.now,
        context.attendee.id,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        room=room,
        cancelled=wanted.cancel,
        recording_url=given(wanted.recording),
        overflow=given(wanted.overflow),
    )


def given(text: str) -> str | None:
    """The fact as an edit has it: None if nothing was typed, "" for `none`."""
    return None if not text else "" if text.casefold() == NONE else text


def _arguments(wanted: EditRequest, result: EditResult) -> dict[str, str]:
    """The same request as arguments of a button, with a complete time: a button may be pressed on another day."""
    arguments = {"action": "apply", "address": wanted.session.code}
    if wanted.room:
        arguments[ROOM.name] = f"{ROOM.keyword} {wanted.room}"
    if wanted.time:
        arguments[TIME.name] = f"{TIME.keyword} {result.after.starts_at:%Y-%m-%dT%H:%MZ}/{result.after.ends_at:%H:%MZ}"
    for param, text in ((RECORDING, wanted.recording), (OVERFLOW, wanted.overflow)):
        if text:
            arguments[param.name] = f"{param.keyword} {text}"
    if wanted.cancel or wanted.restore:
        arguments[STATE.name] = "cancel" if wanted.cancel else "restore"
    return arguments


def _change(result: EditResult, context: Context) -> Text:
    if result.after == result.before:
        return t("The source says the same, so nothing changes.")
    before, after = result.before, result.after
    moved = after.appointment != before.appointment
    change = change_text(before, after, Reader.of(context.attendee, context.schedule)) if moved else ()
    return listed([each for each in (change, _recording_text(before, after), _overflow_text(before, after)) if each])


def _recording_text(before: Session, after: Session) -> Text:
    if after.recording_url == before.recording_url:
        return ()
    return t("recording: {url}", url=after.recording_url or s("none"))


def _overflow_text(before: Session, after: Session) -> Text:
    if after.overflow == before.overflow:
        return ()
    return t("overflow room: {room}", room=after.overflow or s("none"))


def _people(result: EditResult) -> Text:
    if result.after.appointment == result.before.appointment:
        return t("Nobody gets a message for that: time and place stay.")
    return n(
        "{count} person has it on their agenda and gets a message.",
        "{count} people have it on their agenda and get a message.",
        result.people,
    )
