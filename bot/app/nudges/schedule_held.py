"""The question to organizers when a new copy of the schedule looks wrong: use the new copy, or keep the old one?"""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply, Strong
from bot.app.text import lateness_text, lines, s, t
from bot.domain.nudges.nudge import NudgeKind

BUTTONS = (
    Button(s("Apply"), "schedule", {"action": "apply"}),
    Button(s("Keep old"), "schedule", {"action": "keep"}),
    Button(s("Show difference"), "schedule", {"action": "diff"}),
)


async def write(occasion: RenderContext) -> Reply | None:
    """Ask an organizer whether to use a new copy of the schedule, and give the reason why it looks wrong.

    None if the community follows another conference now.
    """
    facts, conference = occasion.nudge.facts, occasion.schedule.conference
    if facts.get("conference") != conference.slug:
        return None
    question = Strong(s("Shall I use the new schedule of {conference}?", conference=conference.title))
    head = t("{question} {reason}.", question=question, reason=str(facts.get("why")))
    rest = t("It looks wrong, so I still use the old one, and I have sent no messages about it.")
    return Reply(lines(head, rest, lateness_text(occasion.late)), buttons=BUTTONS)


NUDGE = NudgeTemplate(NudgeKind.SCHEDULE_HELD, write)
