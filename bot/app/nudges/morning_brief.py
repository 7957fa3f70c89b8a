"""The morning brief: the sessions of the day, and when to leave for the first one."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply, Text
from bot.app.text import AgendaWriter, Reader, join_buttons, lateness_text, lines, n, s, t
from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.recap import rounded_steps
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.times.time_parsing import iso_day


async def write(occasion: RenderContext) -> Reply | None:
    """Write the agenda of the day; None if no session is left on it."""
    day = iso_day(occasion.nudge.subject)
    chosen = await occasion.chosen()
    agenda = build_agenda(occasion.attendee, chosen, occasion.schedule, day)
    if not agenda.stops:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    steps = sum(leg.steps(occasion.attendee.stride) for leg in agenda.legs)
    writer = AgendaWriter(occasion.attendee, chosen, occasion.schedule, reader, occasion.now, urges=False)
    asked, buttons = writer.questions(agenda)
    text = lines(greeting(len(agenda.stops), steps), *writer.overview(agenda), *asked, lateness_text(occasion.late))
    shown = tuple(stop.session.id for stop in agenda.stops)
    # "Decide later" shows the agenda as well.
    choices = buttons or (Button(s("Agenda"), "agenda", {"day": day.isoformat()}),)
    links = join_buttons((stop.session for stop in agenda.stops if stop.assumed), occasion.now)
    return Reply(text, buttons=(*choices, Button(s("Next session"), "nextsession")), listed=shown, links=links)


def greeting(sessions: int, steps: int) -> Text:
    """Return the first line of the brief; `steps` is the length of all walks of the day, 0 to leave it out."""
    number = n("{count} session", "{count} sessions", sessions)
    if not steps:
        return t("Good morning! {sessions} on your agenda today:", sessions=number)
    return t(
        "Good morning! {sessions} on your agenda today, and about {steps} steps on the way:",
        sessions=number,
        steps=rounded_steps(steps),
    )


NUDGE = NudgeTemplate(NudgeKind.MORNING_BRIEF, write)
