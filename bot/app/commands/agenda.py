"""`/agenda [day]`: your day in order, with the ways, the gaps, what overlaps and what cannot be made."""

from collections.abc import Sequence
from datetime import date

from bot.app.command_spec import DAY, Call, Command, Context, Param, choice
from bot.app.messages import Button, Card, Reply, Typed
from bot.app.text import Reader, count, leg_text, line_of, numbered_stop, sentence
from bot.app.text.calendar_file import calendar_file
from bot.domain.attendee.agenda import Agenda, build_agenda
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

WHICH = Param("day", DAY, "today, tuesday, day 2, 2021-11-30")
FORM = Param("form", choice("calendar"), "calendar: as a file for your calendar, of all days if none is named")


async def handle(call: Call, context: Context) -> Reply:
    """The asked day; without one today, or the next day that has something."""
    chosen = await context.attendances()
    schedule = context.schedule
    if call.get(FORM):
        return _as_calendar(chosen, call.get(WHICH), context)
    days = _days(chosen, schedule)
    day = call.get(WHICH) or next((each for each in days if each >= context.today), context.today)
    agenda = build_agenda(context.attendee, chosen, schedule, day)
    others = tuple(Button(f"{each:%a}", "agenda", {"day": each.isoformat()}) for each in days if each != day)
    off = _off(chosen, schedule, day)
    if not agenda.stops and not agenda.backups and not off:
        empty = sentence(
            f"Nothing on your agenda on {day:%a} {day.day} {day:%b}. ", Typed("/find"), " looks for sessions."
        )
        return Reply((empty,), buttons=others)
    return _shown(agenda, off, context, others)


def _days(chosen: Sequence[Attendance], schedule: Schedule) -> list[date]:
    sessions = (schedule.by_id.get(each.session) for each in chosen)
    return sorted({session.day(schedule.conference.tz) for session in sessions if session})


def _off(chosen: Sequence[Attendance], schedule: Schedule, day: date) -> list[Session]:
    """What somebody chose and cannot go to: it is shown, or they would look for it."""
    theirs = {each.session for each in chosen}
    return [session for session in schedule.on(day) if session.id in theirs and not session.takes_place]


def _shown(agenda: Agenda, off: Sequence[Session], context: Context, buttons: tuple[Button, ...]) -> Reply:
    reader = Reader.of(context.attendee, context.schedule)
    steps = sum(leg.steps(context.attendee.stride) for leg in agenda.legs)
    head = f"{agenda.day:%a} {agenda.day.day} {agenda.day:%b}: {count(len(agenda.stops), 'session')}"
    walked = f", about {count(steps, 'step')} between venues" if steps else ""
    cards = [numbered_stop(stop, n, context.schedule, reader, context.now) for n, stop in enumerate(agenda.stops, 1)]
    backups = tuple(line_of(session, reader) for _, session in agenda.backups)
    cards += [Card("Backups", backups)] if backups else []
    cards += [Card("Not to go to", tuple(line_of(session, reader) for session in off))] if off else []
    home = (sentence(f"Then home: {leg_text(agenda.home)}."),) if agenda.home else ()
    lines = (sentence(f"{head}{walked}."), *home)
    to_calendar = Button("For my calendar", "agenda", {"form": "calendar"})
    return Reply(lines, tuple(cards), (*buttons, to_calendar), listed=tuple(stop.session.id for stop in agenda.stops))


def _as_calendar(chosen: Sequence[Attendance], day: date | None, context: Context) -> Reply:
    """What they go to, as a file; backups would only stand in the way there."""
    schedule = context.schedule
    going = [
        schedule.by_id[each.session]
        for each in chosen
        if each.choice is Choice.GOING and each.session in schedule.by_id
    ]
    asked = [each for each in going if day in (None, each.day(schedule.conference.tz))]
    if not asked:
        return Reply((sentence("There is nothing on your agenda yet. ", Typed("/find"), " looks for sessions."),))
    asked.sort(key=lambda session: (session.starts_at, session.code))
    told = sentence(f"{count(len(asked), 'session')} for your calendar. Open the file to add them.")
    return Reply((told,), files=(calendar_file(asked, schedule.conference, context.now),))


COMMAND = Command(
    "agenda",
    "Your day, with the ways between",
    handle,
    (WHICH, FORM),
    examples=("/agenda", "/agenda tuesday", "/agenda calendar"),
)
