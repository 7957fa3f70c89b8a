"""Mistakes in a broadcast that are made on purpose. Somebody has to be told twice, never, or something untrue by each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.app.delivery.rate_limiter import Bucket
from bot.app.messages import Reply
from bot.app.ports import Delivery, DeliveryFilter, DeliveryState, DeliveryStats, Receipt
from bot.domain.announcements.announcement import Announcement, Stage
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import Nudge, NudgeKind
from tests.simulation.bugs import Deliveries, DropsSettles, Lies
from tests.simulation.crowd import Mistake
from tests.simulation.paced_platform import PacedMessenger


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A port as it should be; the others spoil it."""

    right: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.right, name)


class MissesSome(Spoilt):
    """The first of each chunk is passed over."""

    async def next_page(self, *who: Any) -> Sequence[Attendee]:
        chunk: Sequence[Attendee] = await self.right.next_page(*who)
        return chunk[1:] if len(chunk) > 1 else chunk


class ForgetsTheEnd(Spoilt):
    """That everybody is owed theirs is not stored."""

    async def save(self, announcement: Announcement, wake_at: datetime | None) -> None:
        lost = announcement.stage is Stage.GOING and announcement.cursor is None
        await self.right.save(replace(announcement, cursor=0) if lost else announcement, wake_at)


class NeverPaused(Spoilt):
    """What is paused seems to go on."""

    async def get(self, id_: int) -> Announcement | None:
        announcement: Announcement | None = await self.right.get(id_)
        return (
            replace(announcement, stage=Stage.GOING)
            if announcement and announcement.stage is Stage.PAUSED
            else announcement
        )


class HoldsNothing(Spoilt):
    """A pause leaves owed what is owed."""

    async def transition(self, announcement: int, to: DeliveryState, *more: Any) -> int:
        return 0 if to is DeliveryState.HELD else await self.right.transition(announcement, to, *more)


class HoldsForEver(Spoilt):
    """What was held does not go on."""

    async def transition(self, announcement: int, to: DeliveryState, *more: Any) -> int:
        return 0 if to is DeliveryState.OWED else await self.right.transition(announcement, to, *more)


class RecallsSome(Spoilt):
    """What was sent to some is not found again."""

    async def next_page(self, *which: Any) -> Sequence[Delivery]:
        found: Sequence[Delivery] = await self.right.next_page(*which)
        return [delivery for delivery in found if delivery.id % 7 or delivery is found[-1]]


class CountsWrong(Spoilt):
    """One is not counted."""

    async def stats(self, announcement: int) -> DeliveryStats:
        stats: DeliveryStats = await self.right.stats(announcement)
        states = {state: number - (state is DeliveryState.REFUSED) for state, number in stats.states.items()}
        return replace(stats, states=states)


class ForgetsDoubts(Deliveries):
    """What may have been sent is taken for what was not."""

    async def claim(self, scopes: Collection[DeliveryFilter], now: datetime, *more: Any) -> list[Delivery]:
        return [replace(delivery, error="") for delivery in await super().claim(scopes, now, *more)]


class ForgetsTheDead(Deliveries):
    """What a dead process had in hand is nobody's for ever."""

    async def claim(self, scopes: Collection[DeliveryFilter], now: datetime, *more: Any) -> list[Delivery]:
        return [delivery for delivery in await super().claim(scopes, now, *more) if not delivery.possibly_sent]


class AnnouncesFirst(Deliveries):
    """An announcement is more urgent than anything."""

    async def add(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        long = timedelta(hours=4)
        hurried = [
            (
                where,
                replace(planned, due_at=planned.due_at - long) if planned.kind is NudgeKind.ANNOUNCEMENT else planned,
            )
            for where, planned in owed
        ]
        await self.right.add(hurried, now)


class Hurries(PacedMessenger):
    """Waits for no turn."""

    async def pace(self, buckets: Sequence[Bucket]) -> None:
        del buckets


class ToSomebodyElse(PacedMessenger):
    """Everybody's messages go to the first."""

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        # Not by `super()`: a class with slots is not the one that its methods were written in.
        return await PacedMessenger.send(self, replace(attendee, user="user10"), key, kind, content)


class PretendsToDelete(PacedMessenger):
    """Says that it took something back, and did not."""

    async def delete(self, community: Community, channel: str, message: str) -> None:
        if not message.startswith("a"):
            await PacedMessenger.delete(self, community, channel, message)


def spoiling(**ports: Any) -> Mistake:
    return Mistake(spoil=lambda work: replace(work, **{name: bug(getattr(work, name)) for name, bug in ports.items()}))


MISTAKES: Mapping[str, Mistake] = {
    "misses some": spoiling(audiences=MissesSome),
    "forgets the end": spoiling(announcements=ForgetsTheEnd),
    "never paused": spoiling(announcements=NeverPaused, announcement_deliveries=HoldsNothing),
    "holds for ever": spoiling(announcement_deliveries=HoldsForEver),
    "recalls some": spoiling(announcement_deliveries=RecallsSome),
    "counts wrong": spoiling(announcement_deliveries=CountsWrong),
    "drops settles": spoiling(deliveries=DropsSettles),
    "lies": spoiling(deliveries=Lies),
    "forgets doubts": spoiling(deliveries=ForgetsDoubts),
    "forgets the dead": spoiling(deliveries=ForgetsTheDead),
    "announces first": spoiling(deliveries=AnnouncesFirst),
    "hurries": Mistake(Hurries),
    "to somebody else": Mistake(ToSomebodyElse),
    "pretends to delete": Mistake(PretendsToDelete),
}
