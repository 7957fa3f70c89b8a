"""`/attend code [reserved]`: put a session on the agenda, with a seat, without, or as a backup."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param, ParamType, choice
from bot.app.messages import Button, Card, Reply, Text, Typed
from bot.app.text import Reader, n, s, session_card, stop_card, t
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)
SEAT = Param("seat", choice("reserved", "walk-up", "backup"), "whether you have a reserved seat, or it is a backup")
OF = Param(
    "of",
    ParamType(SESSION.name, SESSION.read, suggest=SESSION.suggest),
    "the session that a backup stands in for",
    keyword="of",
    keyword_required=True,
)
INSTEAD = Param(
    "instead", OF.type, "the session that this one replaces on your agenda", keyword="instead", keyword_required=True
)


async def handle(call: Call, context: Context) -> Reply:
    """Store the choice and show when to leave, overlaps and conflicts."""
    session, seat = call.need(CODE), call.get(SEAT)
    if session.ends_at <= context.now:
        raise BadInputError(s('"{title}" is already over. Find another one with /find.', title=session.title))
    if not session.takes_place:
        raise BadInputError(_off_text(session))
    chosen = await _without(call.get(INSTEAD), session, context)
    attendance = _backup(session, call.get(OF), chosen, context) if seat == "backup" else _going(session, seat)
    others = [each for each in chosen if each.session != session.id]
    await context.work.attendances.put(context.attendee.id, context.schedule.conference.slug, attendance)
    if context.attendee.agreed_at is None:
        await context.work.people.save(replace(context.attendee, agreed_at=context.now))
    reader = Reader.of(context.attendee, context.schedule)
    text = (_choice_text(attendance, context), *_first_time_text(context))
    card = _card(session, [*others, attendance], context, reader)
    buttons = (Button(s("Agenda"), "agenda"), Button(s("Not going"), "skip", {"code": session.code}))
    return Reply(text, (card,), buttons)


def _off_text(session: Session) -> str:
    if session.cancelled:
        return s('"{title}" was cancelled. Find another one with /find.', title=session.title)
    return s('"{title}" is no longer in the schedule. Find another one with /find.', title=session.title)


async def _without(replaced: Session | None, session: Session, context: Context) -> Sequence[Attendance]:
    """The other choices, after the replaced session was taken off the agenda."""
    if replaced and replaced.id != session.id:
        await context.work.attendances.remove(context.attendee.id, context.schedule.conference.slug, replaced.id)
    return await context.attendances()


def _going(session: Session, seat: str | None) -> Attendance:
    return Attendance(session.id, reserved=seat == "reserved")


def _backup(session: Session, stands_in: Session | None, chosen: Sequence[Attendance], context: Context) -> Attendance:
    """A backup for the named session, else for the only session it overlaps."""
    if stands_in is None:
        going = (context.schedule.by_id.get(each.session) for each in chosen if each.choice is Choice.GOING)
        overlapped = [other for other in going if other and other.id != session.id and other.overlaps(session)]
        if len(overlapped) != 1:
            raise BadInputError(s("A backup for which session? Type /attend {code} backup of CODE.", code=session.code))
        stands_in = overlapped[0]
    return Attendance(session.id, Choice.BACKUP, backup_of=stands_in.id)


def _choice_text(attendance: Attendance, context: Context) -> Text:
    if attendance.choice is Choice.BACKUP:
        main = context.schedule.by_id.get(attendance.backup_of or "")
        if main:
            return t('Added as a backup for "{title}".', title=main.title)
        return t("Added as a backup.")
    if attendance.reserved:
        return t("You're going, with a reserved seat.")
    return t("You're going.")


def _first_time_text(context: Context) -> tuple[Text, ...]:
    """With the first session on an agenda, an attendee agrees to get reminders."""
    attendee = context.attendee
    if attendee.agreed_at is not None:
        return ()
    return (
        n(
            "I'll message you {count} minute before it's time to leave. To stop: {off}",
            "I'll message you {count} minutes before it's time to leave. To stop: {off}",
            attendee.notice,
            off=Typed("/nudges off"),
        ),
    )


def _card(session: Session, chosen: list[Attendance], context: Context, reader: Reader) -> Card:
    schedule = context.schedule
    agenda = build_agenda(context.attendee, chosen, schedule, session.day(schedule.conference.tz))
    stop = next((stop for stop in agenda.stops if stop.session.id == session.id), None)
    if stop is None or session.starts_at <= context.now:
        return session_card(session, reader)
    return stop_card(stop, schedule, reader, context.now, day=True)


COMMAND = Command(
    "attend",
    "Put a session on your agenda",
    handle,
    (CODE, SEAT, OF, INSTEAD),
    effect=Effect.WRITE_AND_REPLAN,
    examples=(
        "/attend ARC301",
        "/attend ARC301 reserved",
        "/attend SEC203 backup of ARC301",
        "/attend DAT310-R instead DAT310",
    ),
)
