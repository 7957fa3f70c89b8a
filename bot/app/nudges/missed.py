"""After an outage: one message that says what came too late to be sent, instead of all of it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Card, Reply, Strong, Text
from bot.app.ports import TOO_LATE, Delivery, DeliveryState
from bot.app.text import Reader, count, sentence
from bot.domain.nudges.nudge import UNPLANNED, Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule

LISTED = 10
RECENT = timedelta(days=1)
"""What expired longer ago was told of, or concerns nobody any more."""


async def write(occasion: RenderContext) -> Reply | None:
    """What expired since the last summary; None if that is nothing."""
    lost = _lost(await occasion.deliveries(), occasion)
    if not lost:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    lines = [sentence(reader.day_time(each.due_at), f" {_about(each, occasion.schedule)}") for each in lost[:LISTED]]
    rest = len(lost) - LISTED
    lines += [sentence(f"and {rest} more")] if rest > 0 else []
    head: Text = sentence(Strong("While I was away"), f", {count(len(lost), 'nudge')} came too late to be sent to you.")
    return Reply((head,), (Card("Missed", tuple(lines)),), (Button("Next session", "nextsession"),))


def _lost(deliveries: Sequence[Delivery], occasion: RenderContext) -> list[Nudge]:
    told = [each.settled_at for each in deliveries if each.nudge.kind is NudgeKind.MISSED and _is_sent(each)]
    since = max([occasion.now - RECENT, *(at for at in told if at)])
    expired = [each for each in deliveries if each.state is DeliveryState.EXPIRED and each.error == TOO_LATE]
    recent = [each.nudge for each in expired if each.settled_at and each.settled_at > since]
    return sorted((each for each in recent if each.kind not in UNPLANNED), key=lambda nudge: nudge.due_at)


def _is_sent(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.SENT


def _about(nudge: Nudge, schedule: Schedule) -> str:
    session = schedule.by_id.get(nudge.subject)
    if nudge.kind is NudgeKind.LEAVE_BY and session:
        return f"time to leave for {session.code} {session.title}"
    if nudge.kind is NudgeKind.SESSION_CHANGED:
        return f"what changed about {session.code} {session.title}" if session else "what changed in the schedule"
    return {NudgeKind.MORNING_BRIEF: "the morning brief", NudgeKind.EVENING_RECAP: "the evening recap"}.get(
        nudge.kind, "time to leave for a session that is not in the schedule any more"
    )


NUDGE = NudgeTemplate(NudgeKind.MISSED, write)
