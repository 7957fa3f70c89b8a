"""`/attend code [reserved]`: put a session on the agenda, with a seat, without, or as a backup."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param, ParamType, choice
from bot.app.messages import Button, LinkButton, Reply, Text, Typed
from bot.app.schedules.blocks import take_off
from bot.app.schedules.replanning import answer_leave_by
from bot.app.schedules.seats import learn_of_seats
from bot.app.text import (
    AgendaWriter,
    Reader,
    block_again,
    first_time_text,
    later_button,
    map_links,
    s,
    session_card,
    shortened,
    silenced_text,
    t,
)
from bot.domain.attendee.agenda import Agenda, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.departure import Origin
from bot.domain.errors import BadInputError
from bot.domain.nudges.leave_by import is_due_soon
from bot.domain.nudges.nudge import silenced_nudges
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)
ONLY = Param(
    "only",
    choice("only"),
    "take what clashes with it off your agenda",
)
SEAT = Param("seat", choice("reserved", "walk-up", "backup"), "whether you have a reserved seat, or it is a backup")
OF = Param(
    "of",
    ParamType(SESSION.name, SESSION.read, suggest=SESSION.suggest, names=SESSION.names),
    "the session that a backup stands in for",
    keyword="of",
    keyword_required=True,
)
INSTEAD = Param(
    "instead", OF.type, "the session that this one replaces on your agenda", keyword="instead", keyword_required=True
)


WHERE = (Button(s("My hotel…"), "hotel"), Button(s("Where I am…"), "here", asks=("venue",)))
"""Buttons that answer the question where the walk to the session starts."""


async def handle(call: Call, context: Context) -> Reply:
    """Store the choice and show when to leave, overlaps and conflicts."""
    session, seat = call.need(CODE), call.get(SEAT)
    chosen = await context.attendances()
    answers = call.get(ONLY) is not None and any(attendance.session == session.id for attendance in chosen)
    # After a day the recap asks which of the sessions that clashed it was.
    if session.ends_at <= context.now and not answers:
        raise BadInputError(s('"{title}" is already over. Find another one with /find.', title=session.title))
    if not session.takes_place:
        raise BadInputError(_off_text(session))
    if replaced := call.get(INSTEAD):
        chosen = await _without(replaced, session, chosen, context)
    old = next((attendance for attendance in chosen if attendance.session == session.id), None)
    others = [attendance for attendance in chosen if attendance.session != session.id]
    if seat == "backup":
        attendance = _backup(session, call.get(OF), chosen, context)
    else:
        attendance = _going(session, seat, old, context.now)
    dropped = _clashing(session, [*others, attendance], context) if call.get(ONLY) else ()
    for other in dropped:
        await take_off(context.work, context.attendee, context.schedule.conference.slug, other)
    others = [attendance for attendance in others if attendance.session not in {other.id for other in dropped}]
    await context.work.attendances.put(context.attendee.id, context.schedule.conference.slug, attendance)
    if attendance.reserved:
        await learn_of_seats(context.work, context.schedule, context.now)
    attendee = context.attendee
    if attendee.agreed_at is None:
        attendee = replace(attendee, agreed_at=context.now)
        await context.work.people.save(attendee)
    chosen = [*others, attendance]
    agenda = _agenda(session, chosen, context)
    about, stop = _asked_about(agenda, session), agenda.stop_of(session.id)
    asks_place = stop is not None and _starts_anywhere(stop, context)
    await answer_leave_by(
        context.work, attendee, chosen, context.schedule, context.now, session.id, about, asks_place=asks_place
    )
    links = await context.session_links(session, call.request)
    return _reply(attendance, session, dropped, chosen, links, context)


def _reply(
    attendance: Attendance,
    session: Session,
    dropped: Sequence[Session],
    chosen: Sequence[Attendance],
    links: Sequence[LinkButton],
    context: Context,
) -> Reply:
    reader = Reader.of(context.attendee, context.schedule)
    agenda = _agenda(session, chosen, context)
    stop = agenda.stop_of(session.id)
    unknown = stop is not None and _starts_anywhere(stop, context)
    # Nobody is urged to leave at once by the longest walk in town.
    writer = AgendaWriter(context.attendee, chosen, context.schedule, reader, context.now, urges=not unknown)
    dropped_texts = [t('I took "{title}" off your agenda.', title=other.title) for other in dropped]
    asked, choices = writer.questions(agenda, _asked_about(agenda, session))
    if session.ends_at <= context.now:
        text = (t('So you saw "{title}".', title=session.title), *dropped_texts)
    else:
        text = (
            _choice_text(attendance, context),
            *_apart_text(attendance, session, context),
            *dropped_texts,
            *first_time_text(context.attendee, stop, context.now),
            *_silenced(session, chosen, context),
            *(_where_text(stop, context) if stop and unknown else ()),
            *asked,
        )
    if stop is None or session.starts_at <= context.now:
        card = session_card(session, reader)
    else:
        card = writer.card(stop, day=True)
    undo_buttons = [_back(other, context) for other in dropped]
    if session.ends_at <= context.now:
        day = session.day(context.schedule.conference.tz).isoformat()
        return Reply(text, (card,), (Button(s("Recap"), "recap", {"day": day}), *undo_buttons))
    wake = (Button(s("Wake me"), "nudges", {"alarms": "alarms on"}),) if _silenced(session, chosen, context) else ()
    later = [button for other in dropped for button in later_button(other)]
    buttons = (*later, Button(s("Agenda"), "agenda"), Button(s("Not going"), "skip", {"code": session.code}))
    goes = stop is not None and stop.assumed and not unknown and session.starts_at > context.now
    walk = map_links(stop.departure.leg, context.attendee, context.schedule) if stop and goes else ()
    return Reply(
        text,
        (card,),
        (*choices, *(WHERE if unknown else ()), *wake, *undo_buttons, *buttons),
        links=(*links, *walk),
    )


def _back(other: Session, context: Context) -> Button:
    label = s("Put {title} back", title=shortened(other.title, 30))
    if other.is_block:
        return replace(block_again(other, context.schedule.conference.tz), label=label)
    return Button(label, "attend", {"code": other.code}, choice=True)


def _agenda(session: Session, chosen: Sequence[Attendance], context: Context) -> Agenda:
    return build_agenda(context.attendee, chosen, context.schedule, session.day(context.schedule.conference.tz))


def _starts_anywhere(stop: Stop, context: Context) -> bool:
    """Whether the longest walk is used for a session to come, because the attendee's place is unknown."""
    departure = stop.departure
    to_come = stop.assumed and stop.session.starts_at > context.now
    return to_come and departure.origin is Origin.UNKNOWN and departure.leg is not None


