"""The notice to an organizer: the source of the schedule has changed a session that was edited by hand."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply
from bot.app.text import Reader, edit_text, lateness_text, lines, s, session_name, source_text, t
from bot.domain.nudges.nudge import NudgeKind


async def write(occasion: RenderContext) -> Reply | None:
    """Say what the source has now, and that the edit stays until somebody removes it.

    None if the edit or the session is gone, or the community follows another conference now.
    """
    facts, schedule = occasion.nudge.facts, occasion.schedule
    session = schedule.by_id.get(str(facts.get("session")))
    if session is None or facts.get("conference") != schedule.conference.slug:
        return None
    async with occasion.read_transaction() as work:
        edits = await work.session_edits.of_conference(schedule.conference.slug)
    edit = next((other for other in edits if other.session == session.id), None)
    if edit is None:
        return None
    reader = Reader(schedule.conference.zone)
    head = t(
        "The source of the schedule has changed {session}: {source}.",
        session=session_name(session),
        source=source_text(edit, reader),
    )
    stays = t("Your edit stays: {edit}. To use what the source says, press Restore.", edit=edit_text(edit, reader))
    restore = Button(s("Restore"), "schedule", {"action": "edit", "address": session.code, "state": "restore"})
    return Reply(lines(head, stays, lateness_text(occasion.late)), buttons=(restore,))


NUDGE = NudgeTemplate(NudgeKind.EDIT_STANDS, write)
