"""`/skip [code]`: take a session off your agenda."""

from collections.abc import Sequence

from bot.app.command_spec import CHOSEN_SESSION, Call, Command, Context, Effect, Param
from bot.app.messages import Button, Reply
from bot.app.schedules.blocks import take_off
from bot.app.text import block_again, later_button, s, session_choices, t
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.session import Session

CODE = Param("code", CHOSEN_SESSION, "its code, part of its title, or a number from the last list")


async def handle(call: Call, context: Context) -> Reply:
    """Remove the choice or the star, and withdraw its nudges; without a session, offer those on the agenda."""
    session, chosen = call.get(CODE), await context.attendances()
    if session is None:
        return _offered(chosen, context)
    old = next((attendance for attendance in chosen if attendance.session == session.id), None)
    if old is None:
        text = t('"{title}" was not on your agenda.', title=session.title)
        return Reply((text,), buttons=(Button(s("Agenda"), "agenda"),))
    await take_off(context.work, context.attendee, context.schedule.conference.slug, session)
    if old.is_decided:
        text = t('I took "{title}" off your agenda.', title=session.title)
    elif old.choice is Choice.LATER:
        text = t('I took "{title}" off your list to watch later.', title=session.title)
    else:
        text = t('I removed the star of "{title}".', title=session.title)
    later = later_button(session) if old.choice is not Choice.LATER else ()
    return Reply((text,), buttons=(_back(session, old, context), *later, Button(s("Agenda"), "agenda")))


def _offered(chosen: Sequence[Attendance], context: Context) -> Reply:
    decided = (attendance.session for attendance in chosen if attendance.is_decided)
    sessions = [session for id_ in decided if (session := context.schedule.by_id.get(id_))]
    coming = sorted(
        (session for session in sessions if session.ends_at > context.now),
        key=lambda session: (session.starts_at, session.code),
    )
    agenda = Button(s("Agenda"), "agenda")
    if not coming:
        return Reply((t("Nothing is left on your agenda, so there is nothing to take off."),), buttons=(agenda,))
    head = t("Which session shall I take off your agenda?")
    return Reply((head,), buttons=(*session_choices(coming, "skip", context.schedule, context.hours), agenda))


def _back(session: Session, old: Attendance, context: Context) -> Button:
    """A button that puts the session back as it was: with its seat, or as a backup."""
    arguments = {"code": session.code}
    if session.is_block:
        return block_again(session, context.schedule.conference.tz)
    if old.choice is Choice.LATER:
        return Button(s("Put it back"), "later", arguments)
    if not old.is_decided:
        return Button(s("Put it back"), "star", arguments | ({"must": "must"} if old.must else {}))
    main = context.schedule.by_id.get(old.backup_of or "")
    if old.choice is Choice.BACKUP and main:
        arguments |= {"seat": "backup", "of": f"of {main.code}"}
    elif old.reserved:
        arguments |= {"seat": "reserved"}
    return Button(s("Put it back"), "attend", arguments)


COMMAND = Command(
    "skip",
    "Take a session off your agenda",
    handle,
    (CODE,),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/skip ARC301", "/skip"),
)
