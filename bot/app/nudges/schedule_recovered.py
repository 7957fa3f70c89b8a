"""The notice to organizers that the source of the schedule works again after an outage."""

from datetime import UTC, datetime

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.messages import Button, Reply
from bot.app.ports import DeliveryState
from bot.app.text import Reader, s, t
from bot.domain.nudges.nudge import NudgeKind

BUTTONS = (Button(s("Status"), "schedule", {"action": "status"}),)


async def write(occasion: RenderContext) -> Reply | None:
    """Say that the outage is over.

    None if this person never heard of the outage, it fails again, or the community follows another conference now.
    """
    facts, conference = occasion.nudge.facts, occasion.schedule.conference
    async with occasion.read_transaction() as work:
        feed = await work.feeds.get(str(facts["conference"]))
    if facts["conference"] != conference.slug or feed is None or feed.failures or not await _heard_of_it(occasion):
        return None
    since = Reader.of(occasion.attendee, occasion.schedule).day_time(datetime.fromtimestamp(int(facts["since"]), UTC))
    text = t(
        "I can update the schedule of {conference} again, after failures since {time}.",
        conference=conference.title,
        time=since,
    )
    return Reply((text,), buttons=BUTTONS)


async def _heard_of_it(occasion: RenderContext) -> bool:
    nudge = occasion.nudge
    return any(
        (delivery.nudge.kind, delivery.nudge.subject, delivery.nudge.revision, delivery.state)
        == (NudgeKind.SCHEDULE_FAILING, nudge.subject, nudge.revision, DeliveryState.SENT)
        for delivery in await occasion.deliveries()
    )


NUDGE = NudgeTemplate(NudgeKind.SCHEDULE_RECOVERED, write)
