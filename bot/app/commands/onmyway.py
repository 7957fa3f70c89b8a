"""`/onmyway [code]`: the attendee has left, so no leave-by nudge is needed."""

from dataclasses import replace

from bot.app.command_spec import CHOSEN_SESSION, Call, Command, Context, Effect, Param, choice
from bot.app.messages import Button, Reply, Text
from bot.app.schedules.feedback import room_news
from bot.app.schedules.walks import count_departure, count_not_yet
from bot.app.text import Reader, is_over, lines, outside_text, room_buttons, room_text, s, session_choices, t
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.session import Session

CODE = Param("code", CHOSEN_SESSION, "its code, part of its title, or a number from the last list")
STILL = Param("state", choice("walking"), "walking, if it takes longer than I said")


async def handle(call: Call, context: Context) -> Reply:
    """Store the time of leaving, add the session to the agenda if needed, and withdraw the leave-by nudge.

    Leaving hours before the start changes no plan: that session's reminder still comes. Without a session, offer
    those of the agenda that are still to come.
    """
    session, reader = call.get(CODE), Reader.of(context.attendee, context.schedule)
    if session is None:
        return await _offered(context)
    if call.get(STILL):
        return await _still_walking(session, context, reader)
    if refused := _refused(session, context, reader):
        return Reply((refused,), buttons=(Button(s("Next session"), "nextsession"),))
    chosen = {attendance.session: attendance for attendance in await context.attendances()}
    before = chosen.get(session.id)
    if before is None or not before.is_decided:
        before = Attendance(session.id, chosen_at=context.now, must=before is not None and before.must)
    attendance = replace(before, left_at=context.now)
    early = not attendance.has_left_for(session)
    await context.work.attendances.put(
        context.attendee.id, context.schedule.conference.slug, before if early else attendance
    )
    if early:
        return _too_early(session, context, reader)
    if not before.has_left_for(session):
        going = [*(other for other in chosen.values() if other.session != session.id), attendance]
        await count_departure(context.work, context.attendee, going, context.schedule, session.id, context.now)
    starts = reader.time(session.starts_at)
    if session.online:
        text = t(
            '"{title}" is online: join at {time}. No more reminders for this one.', title=session.title, time=starts
        )
        return Reply((text,))
    text = t(
        'Have a good walk! "{title}" starts at {time}. No more reminders for this one.',
        title=session.title,
        time=starts,
    )
    doors = room_buttons(session) if context.attendee.community.feedback else ()
    news = await room_news(context.work, context.attendee.community, context.schedule, session)
    return Reply(lines(text, room_text(session, news.here)), buttons=(*_here(session), *doors))


async def _still_walking(session: Session, context: Context, reader: Reader) -> Reply:
    """Count a walk that takes longer than promised."""
    chosen = await context.attendances()
    if await count_not_yet(context.work, context.attendee, chosen, context.schedule, session.id, context.now):
        thanks = t("Thanks. The next people who go there get more time.")
    else:
        thanks = t("Have a good walk!")
    starts = t('"{title}" starts at {time}.', title=session.title, time=reader.time(session.starts_at))
    return Reply((thanks, starts), buttons=_here(session))


def _here(session: Session) -> tuple[Button, ...]:
    return (Button(s("I'm here"), "here", {"venue": session.venue}),) if session.venue else ()


def _refused(session: Session, context: Context, reader: Reader) -> Text:
    """Why nobody can be on the way to a session; empty if they can."""
    if session.ends_at <= context.now:
        over_text = outside_text(context.schedule, context.now) if is_over(context.schedule, context.now) else ()
        return over_text or t('"{title}" ended at {time}.', title=session.title, time=reader.time(session.ends_at))
    if not session.takes_place:
        return t('"{title}" does not take place.', title=session.title)
    return ()


def _too_early(session: Session, context: Context, reader: Reader) -> Reply:
    text = t(
        "\"{title}\" doesn't start until {time}, so I'll still remind you to leave. Tell me again when you go.",
        title=session.title,
        time=reader.day_time(session.starts_at),
    )
    day = session.day(context.schedule.conference.tz)
    return Reply((text,), buttons=(Button(s("Agenda"), "agenda", {"day": day.isoformat()}),))


async def _offered(context: Context) -> Reply:
    going = [attendance for attendance in await context.attendances() if attendance.choice is Choice.GOING]
    pairs = [
        (session, attendance) for attendance in going if (session := context.schedule.by_id.get(attendance.session))
    ]
    sessions = [session for session, attendance in pairs if not attendance.has_left_for(session)]
    coming = [
        session for session in sessions if session.takes_place and not session.online and session.ends_at > context.now
    ]
    coming.sort(key=lambda session: (session.starts_at, session.code))
    if not coming:
        nothing = t("There is nothing left on your agenda to walk to.")
        return Reply((nothing,), buttons=(Button(s("Next session"), "nextsession"),))
    return Reply(
        (t("Where are you going?"),), buttons=session_choices(coming, "onmyway", context.schedule, context.hours)
    )


COMMAND = Command(
    "onmyway",
    "Tell me you have left, and I stop reminding you",
    handle,
    (CODE, STILL),
    effect=Effect.WRITE_AND_REPLAN,
    examples=("/onmyway ARC301", "/onmyway"),
)