def _where_text(stop: Stop, context: Context) -> tuple[Text, ...]:
    """Ask where the attendee is, if it would be time to leave after the longest walk."""
    if not is_due_soon(stop.departure, context.now, context.attendee.notice_time):
        return ()
    return (t("Where are you, or where do you stay? Then I can tell you when to leave."),)


def _silenced(session: Session, chosen: Sequence[Attendance], context: Context) -> Sequence[Text]:
    """Say that no message will come for the session, because it would be due in quiet hours."""
    reader = Reader.of(context.attendee, context.schedule)
    silenced = silenced_nudges(context.attendee, chosen, context.schedule, context.now)
    return [silenced_text(nudge, context.schedule, reader) for nudge in silenced if nudge.subject == session.id]


def _asked_about(agenda: Agenda, session: Session) -> set[str]:
    """Return the sessions that choosing `session` raises a question about: itself, or those that clash with it."""
    return {
        other.session.id
        for stop, others in agenda.questions
        for other in others
        if session in (stop.session, other.session)
    }


def _clashing(session: Session, chosen: Sequence[Attendance], context: Context) -> Sequence[Session]:
    agenda = _agenda(session, chosen, context)
    return [clash.other for stop in agenda.stops if stop.session.id == session.id for clash in stop.clashes]


def _off_text(session: Session) -> str:
    if session.cancelled:
        return s('"{title}" was cancelled. Find another one with /find.', title=session.title)
    return s('"{title}" is no longer in the schedule. Find another one with /find.', title=session.title)


async def _without(
    replaced: Session, session: Session, chosen: Sequence[Attendance], context: Context
) -> Sequence[Attendance]:
    """The choices without the replaced session, which is taken off the agenda."""
    if replaced.id == session.id:
        return chosen
    await take_off(context.work, context.attendee, context.schedule.conference.slug, replaced)
    return [attendance for attendance in chosen if attendance.session != replaced.id]


def _going(session: Session, seat: str | None, old: Attendance | None, now: datetime) -> Attendance:
    """Return the choice; choosing the session again keeps the reserved seat, unless the attendee says there is none."""
    if old is None or old.choice is not Choice.GOING:
        must = old is not None and old.must
        return Attendance(session.id, reserved=seat == "reserved", chosen_at=now, must=must)
    reserved = old.reserved if seat is None else seat == "reserved"
    # Earlier notifications no longer count: the attendee has just seen the current session.
    return Attendance(session.id, reserved=reserved, chosen_at=old.chosen_at or now, must=old.must)


def _backup(session: Session, stands_in: Session | None, chosen: Sequence[Attendance], context: Context) -> Attendance:
    """A backup for the named session, else for the only session it overlaps."""
    if stands_in is None:
        going = (
            context.schedule.by_id.get(attendance.session) for attendance in chosen if attendance.choice is Choice.GOING
        )
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


def _apart_text(attendance: Attendance, session: Session, context: Context) -> tuple[Text, ...]:
    """Say that a backup does not overlap the session that it stands in for, so the attendee can go to both."""
    main = context.schedule.by_id.get(attendance.backup_of or "")
    if main is None or main.overlaps(session):
        return ()
    reader, both = Reader.of(context.attendee, context.schedule), Typed(f"/attend {session.code}")
    return (
        t(
            'It does not overlap "{title}" ({day} {start}-{end}). To go to both: {both}',
            title=main.title,
            day=reader.day(main.starts_at),
            start=reader.time(main.starts_at),
            end=reader.time(main.ends_at),
            both=both,
        ),
    )


COMMAND = Command(
    "attend",
    "Put a session on your agenda",
    handle,
    (CODE, SEAT, OF, INSTEAD, ONLY),
    effect=Effect.WRITE_AND_REPLAN,
    examples=(
        "/attend ARC301",
        "/attend ARC301 reserved",
        "/attend SEC203 backup of ARC301",
        "/attend DAT310-R instead DAT310",
    ),
)
