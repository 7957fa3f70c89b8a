"""The edit of a leave-by message whose session is no longer planned: the attendee chose another one, or skipped it."""

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Reply
from bot.app.text import t
from bot.domain.attendee.agenda import build_agenda
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import BLOCK_ID


async def write(occasion: RenderContext) -> Reply | None:
    """Write the new text of the message; None if the day is planned with its session again."""
    schedule, subject = occasion.schedule, occasion.nudge.subject
    session = schedule.by_id.get(subject)
    if session is None and subject.startswith(BLOCK_ID):
        return Reply((t("No longer needed: you removed this entry from your agenda."),))
    if session is None:
        return None
    agenda = build_agenda(occasion.attendee, await occasion.chosen(), schedule, schedule.day_by_id[subject])
    if any(stop.session.id == subject for stop in agenda.path):
        return None
    coming = [stop for stop in agenda.path if stop.session.starts_at > occasion.now]
    # The session planned instead is the one for which the attendee leaves before the end of this session.
    instead = next((stop.session for stop in coming if stop.departure.leave_by < session.ends_at), None)
    if instead is None:
        return Reply((t('No longer needed: you don\'t go to "{title}" any more.', title=session.title),))
    return Reply((t('Replaced: you go to "{other}", not to "{title}".', other=instead.title, title=session.title),))


NUDGE = NudgeTemplate(NudgeKind.TAKEN_BACK, write, edits=True)
