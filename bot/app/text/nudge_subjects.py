"""The subject of a nudge in one phrase, for lists of coming or missed nudges."""

from bot.app.messages import Text
from bot.app.text.catalog import t
from bot.app.text.local_times import Reader
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule


def silenced_text(nudge: Nudge, schedule: Schedule, reader: Reader) -> Text:
    """Say that a leave-by nudge will not come."""
    session = schedule.by_id[nudge.subject]
    return t(
        'I won\'t remind you of "{title}": {time} is in your quiet hours, and alarms are off.',
        title=session.title,
        time=reader.day_time(nudge.due_at),
    )


def nudge_text(nudge: Nudge, schedule: Schedule) -> Text:
    """`time to leave for "Queues that never sleep"`, to follow a time."""
    session = schedule.by_id.get(nudge.subject)
    if session and nudge.kind is NudgeKind.LEAVE_BY:
        return t('time to leave for "{title}"', title=session.title)
    if session and nudge.kind is NudgeKind.EARLY_START:
        return t('when to leave for "{title}", before your quiet hours', title=session.title)
    if session and nudge.kind is NudgeKind.SESSION_CHANGED:
        return t('a change of "{title}"', title=session.title)
    if session and nudge.kind is NudgeKind.ARRIVAL:
        return t('whether you reached "{title}"', title=session.title)
    texts = {
        NudgeKind.LEAVE_BY: t("time to leave for a session that is no longer in the schedule"),
        NudgeKind.SESSION_CHANGED: t("a change of the schedule"),
        NudgeKind.MORNING_BRIEF: t("your morning overview"),
        NudgeKind.EVENING_RECAP: t("your evening recap"),
        NudgeKind.EVENING_BEFORE: t("your next day, on the evening before"),
    }
    return texts.get(nudge.kind, t("a message"))
