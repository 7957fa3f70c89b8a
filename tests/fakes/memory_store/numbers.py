"""The counts of people, agendas and nudges on dicts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.app.ports import (
    DISCARDED,
    LATE_AFTER,
    TOO_LATE,
    Delivery,
    DeliveryState,
    NudgeCount,
    NudgeOutcome,
    PeopleCount,
)
from bot.domain.attendee.attendee import Attendee, Choice
from bot.domain.nudges.nudge import UNPLANNED
from tests.fakes.memory_store.data import Data, is_open

OTHER_ENDS = {
    DeliveryState.REFUSED: NudgeOutcome.REFUSED,
    DeliveryState.DEAD: NudgeOutcome.FAILED,
}


@dataclass(frozen=True, slots=True)
class MemoryNumbers:
    """`ports.Numbers` on dicts."""

    data: Data

    async def people(self, community: int | None = None, conference: str | None = None) -> Sequence[PeopleCount]:
        going = {
            who
            for (who, slug, _), attendance in self.data.chosen.items()
            if attendance.choice is Choice.GOING and conference in (None, slug)
        }
        found: dict[str, list[Attendee]] = {}
        for attendee in self._people(community).values():
            found.setdefault(attendee.community.platform, []).append(attendee)
        return [
            PeopleCount(
                platform,
                len(people),
                sum(attendee.nudges_on and attendee.agreed_at is not None for attendee in people),
                sum(attendee.id in going for attendee in people),
            )
            for platform, people in sorted(found.items())
        ]

    async def nudges(self, community: int | None = None) -> Sequence[NudgeCount]:
        people = self._people(community)
        kinds = {str(row.delivery.nudge.kind): row.delivery.nudge.kind for row in self.data.outbox.values()}
        found = Counter[tuple[str, str, NudgeOutcome]]()
        for row in self.data.outbox.values():
            nudge, outcome = row.delivery.nudge, _outcome(row.delivery)
            if nudge.attendee in people and nudge.kind not in UNPLANNED and outcome:
                found[people[nudge.attendee].community.platform, str(nudge.kind), outcome] += 1
        return [NudgeCount(where, kinds[kind], end, count) for (where, kind, end), count in sorted(found.items())]

    async def going(self, community: int, conference: str, groups: Sequence[tuple[str, int]]) -> Mapping[int, int]:
        people, found = self._people(community), dict[int, set[int]]()
        for (who, slug, session), attendance in self.data.chosen.items():
            if slug == conference and who in people and attendance.choice is Choice.GOING:
                for number in {number for member, number in groups if member == session}:
                    found.setdefault(number, set()).add(who)
        return {number: len(those) for number, those in found.items()}

    def _people(self, community: int | None) -> Mapping[int, Attendee]:
        everybody = {id_: self.data.attendee(id_) for id_ in self.data.attendees}
        return {
            id_: attendee
            for id_, attendee in everybody.items()
            if (is_open(attendee.community) if community is None else attendee.community.id == community)
        }


def _outcome(delivery: Delivery) -> NudgeOutcome | None:
    nudge, settled_at = delivery.nudge, delivery.settled_at
    match delivery.state:
        case DeliveryState.SENT if settled_at:
            most = max(nudge.due_at, delivery.owed_at) + nudge.patience + LATE_AFTER
            return NudgeOutcome.LATE if settled_at > most else NudgeOutcome.ON_TIME
        case DeliveryState.UNCERTAIN if settled_at:
            return NudgeOutcome.UNCERTAIN
        case DeliveryState.EXPIRED if delivery.error in (TOO_LATE, DISCARDED):
            return NudgeOutcome.EXPIRED
    return OTHER_ENDS.get(delivery.state)
