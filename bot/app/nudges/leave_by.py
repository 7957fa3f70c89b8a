"""The leave-by nudge: when to leave, from which place, for which session."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Reply, Text
from bot.app.schedules.feedback import room_news
from bot.app.text import (
    WORTH_SAYING,
    AgendaWriter,
    Reader,
    fallback_text,
    join_buttons,
    late_for_line_text,
    lateness_text,
    lines,
    listed,
    map_links,
    n,
    passed_text,
    place_name,
    room_links,
    room_text,
    route_text,
    session_buttons,
    session_card,
    slip_out_text,
    t,
)
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.attendee.fallbacks import repeat_for, walk_up_moment
from bot.domain.attendee.feedback import RoomNews
from bot.domain.nudges.nudge import ALSO, ASKED, BEFORE, REPLACES, UNDECIDED, NudgeKind
from bot.domain.schedule.session import Session
from bot.domain.travel.way import LegSource

MOST_NAMED = 5
"""Sessions that a message to stay in a room names; in a developer room a day has twenty."""
NO_NEWS = RoomNews()
CACHED = 4_096
"""Maximum number of cached texts: at a peak thousands of readers share a text per session, route and time zone."""


async def write(occasion: RenderContext) -> Reply | None:
    """Write the session and the route to it, as stored when the nudge was planned.

    None if the session has changed since, or does not take place.
    """
    nudge, schedule = occasion.nudge, occasion.schedule
    session = schedule.by_id.get(nudge.subject)
    if session is None or not session.takes_place or session.revision != nudge.revision:
        return None
    reader = Reader.of(occasion.attendee, schedule)
    before = schedule.by_id.get(str(nudge.facts.get(BEFORE, "")))
    planned = tuple(nudge.facts.items())
    departure = _departure(planned)
    late = lines(_passed_text(departure, session, occasion, reader), lateness_text(occasion.late))
    walk_up = walk_up_moment(departure, session, occasion.now)
    news = await _room_news(session, occasion)
    fallbacks = (walk_up, await _repeat(session, occasion), news.chance)
    reply = _text(session, before, reader, planned, _later_there(occasion), late, fallbacks)
    walk = (*map_links(departure.leg, occasion.attendee, schedule), *room_links(session, schedule, before))
    links, full = (*occasion.page_links(session), *walk), room_text(session, news.here)
    if links or full:
        reply = replace(reply, lines=lines(*reply.lines, full), links=(*reply.links, *links))
    return await _with_question(reply, occasion, reader) if UNDECIDED in nudge.facts else reply


def _later_there(occasion: RenderContext) -> tuple[Session, ...]:
    """The later sessions in the same room, for which no message follows."""
    if ALSO not in occasion.nudge.facts:
        return ()
    sessions = (occasion.schedule.by_id.get(id_) for id_ in str(occasion.nudge.facts[ALSO]).split("\n"))
    return tuple(session for session in sessions if session and session.takes_place)


def _passed_text(departure: Departure, session: Session, occasion: RenderContext, reader: Reader) -> Text:
    if ASKED in occasion.nudge.facts:
        # Nobody is urged by the longest walk in town.
        return ()
    # Within a minute of the moment to leave, "now" is what the first line says.
    late = occasion.now - departure.leave_by >= WORTH_SAYING
    return passed_text(departure, session, occasion.now, reader) if late else ()


def replacement(occasion: RenderContext) -> Reply | None:
    """Return the new text of the message that this one replaces; None if it is the first."""
    nudge = occasion.nudge
    session, old = occasion.schedule.by_id.get(nudge.subject), _replaced_at(nudge.facts)
    if session is None or old is None:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    new = reader.time(Departure.of_facts(nudge.facts).leave_by)
    text = t(
        'Replaced: leave by {new} for "{title}", not by {old}.', new=new, old=reader.time(old), title=session.title
    )
    return Reply((text,))


def _replaced_at(facts: Mapping[str, str | int]) -> datetime | None:
    return datetime.fromtimestamp(int(facts[REPLACES]), UTC) if REPLACES in facts else None


async def _with_question(reply: Reply, occasion: RenderContext, reader: Reader) -> Reply:
    """Add the question about sessions that will be out of reach after this moment, if it is still open."""
    schedule, undecided = occasion.schedule, str(occasion.nudge.facts[UNDECIDED]).split("\n")
    chosen = await occasion.chosen()
    agenda = build_agenda(occasion.attendee, chosen, schedule, schedule.day_by_id[occasion.nudge.subject])
    writer = AgendaWriter(occasion.attendee, chosen, schedule, reader, occasion.now)
    asked, buttons = writer.questions(agenda, undecided)
    return replace(reply, lines=(*reply.lines, *asked), buttons=(*reply.buttons, *buttons))


async def _repeat(session: Session, occasion: RenderContext) -> Session | None:
    """Another sitting that fits the attendee's day. Their choices are read only if there is one."""
    if all(other.starts_at <= occasion.now for other in occasion.schedule.repeats(session)):
        return None
    return repeat_for(occasion.attendee, await occasion.chosen(), occasion.schedule, session, occasion.now)


