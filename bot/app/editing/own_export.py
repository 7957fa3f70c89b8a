"""`/import me`: shows which sessions an attendee's own export matches, with a button to add them."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from bot.app.command_spec import Context
from bot.app.editing.upload import fetched, file_name
from bot.app.messages import Attachment, Button, Card, Reply, Text, Typed
from bot.app.text import Reader, lines, n, s, session_line, t
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.errors import BadInputError
from bot.domain.imports.own_export import match_own_export
from bot.domain.schedule.session import Session

MAX_FILE = 1024**2
"""Maximum size in bytes: 300 entries with long descriptions need a fifth of it."""
MOST_SHOWN, MOST_UNKNOWN, LONGEST_TITLE = 20, 5, 80
GOING, RESERVED, STARRED = "going", "reserved", "starred"
AGENDA = Button(s("Agenda"), "agenda")


async def show_export(file: Attachment, context: Context) -> Reply:
    """Read a file, and show which sessions it names; only the list is stored."""
    name = file_name(file)
    body = await fetched(file, MAX_FILE)
    export = match_own_export(await context.editor.read_file(body, name), context.schedule)
    coming = [session for session in export.matched if session.takes_place and session.ends_at > context.now]
    chosen = {attendance.session: attendance for attendance in await context.attendances()}
    fresh = [session for session in coming if session.id not in chosen or not chosen[session.id].is_decided]
    matched = n(
        "{file}: I found {count} session of the schedule.",
        "{file}: I found {count} sessions of the schedule.",
        len(export.matched),
        file=name,
    )
    text = lines(matched, _over_text(len(export.matched) - len(coming)), _already_chosen_text(len(coming) - len(fresh)))
    cards = [*_list(coming, context), *_unknown(export.unknown)]
    if not coming:
        return Reply(text, tuple(cards), (AGENDA,))
    digest = digest_of([session.id for session in coming])
    buttons = tuple(
        Button(label, "import", {"whose": "me", "as": f"as {way}", "list": f"list {digest}"}, primary=way == GOING)
        for label, way in (
            (s("I'm going"), GOING),
            (s("I have reserved seats"), RESERVED),
            (s("Only star them"), STARRED),
        )
    )
    return Reply(text, tuple(cards), (*buttons, AGENDA), listed=tuple(session.id for session in coming))


def _over_text(count: int) -> Text:
    if not count:
        return ()
    return n("{count} is over or does not take place.", "{count} are over or do not take place.", count)


def _already_chosen_text(count: int) -> Text:
    if not count:
        return ()
    return n("{count} is on your agenda already.", "{count} are on your agenda already.", count)


def _list(sessions: Sequence[Session], context: Context) -> Sequence[Card]:
    if not sessions:
        return ()
    reader = Reader.of(context.attendee, context.schedule)
    rows = [session_line(session, reader, day=True) for session in sessions[:MOST_SHOWN]]
    more = len(sessions) - MOST_SHOWN
    return [Card(s("In the schedule"), (*rows, *([t("… and {count} more", count=more)] if more > 0 else [])))]


def _unknown(titles: Sequence[str]) -> Sequence[Card]:
    if not titles:
        return ()
    rows = [(title[:LONGEST_TITLE],) for title in titles[:MOST_UNKNOWN]]
    more = len(titles) - MOST_UNKNOWN
    return [Card(s("Not found"), (*rows, *([t("… and {count} more", count=more)] if more > 0 else [])))]


def digest_of(ids: Sequence[str]) -> str:
    """Return a hash of a list, so that a button adds only the list that it was shown with."""
    return blake2b("\n".join(ids).encode(), digest_size=6).hexdigest()


async def apply_export(way: str, digest: str, context: Context) -> Reply:
    """Put the sessions of the list that was shown last on the agenda, or star them."""
    if digest != digest_of(context.last_list):
        raise BadInputError(s("You have a newer list now: send the file again. /import me"))
    candidates = (context.schedule.by_id.get(id_) for id_ in context.last_list)
    sessions = [session for session in candidates if session and session.takes_place and session.ends_at > context.now]
    chosen = {attendance.session: attendance for attendance in await context.attendances()}
    pairs = [(session, _attendance(session, way, chosen.get(session.id), context)) for session in sessions]
    changed = [attendance for session, attendance in pairs if attendance != chosen.get(session.id)]
    await context.editor.save_attendances(context.attendee.id, context.schedule.conference.slug, changed)
    return Reply(_result_text(way, len(changed), context), buttons=(AGENDA,))


def _attendance(session: Session, way: str, old: Attendance | None, context: Context) -> Attendance:
    if old is not None and (old.is_decided or way == STARRED):
        return replace(old, reserved=True) if way == RESERVED and old.choice is Choice.GOING else old
    if way == STARRED:
        return Attendance(session.id, Choice.STARRED, chosen_at=context.now)
    must = old is not None and old.must
    return Attendance(session.id, reserved=way == RESERVED, chosen_at=context.now, must=must)


def _result_text(way: str, count: int, context: Context) -> tuple[Text, ...]:
    if not count:
        return (t("Nothing has changed: you had them all."),)
    if way == STARRED:
        return (n("{count} session is starred.", "{count} sessions are starred.", count),)
    text = n("{count} session is on your agenda.", "{count} sessions are on your agenda.", count)
    if context.attendee.agreed_at is not None:
        return (text,)
    off = Typed("/nudges off")
    return (text, t("I'll message you before it's time to leave. To stop: {off}", off=off))
