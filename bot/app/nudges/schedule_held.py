"""The question to organizers: a new copy of the schedule looks broken, and which one shall it be."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply, Strong
from bot.app.text import lateness_text, sentence
from bot.domain.nudges.nudge import NudgeKind

BUTTONS = (
    Button("Apply", "schedule", {"action": "apply"}),
    Button("Keep old", "schedule", {"action": "keep"}),
    Button("Show difference", "schedule", {"action": "diff"}),
)


async def write(occasion: RenderContext) -> Reply | None:
    """Why it is held; None for whoever follows another conference by now."""
    facts, conference = occasion.nudge.facts, occasion.schedule.conference
    if facts.get("conference") != conference.slug:
        return None
    head = sentence(Strong("The new schedule is held"), f" for {conference.title}. {facts.get('why')}.")
    rest = sentence("The old one stays until you decide, and nobody has been told anything.")
    late = lateness_text(occasion.late)
    return Reply((head, rest, *((late,) if late else ())), buttons=BUTTONS)


NUDGE = NudgeTemplate(NudgeKind.SCHEDULE_HELD, write)
