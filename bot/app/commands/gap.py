"""`/gap [until]`: what fits between now and the next thing on the agenda, and what it costs to walk."""

from datetime import datetime, timedelta

from bot.app.command_spec import UNTIL, Call, Command, Context, Param, ParamType, StaticContext
from bot.app.messages import Button, Card, Reply, Text
from bot.app.text import (
    Reader,
    drop_in_cards,
    is_over,
    lines,
    listed_once,
    minutes_text,
    n,
    numbered,
    outside_text,
    passed_text,
    s,
    t,
)
from bot.domain.errors import BadInputError
from bot.domain.planning.gap import AgendaGap, GapSession, agenda_gap
from bot.domain.planning.of_attendee import walks_of
from bot.domain.schedule.session import Session

SHOWN = 4
LONGEST = timedelta(hours=12)


def _read(text: str, context: StaticContext) -> datetime:
    """Read `30` as minutes; everything else as the end of something: `30 min`, `2h`, `15:00`."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal()):
        return UNTIL.read(typed, context)
    if not typed.lstrip("0") or len(typed) > len("9999") or timedelta(minutes=int(typed)) > LONGEST:
        raise BadInputError(s("{text} is not a number of minutes from 1 to 720.", text=typed))
    return context.now + timedelta(minutes=int(typed))


END = Param("until", ParamType("until", _read, is_text=True), "a time such as 15:00, or minutes: 30")


async def handle(call: Call, context: Context) -> Reply:
    """Show sessions that the attendee can reach, attend to their end, and leave in time for the next entry."""
    chosen, until = await context.attendances(), call.get(END)
    if is_over(context.schedule, context.now):
        return Reply((outside_text(context.schedule, context.now),))
    gap = agenda_gap(context.attendee, chosen, context.schedule, context.now, until)
    reader = Reader.of(context.attendee, context.schedule)
    if gap.following and gap.following.departure.leave_by <= gap.begins == context.now:
        session = gap.following.session
        way = (Button(s("On my way"), "onmyway", {"code": session.code}),)
        late = passed_text(gap.following.departure, session, context.now, reader)
        return Reply(lines(t('It\'s time to leave for "{title}".', title=session.title), late), buttons=way)
    by_id = {fitting.session.id: fitting for fitting in gap.sessions}
    sessions = listed_once(fitting.session for fitting in gap.sessions)[:SHOWN]
    walks = [_walk_text(by_id[session.id], gap) for session in sessions]
    buttons = tuple(
        Button(s("Going to {code}", code=session.code), "attend", {"code": session.code}) for session in sessions
    )
    head = lines(outside_text(context.schedule, context.now), _head(gap, reader, until), _count_text(len(sessions)))
    cards = (*numbered(sessions, reader, walks, day=False), *_open_cards(gap, context, reader))
    return Reply(head, cards, buttons, listed=tuple(session.id for session in sessions))


def _head(gap: AgendaGap, reader: Reader, until: datetime | None) -> Text:
    following = gap.following
    if following and (until is None or gap.ends < until):
        leave = following.departure.leave_by
        if leave <= gap.begins:
            return t('Then you go on to "{title}".', title=following.session.title)
        return t(
            '{time} until you leave for "{title}" at {leave}.',
            time=minutes_text(leave - gap.begins),
            title=following.session.title,
            leave=reader.time(leave),
        )
    if until is None:
        return t("Nothing on your agenda soon. I looked at what starts by {end}.", end=reader.time(gap.ends))
    return t("{time}, until {end}.", time=minutes_text(gap.ends - gap.begins), end=reader.time(gap.ends))


def _count_text(count: int) -> Text:
    if not count:
        return t("No session fits into that.")
    return n("One session fits:", "These sessions fit, the best for you first:", count)


def _walk_text(fitting: GapSession, gap: AgendaGap) -> Text:
    """What it costs to walk: `5 min there, then 18 min to "Keys, locks and doors"`."""
    star = s("You starred it. ") if fitting.is_starred else ""
    if fitting.there is None:
        there = ""
    elif gap.place and gap.place.venue == fitting.session.venue:
        there = s("{minutes} min there, in the same venue", minutes=round(fitting.there))
    else:
        there = s("{minutes} min there", minutes=round(fitting.there))
    if fitting.onward is None or gap.following is None:
        return t("{star}{there}.", star=star, there=there) if there else (star,) if star else ()
    title = gap.following.session.title
    if not there:
        return t('{star}{minutes} min from there to "{title}".', star=star, minutes=round(fitting.onward), title=title)
    return t(
        '{star}{there}, then {minutes} min to "{title}".',
        star=star,
        there=there,
        minutes=round(fitting.onward),
        title=title,
    )


def _open_cards(gap: AgendaGap, context: Context, reader: Reader) -> tuple[Card, ...]:
    """Return cards of drop-ins that are open meanwhile, the nearest first."""
    walks = walks_of(context.attendee, context.schedule)
    running = [
        session for session in context.schedule.under_way(context.now) if session.id in context.schedule.drop_ins
    ]

    def minutes(session: Session) -> float:
        return walks.minutes(gap.place, session.place, context.now)

    return drop_in_cards(running, reader, context.now, minutes)


COMMAND = Command(
    "gap",
    "What fits before your next session, and the walk it costs",
    handle,
    (END,),
    examples=("/gap", "/gap 30", "/gap 15:00"),
)
