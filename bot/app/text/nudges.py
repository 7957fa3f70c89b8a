"""What a nudge is about, in lists of nudges that are coming or were missed."""

from bot.app.messages import Text
from bot.app.text.catalog import t
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule


def nudge_text(nudge: Nudge, schedule: Schedule) -> Text:
    """`time to leave for "Queues that never sleep"`, to follow a time."""
    session = schedule.by_id.get(nudge.subject)
    if session and nudge.kind is NudgeKind.LEAVE_BY:
        return t('time to leave for "{title}"', title=session.title)
    if session and nudge.kind is NudgeKind.SESSION_CHANGED:
        return t('a change of "{title}"', title=session.title)
    texts = {
        NudgeKind.LEAVE_BY: t("time to leave for a session that is no longer in the schedule"),
        NudgeKind.SESSION_CHANGED: t("a change of the schedule"),
        NudgeKind.MORNING_BRIEF: t("your morning overview"),
        NudgeKind.EVENING_RECAP: t("your evening recap"),
    }
    return texts.get(nudge.kind, t("a message"))
