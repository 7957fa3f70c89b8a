"""`/attend code [reserved]`: put a session on your agenda, with a seat, without, or as a backup of another."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param, ParamType, choice
from bot.app.messages import Button, Card, Reply, Text, Typed
from bot.app.text import Reader, sentence, session_card, stop_card
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.errors import BadInputError
from bot.domain.schedule.session import Session

CODE = Param("code", SESSION, "its code, part of its title, or a number from the last list", required=True)
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
    """Keep the choice and say at once when to leave, what overlaps and what does not fit."""
    session, seat = call.need(CODE), call.get(SEAT)
    if session.ends_at <= context.now:
        message = f"{session.code} is over. /find looks for another sitting or talk."
        raise BadInputError(message)
    if not session.takes_place:
        fate = "was called off" if session.cancelled else "is no longer listed in the schedule"
        message = f"{session.code} {session.title} {fate}. /find looks for another."
        raise BadInputError(message)
    chosen = await _without(call.get(INSTEAD), session, context)
    attendance = _backup(session, call.get(OF), chosen, context) if seat == "backup" else _going(session, seat)
    others = [each for each in chosen if each.session != session.id]
    await context.work.attendances.put(context.attendee.id, context.schedule.conference.slug, attendance)
    if context.attendee.agreed_at is None:
        await context.work.people.save(replace(context.attendee, agreed_at=context.now))
    reader = Reader.of(context.attendee, context.schedule)
    told = (sentence(_kept(attendance, context)), *_agreement(context))
    card = _card(session, [*others, attendance], context, reader)
    buttons = (Button("Agenda", "agenda"), Button("Not going", "skip", {"code": session.code}))
    return Reply(told, (card,), buttons)


async def _without(replaced: Session | None, session: Session, context: Context) -> Sequence[Attendance]:
    """What else is chosen, once the session that this one replaces is off the agenda."""
    if replaced and replaced.id != session.id:
        await context.work.attendances.remove(context.attendee.id, context.schedule.conference.slug, replaced.id)
    return await context.attendances()


def _going(session: Session, seat: str | None) -> Attendance:
    return Attendance(session.id, reserved=seat == "reserved")


def _backup(session: Session, stands_in: Session | None, chosen: Sequence[Attendance], context: Context) -> Attendance:
    """A backup of what was named, else of the one session it overlaps."""
    if stands_in is None:
        going = (context.schedule.by_id.get(each.session) for each in chosen if each.choice is Choice.GOING)
        overlapped = [other for other in going if other and other.id != session.id and other.overlaps(session)]
        if len(overlapped) != 1:
            message = f"A backup of which session? Type /attend {session.code} backup of CODE."
            raise BadInputError(message)
        stands_in = overlapped[0]
    return Attendance(session.id, Choice.BACKUP, backup_of=stands_in.id)


def _kept(attendance: Attendance, context: Context) -> str:
    if attendance.choice is Choice.BACKUP:
        main = context.schedule.by_id.get(attendance.backup_of or "")
        return f"Kept as a backup of {main.code} {main.title}." if main else "Kept as a backup."
    return "You are going, with a reserved seat." if attendance.reserved else "You are going."


def _agreement(context: Context) -> tuple[Text, ...]:
    """The first session on an agenda is where somebody agrees to be told when to leave."""
    attendee = context.attendee
    if attendee.agreed_at is not None:
        return ()
    off = Typed("/nudges off")
    return (sentence(f"I will tell you {attendee.notice} min before you have to leave. ", off, " stops that."),)


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
