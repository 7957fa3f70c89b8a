"""The morning brief: the day ahead, and when to leave first."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply
from bot.app.text import Reader, count, lateness_text, numbered_stop, sentence
from bot.domain.attendee.agenda import build_agenda
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.time_parsing import iso_day


async def write(occasion: RenderContext) -> Reply | None:
    """The agenda of the day; None if nothing is left on it."""
    day = iso_day(occasion.nudge.subject)
    agenda = build_agenda(occasion.attendee, await occasion.chosen(), occasion.schedule, day)
    if not agenda.stops:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    steps = sum(leg.steps(occasion.attendee.stride) for leg in agenda.legs)
    walk = f", about {count(steps, 'step')} between venues" if steps else ""
    head = sentence(f"Good morning! {count(len(agenda.stops), 'session')} on your agenda today{walk}:")
    cards = (numbered_stop(stop, n, occasion.schedule, reader, occasion.now) for n, stop in enumerate(agenda.stops, 1))
    lines = tuple(line for line in (head, lateness_text(occasion.late)) if line)
    listed = tuple(stop.session.id for stop in agenda.stops)
    return Reply(lines, tuple(cards), (Button("Next session", "nextsession"),), listed=listed)


NUDGE = NudgeTemplate(NudgeKind.MORNING_BRIEF, write)
