"""`/session code`: everything about one session, with the walk there."""

from bot.app.command_spec import SESSION, Call, Command, Context, Param
from bot.app.messages import Reply, Text
from bot.app.schedules.feedback import room_news
from bot.app.text import (
    Reader,
    departure_text,
    fallback_text,
    later_text,
    map_links,
    overflow_text,
    room_links,
    room_text,
    s,
    session_buttons,
    session_card,
    session_line,
    starred_change_text,
    starred_text,
    t,
    watch_buttons,
)
from bot.domain.attendee.agenda import Fit, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.fallbacks import walk_up_moment
from bot.domain.attendee.feedback import RoomNews, is_awaited
from bot.domain.schedule.session import Session

CODE = Param(
    "code",
    SESSION,
    "its code, part of its title, or a number from the last list",
    required=True,
    question=s("Which session?"),
)


async def handle(call: Call, context: Context) -> Reply:
    """Show the session in full: facts, the attendee's choice, the walk there, repeats."""
    session = call.need(CODE)
    reader = Reader.of(context.attendee, context.schedule)
    chosen = {attendance.session: attendance for attendance in await context.attendances()}
    mine = chosen.get(session.id)
    news = await room_news(context.work, context.attendee.community, context.schedule, session)
    # Attendees who have not chosen it yet see the walk too: it helps them decide.
    as_going = {**chosen, session.id: mine if mine and mine.is_decided else Attendance(session.id)}
    stop = _stop(session, list(as_going.values()), context)
    lines = [
        t("{speakers}", speakers=", ".join(session.speakers)),
        t("{abstract}", abstract=session.abstract),
        _choice_text(mine),
        starred_change_text((mine, session), reader) if mine and mine.choice is Choice.STARRED else (),
        _room_text(session, mine, news, context),
        *_departure(stop, session, context, reader, news.chance),
        *_again(session, context, reader),
    ]
    card = session_card(session, reader, *lines)
    is_starred = mine is not None and mine.choice is Choice.STARRED
    buttons = session_buttons(session, going=mine is not None and mine.is_decided, starred=is_starred)
    links = (
        *watch_buttons((session,), context.now),
        *await context.session_links(session, call.request),
        *map_links(stop.departure.leg if stop else None, context.attendee, context.schedule),
        *room_links(session, context.schedule),
    )
    return Reply(cards=(card,), buttons=buttons, links=links)


def _room_text(session: Session, mine: Attendance | None, news: RoomNews, context: Context) -> Text:
    """Say what people report at the door, for attendees of the session; for others, the overflow room if useful."""
    at_door = room_text(session, news.here) if is_awaited(session, mine, context.now) else ()
    return at_door or (overflow_text(session) if context.now < session.ends_at else ())


def _choice_text(mine: Attendance | None) -> Text:
    if mine is None:
        return ()
    if mine.choice is Choice.LATER:
        return t("It is on your list to watch later.")
    if mine.choice is Choice.STARRED:
        return starred_text(mine)
    if mine.choice is Choice.BACKUP:
        return t("This is one of your backups.")
    return t("You're going, with a reserved seat.") if mine.reserved else t("You're going.")


def _stop(session: Session, chosen: list[Attendance], context: Context) -> Stop | None:
    """The session on the agenda of its day; None if it has begun or is not on it."""
    day = session.day(context.schedule.conference.tz)
    stop = build_agenda(context.attendee, chosen, context.schedule, day).stop_of(session.id)
    return stop if session.starts_at > context.now else None


def _departure(
    stop: Stop | None, session: Session, context: Context, reader: Reader, room: float | None
) -> tuple[Text, ...]:
    if stop is None:
        return ()
    departure, attendance = stop.departure, stop.attendance
    return (
        departure_text(departure, attendance, session, reader),
        later_text(departure, session, context.now, reader) if stop.fit is Fit.FITS else (),
        # The repeats stand below, all of them.
        fallback_text(walk_up_moment(departure, session, context.now), attendance, session, None, reader, room),
    )


def _again(session: Session, context: Context, reader: Reader) -> list[Text]:
    repeats = context.schedule.repeats(session)
    return [
        t("It's on again {day}: {session}.", day=reader.day(repeat.starts_at), session=session_line(repeat, reader))
        for repeat in repeats
    ]


COMMAND = Command(
    "session",
    "Everything about one session",
    handle,
    (CODE,),
    examples=("/session ARC301", "/session 2"),
)
