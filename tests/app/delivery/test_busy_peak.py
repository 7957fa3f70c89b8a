"""A lane that works off one thing is told in time that a peak of another has to begin."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.delivery.scheduler import HEAD_START, LOOK_AGAIN
from bot.app.messages import Reply
from bot.app.ports import DeliveryFilter, Lane, Receipt
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import at, nudge
from tests.fakes.app_harness import AppHarness, FakeMessenger

CROWD = 20


async def fixed(_: RenderContext) -> Reply:
    return Reply((("Good morning.",),))


@dataclass
class Busy(FakeMessenger):
    """A messenger that may begin one message a second, and whose platform answers only when it is let."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    def lane(self, community: Community) -> Lane:
        return Lane("post", DeliveryFilter("console", community.id), a_second=1)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        self.asked.set()
        await self.answers.wait()
        return await super().send(attendee, key, kind, content)


async def test_a_busy_lane_is_woken_when_its_peak_has_to_begin(app: AppHarness) -> None:
    post = Busy(app.clock)
    app.scheduler.messengers = {"console": post}
    app.scheduler.texts = {kind: NudgeTemplate(kind, fixed) for kind in NudgeKind}
    async with app.store.write_transaction() as work:
        people = [await work.people.join("console", "club", f"user{n}") for n in range(CROWD)]
        briefs = [nudge(person.id, "2021-11-29", at(9), kind=NudgeKind.MORNING_BRIEF) for person in people]
        peaks = [
            nudge(person.id, session, due, early=timedelta(minutes=10))
            for session, due in (("sec203", at(9, 10)), ("key001", at(9, 12)))
            for person in people
        ]
        await work.deliveries.add([(people[0].community, planned) for planned in (*briefs, *peaks)], at(8))
    app.clock.move_to(at(9))
    going = await app.scheduler.begin_due()
    await post.asked.wait()
    assert await app.scheduler.next_due() == at(9, 10) - timedelta(seconds=CROWD) - HEAD_START
    app.clock.move_to(at(9, 10) - timedelta(seconds=CROWD))
    assert await app.scheduler.next_due() == at(9, 10), "then it looks for the one behind it"
    app.clock.move_to(at(9, 10))
    assert await app.scheduler.next_due() == at(9, 10) + LOOK_AGAIN, "it takes longer"
    app.scheduler.stop()
    post.answers.set()
    await asyncio.gather(*going)
