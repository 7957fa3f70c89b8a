"""The session-changed nudge: the old and the new facts of chosen sessions, and the consequences."""

from collections.abc import Mapping, Sequence

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Card, LinkButton, Reply, Text, When
from bot.app.text import (
    AgendaWriter,
    Reader,
    assumption_text,
    change_headline,
    change_text,
    clash_text,
    departure_text,
    join_buttons,
    lateness_text,
    lines,
    map_links,
    s,
    session_name,
    t,
)
from bot.domain.attendee.agenda import Stop, build_agenda, coming_repeats, fitting_repeats
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.nudges.changes import PendingChange, pending_changes
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.drop_in import is_drop_in
from bot.domain.schedule.session import Session

MOST_BUTTONED = 3
"""A message has room for the buttons of this many sessions; the agenda shows the others."""


async def write(occasion: RenderContext) -> Reply | None:
    """Write a card for each changed session; None if every session is as in the last message to the attendee."""
    chosen = await occasion.chosen()
    all_news = pending_changes(chosen, occasion.schedule.by_id)
    changes = [news for news in all_news if news.session.id in occasion.nudge.facts and news.ends_at > occasion.now]
    if not changes:
        return None
    changes.sort(key=lambda news: (news.session.starts_at, news.session.code))
    reader = Reader.of(occasion.attendee, occasion.schedule)
    cards: list[Card] = []
    buttons: list[Button] = []
    for news in changes:
        repeat, repeat_fits = _repeat(news, chosen, occasion)
        cards.append(_card(news, repeat, chosen, occasion, reader, repeat_fits=repeat_fits))
        buttons += _buttons(news, repeat, alone=len(changes) == 1) if len(cards) <= MOST_BUTTONED else []
    text = lines(headline(changes, reader), lateness_text(occasion.late))
    links = (
        *join_buttons((news.session for news in changes), occasion.now),
        *occasion.page_links(*(news.session for news in changes)),
        *(_walk(changes[0], chosen, occasion) if len(changes) == 1 else ()),
    )
    return Reply(text, tuple(cards), (*buttons, Button(s("Agenda"), "agenda")), links=links)


def _walk(news: PendingChange, chosen: Sequence[Attendance], occasion: RenderContext) -> Sequence[LinkButton]:
    """Return the link to the walk to the session, on a map."""
    stop = _stop(news.attendance, chosen, occasion)
    leg = stop.departure.leg if stop and stop.assumed else None
    return map_links(leg, occasion.attendee, occasion.schedule)


def headline(changes: Sequence[PendingChange], reader: Reader) -> Text:
    """Return the first line, which a lock screen shows: what has changed, or how many sessions."""
    if len(changes) == 1:
        return change_headline(changes[0].last_notified.session(changes[0].session), changes[0].session, reader)
    return t("{count} sessions on your agenda have changed:", count=len(changes))


def notified_states(occasion: RenderContext) -> Mapping[str, LastNotified]:
    """Return the states of the sessions to store as last notified, each with one more change counted."""
    sessions = occasion.schedule.by_id
    counts = {id_: int(count) + 1 for id_, count in occasion.nudge.facts.items() if id_ in sessions}
    return {id_: LastNotified.of(sessions[id_], occasion.now, count) for id_, count in counts.items()}


def _card(
    news: PendingChange,
    repeat: Session | None,
    chosen: Sequence[Attendance],
    occasion: RenderContext,
    reader: Reader,
    *,
    repeat_fits: bool,
) -> Card:
    stop = _stop(news.attendance, chosen, occasion)
    parts = [_old_and_new(news, reader), *_consequences(stop, chosen, occasion, reader), _stands_in(news, occasion)]
    if repeat:
        parts.append(
            _repeat_text(reader.day_time(repeat.starts_at), repeat.venue or repeat.room, repeat_fits=repeat_fits)
        )
    return Card(session_name(news.session), lines(*parts))


def _repeat_text(time: When, place: str, *, repeat_fits: bool) -> Text:
    if not place:
        return t("It's on again {time}.", time=time)
    if repeat_fits:
        return t("It's on again {time} at {place}, and you can make that.", time=time, place=place)
    return t("It's on again {time} at {place}, but that doesn't fit your agenda.", time=time, place=place)


