"""The alternatives of an attendee who misses the time to leave, each with its time."""

from collections.abc import Sequence
from datetime import datetime

from bot.app.messages import Text
from bot.app.text.catalog import t
from bot.app.text.chances import cases_text, share_text
from bot.app.text.clashes import clash_text
from bot.app.text.format import listed, spaced
from bot.app.text.local_times import Reader
from bot.app.text.sessions import session_line
from bot.domain.attendee.agenda import Clash
from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.departure import Departure
from bot.domain.attendee.fallbacks import Risk, is_recorded, later_moments
from bot.domain.schedule.session import Session


def later_text(departure: Departure, session: Session, now: datetime, reader: Reader) -> Text:
    """`Later is riskier: 12:55 for 3 in 4, 12:57 for 1 in 2, 13:00 for 1 in 4.`; empty if nothing is known."""
    later = [
        t("{time} for {share}", time=reader.time(moment), share=share_text(share))
        for share, moment in later_moments(departure, session, now)
    ]
    return t("Later is riskier: {moments}.", moments=listed(later)) if later else ()


def fallback_text(
    walk_up: datetime | None,
    attendance: Attendance,
    session: Session,
    repeat: Session | None,
    reader: Reader,
    room: float | None = None,
) -> Text:
    """Return the walk-up, the repeat and the recording, in this order; empty if there is none of them.

    Args:
        walk_up: when to leave to be at the door at the start, None if that helps nobody.
        repeat: another sitting that fits the attendee's day.
        room: the share of walk-ups that got in, if enough people reported it; None if unknown.
    """
    if session.online:
        return ()
    again = (
        t(
            "It's on again {day}, and that fits your plan: {session}.",
            day=reader.day(repeat.starts_at),
            session=session_line(repeat, reader),
        )
        if repeat
        else ()
    )
    watch = t("It's recorded, so you can watch it later.") if is_recorded(session) else ()
    return spaced(_walk_up_text(walk_up, attendance, reader, room), again, watch)


def _walk_up_text(walk_up: datetime | None, attendance: Attendance, reader: Reader, room: float | None) -> Text:
    if walk_up is None:
        return ()
    time, odds = reader.time(walk_up), _room_text(room)
    if attendance.reserved:
        return t("Without the seat, leave by {time} for the walk-up; {odds}.", time=time, odds=odds)
    return t("Leave by {time} at the latest, to be there at the start; {odds}.", time=time, odds=odds)


def _room_text(room: float | None) -> Text:
    if room is None:
        return t("whether there is room, nobody knows")
    return t("there was room {cases}", cases=cases_text(room))


def risk_texts(risks: Sequence[Risk], unmade: Sequence[tuple[Session, Clash]], reader: Reader) -> Sequence[Text]:
    """Return the breaks that are probably too short for a reserved seat, and those that are too short at all."""
    first = {session.id: (session, clash) for session, clash in reversed(unmade)}
    too_late = [
        t('"{title}": {clash}', title=session.title, clash=clash_text(session, clash, reader))
        for session, clash in reversed(first.values())
    ]
    return [*(_risk_text(risk, reader) for risk in risks), *too_late]


def _risk_text(risk: Risk, reader: Reader) -> Text:
    stop, before = risk.stop, risk.stop.before
    assert before, "only what comes after another session is a risk"
    return t(
        'Your seat in "{next}" lapses at {door}. If you stay in "{title}" to the end ({ends}), you keep it {cases}.',
        title=before.title,
        ends=reader.time(before.ends_at),
        next=stop.session.title,
        door=reader.time(stop.departure.lapses_at(stop.session)),
        cases=cases_text(risk.chance),
    )
