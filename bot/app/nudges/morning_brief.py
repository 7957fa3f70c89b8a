"""The morning brief: the sessions of the day, and when to leave for the first one."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply, Text
from bot.app.text import Reader, lateness_text, lines, n, numbered_stop, s, t
from bot.domain.attendee.agenda import build_agenda
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.time_parsing import iso_day


async def write(occasion: RenderContext) -> Reply | None:
    """Write the agenda of the day; None if no session is left on it."""
    day = iso_day(occasion.nudge.subject)
    agenda = build_agenda(occasion.attendee, await occasion.chosen(), occasion.schedule, day)
    if not agenda.stops:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    steps = sum(leg.steps(occasion.attendee.stride) for leg in agenda.legs)
    numbers = enumerate(agenda.stops, 1)
    cards = (numbered_stop(stop, number, occasion.schedule, reader, occasion.now) for number, stop in numbers)
    text = lines(greeting(len(agenda.stops), steps), lateness_text(occasion.late))
    shown = tuple(stop.session.id for stop in agenda.stops)
    return Reply(text, tuple(cards), (Button(s("Next session"), "nextsession"),), listed=shown)


def greeting(sessions: int, steps: int) -> Text:
    """Return the first line of the brief; `steps` is the length of all walks of the day, 0 to leave it out."""
    number = n("{count} session", "{count} sessions", sessions)
    if not steps:
        return t("Good morning! {sessions} on your agenda today:", sessions=number)
    return t(
        "Good morning! {sessions} on your agenda today, and about {steps} steps between venues:",
        sessions=number,
        steps=steps,
    )


NUDGE = NudgeTemplate(NudgeKind.MORNING_BRIEF, write)