def _old_and_new(news: PendingChange, reader: Reader) -> Text:
    new = news.session
    change = change_text(news.last_notified.session(new), new, reader)
    return change if new.listed else t("{change}. I'll tell you if it comes back.", change=change)


def _stop(attendance: Attendance, chosen: Sequence[Attendance], occasion: RenderContext) -> Stop | None:
    """Return the agenda stop of a session; None if the session is a backup, does not take place or has begun."""
    schedule = occasion.schedule
    day = schedule.day_by_id[attendance.session]
    stops = build_agenda(occasion.attendee, chosen, schedule, day).stops
    return next(
        (stop for stop in stops if stop.session.id == attendance.session and stop.session.starts_at > occasion.now),
        None,
    )


def _consequences(
    stop: Stop | None, chosen: Sequence[Attendance], occasion: RenderContext, reader: Reader
) -> Sequence[Text]:
    if stop is None:
        return ()
    writer = AgendaWriter(occasion.attendee, chosen, occasion.schedule, reader, occasion.now)
    clashes = [clash_text(stop.session, clash, reader) for clash in stop.clashes if not is_drop_in(clash.other)]
    if not stop.assumed:
        return (*clashes, *_assumed(stop, chosen, occasion))
    leave = departure_text(stop.departure, stop.attendance, stop.session, reader)
    late = t("That time has passed, so go now.") if stop.departure.leave_by < occasion.now else ()
    return (leave, late, writer.tight_text(stop), *clashes)


def _assumed(stop: Stop, chosen: Sequence[Attendance], occasion: RenderContext) -> Sequence[Text]:
    """Say which session the day is planned with instead."""
    day = occasion.schedule.day_by_id[stop.session.id]
    questions = build_agenda(occasion.attendee, chosen, occasion.schedule, day).questions
    return [
        assumption_text(rival) for rival, others in questions if stop.session in [other.session for other in others]
    ]


def _stands_in(news: PendingChange, occasion: RenderContext) -> Text:
    main = occasion.schedule.by_id.get(news.attendance.backup_of or "")
    return t('It is your backup for "{title}".', title=main.title) if main else ()


def _repeat(news: PendingChange, chosen: Sequence[Attendance], occasion: RenderContext) -> tuple[Session | None, bool]:
    """Return the next repeat of the session that fits the agenda, and whether it fits.

    If no repeat fits and the session does not take place, return the next repeat.
    """
    schedule, now = occasion.schedule, occasion.now
    fitting = fitting_repeats(occasion.attendee, chosen, schedule, news.session, now)
    others = [] if news.session.takes_place else coming_repeats(chosen, schedule, news.session, now)
    return next(iter(fitting or others), None), bool(fitting)


def _buttons(news: PendingChange, repeat: Session | None, *, alone: bool) -> Sequence[Button]:
    """Return the buttons Keep, Swap to the repeat, and Drop; each runs an ordinary command."""
    session = news.session
    code, seen = {"code": session.code}, session.revision
    keep_label = s("Keep") if alone else s("Keep {code}", code=session.code)
    drop_label = s("Drop") if alone else s("Drop {code}", code=session.code)
    keep = Button(keep_label, "attend", {**code, **_seat(news.attendance)}, seen=seen)
    drop = Button(drop_label, "skip", code, seen=seen)
    stay = (keep,) if session.takes_place else ()
    if repeat is None:
        return (*stay, drop)
    instead = {"code": repeat.code, "instead": f"instead {session.code}"}
    swap_label = s("Swap to the repeat") if alone else s("Swap to {code}", code=repeat.code)
    return (*stay, Button(swap_label, "attend", instead, seen=repeat.revision), drop)


def _seat(attendance: Attendance) -> Mapping[str, str]:
    """Return the command arguments that leave the kind of choice (backup or reserved) unchanged."""
    if attendance.choice is Choice.BACKUP:
        return {"seat": "backup", **({"of": f"of {attendance.backup_of}"} if attendance.backup_of else {})}
    return {"seat": "reserved"} if attendance.reserved else {}


NUDGE = NudgeTemplate(NudgeKind.SESSION_CHANGED, write, notified_states)
