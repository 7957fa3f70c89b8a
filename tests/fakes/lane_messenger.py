"""A messenger with a lane for each community whose sends may wait, and nudges that are stored without a plan."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.app.ports import DeliveryFilter, Lane, Receipt
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.nudges.nudge import Nudge
from tests.builders import SEC, at
from tests.fakes.app_harness import A_SECOND, AppHarness, FakeMessenger

FACTS = Departure(at(10, 22), 18, 18, Origin.UNKNOWN).facts
TEN = timedelta(minutes=10)


@dataclass
class LaneMessenger(FakeMessenger):
    """A messenger with a lane for each community, whose sends may wait for the test."""

    a_second: float = A_SECOND
    before: Callable[[str], Awaitable[None]] | None = None

    def lane(self, community: Community) -> Lane:
        scope = DeliveryFilter("console", community.id)
        return Lane(f"console:{community.tenant}", scope, self.a_second, self.at_once)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Any) -> Receipt:
        if self.before:
            await self.before(attendee.user)
        return await super().send(attendee, key, kind, content)


async def owe(app: AppHarness, user: str, *nudges: Nudge, tenant: str = "club") -> None:
    """Owe nudges about SEC203 to somebody; their attendee is filled in."""
    async with app.store.write_transaction() as work:
        attendee = await work.people.join("console", tenant, user)
        owed = [
            Nudge(
                nudge.kind, attendee.id, SEC.id, nudge.revision, nudge.due_at, SEC.starts_at, FACTS, early=nudge.early
            )
            for nudge in nudges
        ]
        await work.deliveries.add([(attendee.community, nudge) for nudge in owed], app.clock.now())


def lanes(app: AppHarness, **more: Any) -> LaneMessenger:
    post = LaneMessenger(app.clock, **more)
    app.scheduler.messengers = {"console": post}
    return post
