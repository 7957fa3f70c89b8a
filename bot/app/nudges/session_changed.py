"""The session-changed nudge: what was and what is, for the sessions somebody chose, and what follows from it."""

from collections.abc import Mapping, Sequence

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Card, Reply, Strong, Text
from bot.app.text import (
    Reader,
    change_text,
    count,
    departure_text,
    fit_text,
    lateness_text,
    overlap_text,
    sentence,
)
from bot.domain.attendee.agenda import Fit, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.nudges.changes import News, news_of
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import Session

MOST_BUTTONED = 3
"""A message has room for the buttons of so many sessions; the agenda shows the others."""


async def write(occasion: RenderContext) -> Reply | None:
    """A card for each session that is not as its attendee knows it; None where all is as it was."""
    chosen = await occasion.chosen()
    all_news = news_of(chosen, occasion.schedule.by_id)
    told = [each for each in all_news if each.session.id in occasion.nudge.facts and each.ends_at > occasion.now]
    if not told:
        return None
    told.sort(key=lambda each: (each.session.starts_at, each.session.code))
    reader = Reader.of(occasion.attendee, occasion.schedule)
    cards: list[Card] = []
    buttons: list[Button] = []
    for each in told:
        repeat = _repeat(each, chosen, occasion)
        cards.append(_card(each, repeat, chosen, occasion, reader))
        buttons += _buttons(each, repeat, alone=len(told) == 1) if len(cards) <= MOST_BUTTONED else []
    which = "a session" if len(told) == 1 else f"{count(len(told), 'session')}"
    head = sentence(Strong("The schedule has changed"), f" for {which} on your agenda:")
    lines = tuple(line for line in (head, lateness_text(occasion.late)) if line)
    return Reply(lines, tuple(cards), (*buttons, Button("Agenda", "agenda")))


def teaches(occasion: RenderContext) -> Mapping[str, LastNotified]:
    """Its reader knows now how these sessions are, and has heard of one change more."""
    sessions = occasion.schedule.by_id
    heard = {id_: int(told) + 1 for id_, told in occasion.nudge.facts.items() if id_ in sessions}
    return {id_: LastNotified.of(sessions[id_], occasion.now, told) for id_, told in heard.items()}


def _card(
    news: News, repeat: Session | None, chosen: Sequence[Attendance], occasion: RenderContext, reader: Reader
) -> Card:
    stop = _stop(news.attendance, chosen, occasion)
    lines = [_old_and_new(news, reader), *_consequence(stop, occasion, reader), _stands_in(news, occasion)]
    if repeat:
        place = repeat.venue or repeat.room or "a place not announced"
        fits = "fits" if _fits(repeat, news, chosen, occasion) else "does not fit your agenda"
        starts = reader.day_time(repeat.starts_at)
        lines.append(sentence(f"The repeat {repeat.code} ", starts, f" at {place} {fits}."))
    return Card(f"{news.session.code} {news.session.title}", tuple(line for line in lines if line))


def _old_and_new(news: News, reader: Reader) -> Text:
    new = news.session
    told = change_text(news.known.session(new), new, reader)
    return told if new.listed else sentence(told, ": I tell you if it comes back")


def _stop(attendance: Attendance, chosen: Sequence[Attendance], occasion: RenderContext) -> Stop | None:
    """The session on the agenda of its day, unless it is a backup, is off or has begun."""
    schedule = occasion.schedule
    day = schedule.day_by_id[attendance.session]
    stops = build_agenda(occasion.attendee, chosen, schedule, day).stops
    return next((s for s in stops if s.session.id == attendance.session and s.session.starts_at > occasion.now), None)


def _consequence(stop: Stop | None, occasion: RenderContext, reader: Reader) -> Sequence[Text]:
    if stop is None:
        return ()
    leave = departure_text(stop.departure, stop.attendance, stop.session, reader)
    late = sentence("That is past: go now.") if stop.departure.leave_by < occasion.now else ()
    return (leave, late, fit_text(stop, reader), *(overlap_text(stop.session, each, reader) for each in stop.overlaps))


def _stands_in(news: News, occasion: RenderContext) -> Text:
    main = occasion.schedule.by_id.get(news.attendance.backup_of or "")
    return sentence(f"It is your backup of {main.code} {main.title}.") if main else ()


def _repeat(news: News, chosen: Sequence[Attendance], occasion: RenderContext) -> Session | None:
    """The next sitting that fits the agenda; where this one is off, the next one at all."""
    taken = {each.session for each in chosen}
    sittings = occasion.schedule.repeats(news.session)
    coming = [each for each in sittings if each.starts_at > occasion.now and each.id not in taken]
    fitting = [each for each in coming if _fits(each, news, chosen, occasion)]
    return next(iter(fitting or ([] if news.session.takes_place else coming)), None)


def _fits(repeat: Session, news: News, chosen: Sequence[Attendance], occasion: RenderContext) -> bool:
    """Whether one would be on time for `repeat`, were it chosen instead, and overlap nothing."""
    swapped = Attendance(repeat.id)
    others = [each for each in chosen if each.session != news.session.id]
    stop = _stop(swapped, [*others, swapped], occasion)
    in_time = stop is not None and stop.fit is Fit.FITS and stop.departure.leave_by >= occasion.now
    return in_time and stop is not None and not stop.overlaps


def _buttons(news: News, repeat: Session | None, *, alone: bool) -> Sequence[Button]:
    """Keep / Swap to the repeat / Drop, each an ordinary command."""
    session, about = news.session, "" if alone else f" {news.session.code}"
    code, seen = {"code": session.code}, session.revision
    keep = Button(f"Keep{about}", "attend", {**code, **_seat(news.attendance)}, seen=seen)
    drop = Button(f"Drop{about}", "skip", code, seen=seen)
    kept = (keep,) if session.takes_place else ()
    if repeat is None:
        return (*kept, drop)
    instead = {"code": repeat.code, "instead": f"instead {session.code}"}
    label = "Swap to the repeat" if alone else f"Swap to {repeat.code}"
    return (*kept, Button(label, "attend", instead, seen=repeat.revision), drop)


def _seat(attendance: Attendance) -> Mapping[str, str]:
    """Kept as it was chosen."""
    if attendance.choice is Choice.BACKUP:
        return {"seat": "backup", **({"of": f"of {attendance.backup_of}"} if attendance.backup_of else {})}
    return {"seat": "reserved"} if attendance.reserved else {}


NUDGE = NudgeTemplate(NudgeKind.SESSION_CHANGED, write, teaches)