async def _room_news(session: Session, occasion: RenderContext) -> RoomNews:
    if not occasion.community.feedback:
        return NO_NEWS
    async with occasion.read_transaction() as work:
        return await room_news(work, occasion.community, occasion.schedule, session)


@lru_cache(CACHED)
def _departure(planned: tuple[tuple[str, str | int], ...]) -> Departure:
    return Departure.of_facts(dict(planned))


@lru_cache(CACHED)
def _text(
    session: Session,
    before: Session | None,
    reader: Reader,
    planned: tuple[tuple[str, str | int], ...],
    other_sessions: tuple[Session, ...],
    lateness: Sequence[Text],
    fallbacks: tuple[datetime | None, Session | None, float | None],
) -> Reply:
    facts, departure = dict(planned), _departure(planned)
    attendance = Attendance(session.id, reserved=bool(facts.get("reserved")))
    route = route_text(departure, attendance, session, reader)
    if before:
        tight = slip_out_text(before, departure, attendance, session, reader)
    else:
        tight = late_for_line_text(departure, attendance, reader)
    head = _far_headline(departure, session) if ASKED in facts else headline(departure, session, reader)
    old = _replaced_at(facts)
    head = t("Changed from {old}. {advice}", old=reader.time(old), advice=head) if old else head
    walk_up, repeat, room = fallbacks
    rest = fallback_text(walk_up, attendance, session, repeat, reader, room)
    text = lines(head, route, tight, _also_text(other_sessions, reader), *lateness, rest)
    card, links = session_card(session, reader, day=False), join_buttons((session,), session.starts_at)
    return Reply(text, (card,), session_buttons(session, going=True), links=links)


def _also_text(other_sessions: tuple[Session, ...], reader: Reader) -> Text:
    """A sentence about the later sessions in the same room."""
    if not other_sessions:
        return ()
    named = [
        t('"{title}" at {time}', title=other.title, time=reader.time(other.starts_at))
        for other in other_sessions[:MOST_NAMED]
    ]
    more = len(other_sessions) - MOST_NAMED
    rest = (n("{count} more session", "{count} more sessions", more),) if more > 0 else ()
    return t("After it, stay there for {sessions}.", sessions=listed([*named, *rest]))


def headline(departure: Departure, session: Session, reader: Reader) -> Text:
    """Return the first line, which a lock screen shows: the time to leave and the session."""
    title, time, leg = session.title, reader.time(departure.leave_by), departure.leg
    if session.online:
        return t('Join "{title}" at {time}.', title=title, time=reader.time(session.starts_at))
    if departure.stays:
        return t('Stay where you are for "{title}": it\'s in the same room.', title=title)
    if leg is None:
        return t('Be at "{title}" by {time}.', title=title, time=time)
    if departure.origin is Origin.UNKNOWN or leg.source is LegSource.INSIDE:
        return t('Leave by {time} for "{title}" at {venue}.', time=time, title=title, venue=leg.target)
    return t(
        'Leave {place} by {time} for "{title}" at {venue}.',
        place=place_name(leg.origin),
        time=time,
        title=title,
        venue=leg.target,
    )


def _far_headline(departure: Departure, session: Session) -> Text:
    """Return the first line for an attendee who was asked for their place and has not answered."""
    venue = departure.leg.target if departure.leg else session.venue
    return t('Leave now for "{title}" at {venue}, if you are far from it.', title=session.title, venue=venue)


NUDGE = NudgeTemplate(NudgeKind.LEAVE_BY, write, replacement=replacement)
