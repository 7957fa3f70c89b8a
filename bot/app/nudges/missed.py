"""After an outage: one message that lists the nudges that expired, instead of sending them late."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Card, Reply
from bot.app.ports import TOO_LATE, Delivery, DeliveryState
from bot.app.text import Reader, n, nudge_text, s, t
from bot.domain.nudges.nudge import UNPLANNED, Nudge, NudgeKind

LISTED = 10
RECENT = timedelta(days=1)
"""Nudges that expired longer ago are not listed: they no longer matter."""


async def write(occasion: RenderContext) -> Reply | None:
    """List the nudges that expired since the last summary; None if none expired, or reminders were turned off since."""
    if not occasion.attendee.nudges_on:
        return None
    missed = _missed(await occasion.deliveries(), occasion)
    if not missed:
        return None
    reader = Reader.of(occasion.attendee, occasion.schedule)
    head = n(
        "Sorry, I was offline, and {count} reminder for you came too late to send.",
        "Sorry, I was offline, and {count} reminders for you came too late to send.",
        len(missed),
    )
    items = [
        t("{time}: {about}", time=reader.day_time(nudge.due_at), about=nudge_text(nudge, occasion.schedule))
        for nudge in missed[:LISTED]
    ]
    rest = len(missed) - LISTED
    items += [t("and {count} more", count=rest)] if rest > 0 else []
    return Reply((head,), (Card(s("Missed"), tuple(items)),), (Button(s("Next session"), "nextsession"),))


def _missed(deliveries: Sequence[Delivery], occasion: RenderContext) -> list[Nudge]:
    summaries = [
        delivery.settled_at for delivery in deliveries if delivery.nudge.kind is NudgeKind.MISSED and _is_sent(delivery)
    ]
    since = max([occasion.now - RECENT, *(at for at in summaries if at)])
    expired = [
        delivery for delivery in deliveries if delivery.state is DeliveryState.EXPIRED and delivery.error == TOO_LATE
    ]
    recent = [delivery.nudge for delivery in expired if delivery.settled_at and delivery.settled_at > since]
    return sorted((nudge for nudge in recent if nudge.kind not in UNPLANNED), key=lambda nudge: nudge.due_at)


def _is_sent(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.SENT


NUDGE = NudgeTemplate(NudgeKind.MISSED, write)
