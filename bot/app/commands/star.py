"""`/star code [must]`: remember a session, without deciding to go."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.command_spec import SESSION, Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import Reader, lines, s, session_card, t
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
IS_MUST = Param("must", choice("must"), "must: a plan may not leave it out")
AGENDA = Button(s("Agenda"), "agenda")


async def handle(call: Call, context: Context) -> Reply:
    """Star the session; one that the attendee goes to stays on the agenda, and can become a must."""
    session, must = call.need(CODE), call.get(IS_MUST) is not None
    if session.is_block:
        raise BadInputError(s("That is your own entry, and on your agenda already."))
    if session.ends_at <= context.now:
        raise BadInputError(s('"{title}" is already over. Find another one with /find.', title=session.title))
    if not session.takes_place:
        raise BadInputError(s('"{title}" does not take place. Find another one with /find.', title=session.title))
    chosen = await context.attendances()
    old = next((attendance for attendance in chosen if attendance.session == session.id), None)
    if old is not None and old.is_decided:
        return await _decided(session, old, context, must=must)
    new = Attendance(session.id, Choice.STARRED, chosen_at=context.now, must=must or (old is not None and old.must))
    await context.work.attendances.put(context.attendee.id, context.schedule.conference.slug, new)
    is_repeated = old is not None and old.choice is Choice.STARRED and old.must == new.must
    return _starred(session, new, chosen, context, is_repeated=is_repeated)


async def _decided(session: Session, old: Attendance, context: Context, *, must: bool) -> Reply:
    """A session on the agenda needs no star; as a must, a plan may not replace it."""
    if must and not old.must:
        await context.work.attendances.put(
            context.attendee.id, context.schedule.conference.slug, replace(old, must=True)
        )
        text = t('"{title}" is on your agenda, and now a must: no plan leaves it out.', title=session.title)
    else:
        text = t('"{title}" is on your agenda already, so it needs no star.', title=session.title)
    return Reply((text,), buttons=(AGENDA, Button(s("Not going"), "skip", {"code": session.code})))


def _starred(
    session: Session, new: Attendance, chosen: Sequence[Attendance], context: Context, *, is_repeated: bool
) -> Reply:
    code, seen = {"code": session.code}, session.revision
    must = () if new.must else (Button(s("Must see"), "star", {**code, "must": "must"}, seen=seen),)
    buttons = (
        Button(s("Going"), "attend", code, seen=seen),
        *must,
        Button(s("Remove the star"), "skip", code),
        AGENDA,
    )
    card = session_card(session, Reader.of(context.attendee, context.schedule))
    text = lines(_head(session, new, is_repeated=is_repeated), *_overlaps(session, chosen, context))
    return Reply(text, (card,), buttons)


def _head(session: Session, new: Attendance, *, is_repeated: bool) -> Text:
    if is_repeated:
        remove = Typed(f"/skip {session.code}")
        return t("You have starred this one already. To remove the star: {remove}", remove=remove)
    if new.must:
        return t("Starred as a must. I send no reminders for it until you're going.")
    return t("Starred. I send no reminders for it until you're going.")


def _overlaps(session: Session, chosen: Sequence[Attendance], context: Context) -> Sequence[Text]:
    """Say what is on the agenda at that time."""
    day = session.day(context.schedule.conference.tz)
    path = build_agenda(context.attendee, chosen, context.schedule, day).path
    return [
        t('At that time you go to "{title}".', title=stop.session.title)
        for stop in path
        if stop.session.overlaps(session)
    ]


COMMAND = Command(
    "star",
    "Remember a session you like, without deciding",
    handle,
    (CODE, IS_MUST),
    effect=Effect.WRITE,
    examples=("/star ARC301", "/star ARC301 must"),
)
