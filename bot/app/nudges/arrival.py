"""The question at the promised time of arrival; walking times are learned from the answers."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply
from bot.app.text import lateness_text, lines, s, t
from bot.domain.nudges.nudge import NudgeKind


async def write(occasion: RenderContext) -> Reply | None:
    """Ask whether the attendee is there; None if they said so, or do not go any more."""
    session, attendee = occasion.schedule.by_id.get(occasion.nudge.subject), occasion.attendee
    if session is None or not session.takes_place or not session.venue:
        return None
    chosen = await occasion.chosen()
    left_at = next((attendance.left_at for attendance in chosen if attendance.session == session.id), None)
    if left_at is None or (attendee.here and attendee.here.at >= left_at):
        return None
    head = t('Are you there? By now the walk to "{title}" should be over.', title=session.title)
    why = t("Your answer makes the walking times better for everybody. Nobody sees that it was yours.")
    here = Button(s("I'm here"), "here", {"venue": session.venue})
    walking = Button(s("Not yet"), "onmyway", {"code": session.code, "state": "walking"})
    return Reply(lines(head, why, lateness_text(occasion.late)), buttons=(here, walking))


NUDGE = NudgeTemplate(NudgeKind.ARRIVAL, write)
