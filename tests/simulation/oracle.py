"""What must hold, checked at every request and at the end of the day. One breach ends the day."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.app.messages import Reply, When
from bot.app.ports import ANSWERED, REPLACED, Clock, DeliveryState
from bot.domain.attendee.attendee import Attendee, Choice
from bot.domain.nudges.leave_by import AGAIN_AFTER
from bot.domain.nudges.nudge import Nudge, NudgeKind
from tests.fakes.memory_store import MemoryStore
from tests.fakes.memory_store.data import Data, OutboxRow
from tests.simulation.crashable import MORTAL
from tests.simulation.fault_injection import Weather
from tests.simulation.platform import RATES, REMEMBERED, SLACK, Asked, Platform, Watcher, lane_name

GRACE = 5.0
"""Seconds for which a process may act on what it has read: what it has in hand, and the request under way."""
LATE = timedelta(seconds=4)
"""A message begun before its expiry may wait for its turn."""
CALM = 420.0
"""Seconds without any trouble in which whatever is due has to go out."""
LEASE = 250.0
"""What the dead had in hand is nobody's for 90 seconds, and their lanes for 160."""
LONGEST_SEARCH = 20.0
"""Seconds after which a message that arrived is found: the search, and the turn that the repeat waits for."""
RESTART = 15.0
"""Seconds in which somebody else is there when one dies."""
PATIENCE = 60.0
"""Seconds that the largest crowd takes in the slowest lane, and some more."""
MINUTE = timedelta(minutes=1)
"""Within one, communities take turns."""
UNSETTLED = (DeliveryState.OWED, DeliveryState.CLAIMED)


@dataclass(slots=True)
class Troubles:
    """When something was wrong that excuses what is late, uncertain or double."""

    weather: Weather
    clock_steps: list[float] = field(default_factory=list)
    deaths: list[float] = field(default_factory=list)
    down: list[tuple[float, float]] = field(default_factory=list)
    """When no process was alive."""
    alone: bool = False

    def between(self, lane: str, since: float, until: float) -> bool:
        """Whether there was any."""
        moments = (*self.clock_steps, *self.deaths)
        return (
            any(since <= moment <= until for moment in moments)
            or any(begins <= until and since <= ends for begins, ends in self.down)
            or self.weather.was_bad((lane, "store"), since, until)
        )

    def kept_from(self, lane: str, since: float, until: float) -> bool:
        """Whether nobody could repeat in time what was in doubt: where one process is alone, its death is no excuse."""
        long = [(begins, ends) for begins, ends in self.down if ends - begins > RESTART]
        alone = replace(self, deaths=[], down=long)
        return (alone if self.alone else self).between(lane, since, until)


@dataclass(slots=True)
class Oracle(Watcher):
    """Knows what was stored when, and sees every request."""

    store: MemoryStore
    clock: Clock
    platform: Platform
    troubles: Troubles
    planned: dict[str, tuple[Nudge, float]] = field(default_factory=dict)
    """By key: the nudge as it is stored, and since when."""
    history: deque[tuple[float, Data]] = field(default_factory=deque)
    leave_bys: dict[tuple[int, str, int], tuple[str, float]] = field(default_factory=dict)
    """By attendee, session and its revision: the key of the last leave-by message, and when it was sent."""
    breaches: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)

    def committed(self) -> None:
        """Something was stored."""
        now = asyncio.get_running_loop().time()
        self.history.append((now, self.store._data))
        for key, owed in self.store._data.outbox.items():
            before = self.planned.get(key)
            if before is None or before[0] is not owed.delivery.nudge:
                self.planned[key] = (owed.delivery.nudge, now)
        while len(self.history) > 1 and self.history[1][0] < now - GRACE:
            self.history.popleft()

    def breach(self, what: str) -> None:
        at = asyncio.get_running_loop().time()
        self.breaches.append(f"{self.clock.now():%H:%M:%S.%f} ({at:.3f} s): {what}")

    def logged(self, _: object, level: str, event: Any) -> Any:
        """A processor of structlog: what the living call an error is one, unless the store was gone."""
        mortal, at = MORTAL.get(), asyncio.get_running_loop().time()
        excused = (mortal and mortal.dead) or self.troubles.weather.was_bad(("store",), at - GRACE, at)
        if not excused:
            self.breach(f"{level}: {event}")
        raise structlog.DropEvent

    def asks(self, asked: Asked, attendee: Attendee, kind: str, content: Reply) -> None:
        self.trace.append(f"{asked.at:.6f} {asked.lane} {asked.key} {asked.user}")
        recent = [data for _, data in self.history]
        owed = next((data.outbox[asked.key] for data in reversed(recent) if asked.key in data.outbox), None)
        if owed is None:
            self.breach(f"{asked.key} is sent to {asked.user}, but nobody owes it any more")
            return
        nudge = owed.delivery.nudge
        self._to_the_right_one(asked, nudge, recent)
        self._in_time(asked, nudge)
        if not any(_holds(nudge, data, self.clock.now(), content) for data in recent):
            self.breach(f"{nudge.kind} about {nudge.subject} for {asked.user} is not true any more")
        self._on_time(asked, owed)
        self._most_urgent_first(asked, owed)
        self._within_limits(asked)
        self._not_twice(asked, owed)
        self._not_too_soon(asked, nudge)

    def edits(self, key: str, content: Reply) -> None:
        """Only what arrived is replaced, and without buttons that would act on it."""
        if key not in self.platform.messages or content.buttons:
            self.breach(f"{key} is edited, but never arrived, or has buttons")

    def _not_too_soon(self, asked: Asked, nudge: Nudge) -> None:
        """Whoever changes their mind again and again gets no message each time."""
        if nudge.kind is not NudgeKind.LEAVE_BY:
            return
        about = (nudge.attendee, nudge.subject, nudge.revision)
        before, self.leave_bys[about] = self.leave_bys.get(about), (asked.key, asked.at)
        if before is None or before[0] == asked.key:
            return
        soon = asked.at - before[1] < AGAIN_AFTER.total_seconds() - GRACE
        if soon and not self.troubles.between(asked.lane, before[1] - LEASE, asked.at):
            self.breach(f"{asked.user} is told to leave for {nudge.subject} twice in {asked.at - before[1]:.0f} s")

    def _to_the_right_one(self, asked: Asked, nudge: Nudge, recent: list[Data]) -> None:
        whose = {data.attendees[nudge.attendee].user for data in recent if nudge.attendee in data.attendees}
        if whose and asked.user not in whose:
            self.breach(f"{nudge.kind} for {whose} is sent to {asked.user}")

    def _in_time(self, asked: Asked, nudge: Nudge) -> None:
        now = self.clock.now()
        if now > nudge.expires_at + LATE and not self._stepped():
            self.breach(f"{nudge.kind} for {asked.user} is sent at {now}, but was good until {nudge.expires_at}")
        limited = math.isfinite(RATES[asked.lane.partition(":")[0]])
        # Where there is no limit nothing needs to be early, though it is claimed before it is due.
        earliest = nudge.due_at - nudge.early if limited else nudge.due_at
        if now < earliest and not self._stepped():
            self.breach(f"{nudge.kind} for {asked.user} is sent at {now}, before {earliest}")

    def _on_time(self, asked: Asked, owed: OutboxRow) -> None:
        """Unless something kept us from it, nothing waits longer than the largest crowd takes."""
        nudge = owed.delivery.nudge
        late = min((self.clock.now() - nudge.due_at).total_seconds(), asked.at - self.planned[asked.key][1])
        first = all(request.key != asked.key for request in self.platform.asked)
        if first and late > PATIENCE and not self.troubles.between(asked.lane, asked.at - late - LEASE, asked.at):
            self.breach(f"{nudge.kind} for {asked.user} is {late:.0f} s late")

    def _most_urgent_first(self, asked: Asked, owed: OutboxRow) -> None:
        """What nobody has in hand and is more urgent has only just come due, however much was kept waiting before."""
        now, data = self.clock.now(), self.store._data
        if self.troubles.between(asked.lane, asked.at - 2 * GRACE, asked.at):
            return
        for other in data.outbox.values():
            waits = other.delivery.state is DeliveryState.OWED and other.delivery.attempt == 0
            urgent = other.delivery.nudge.deadline < owed.delivery.nudge.deadline - MINUTE
            if waits and urgent and other.wake_at and _lane(other, data) == asked.lane:
                late = min((now - other.wake_at).total_seconds(), asked.at - self.planned[other.delivery.nudge.key][1])
                if late > GRACE:
                    self.breach(f"{other.delivery.nudge.kind} has waited for {late:.0f} s, and {asked.key} goes first")

    def _stepped(self) -> bool:
        """Whether the clock was set in the last moments: what was begun before cannot know."""
        now = asyncio.get_running_loop().time()
        return any(now - GRACE <= step <= now for step in self.troubles.clock_steps)

    def _within_limits(self, asked: Asked) -> None:
        rate = RATES[asked.lane.partition(":")[0]]
        window = max(1.0, 1 / rate)
        recent = [
            request
            for request in self.platform.asked[-40:]
            if request.lane == asked.lane and asked.at - request.at < window
        ]
        # Who takes over does not know of the last request before: that one more is what is left to spare.
        spare = any(request.by is not asked.by for request in recent)
        if len(recent) + 1 > rate * window + spare + 1e-6:
            self.breach(f"{len(recent) + 1} requests within {window} s in {asked.lane}")

    def _not_twice(self, asked: Asked, owed: OutboxRow) -> None:
        """Only what nobody could know of is asked for again."""
        before = [request for request in self.platform.asked if request.key == asked.key and request.taken]
        if not before:
            return
        last = before[-1]
        if owed.delivery.state is DeliveryState.SENT:
            self.breach(f"{asked.key} is sent again, though it is recorded as sent")
        knew = (
            last.is_answered and not last.by.dead and not self.troubles.weather.was_bad(("store",), last.at, asked.at)
        )
        if knew:
            self.breach(f"{asked.key} is sent again, though its sender knew that it arrived")
        platform = asked.lane.partition(":")[0]
        remembers = REMEMBERED[platform]
        forgotten = remembers and asked.at - last.at > remembers
        if forgotten and not self.troubles.kept_from(asked.lane, last.at - 1, asked.at):
            self.breach(f"{asked.key} is repeated when its key is forgotten, and nothing kept us from it")
        found = platform == SLACK and asked.at - last.at > LONGEST_SEARCH
        if found and not self.troubles.weather.was_bad((asked.lane,), last.at, asked.at):
            self.breach(f"{asked.key} is sent again, though a search would have found it")

    def end(self) -> None:
        """At the end of the day."""
        now, moment = self.clock.now(), asyncio.get_running_loop().time()
        for owed in self.store._data.outbox.values():
            delivery, nudge = owed.delivery, owed.delivery.nudge
            over = nudge.expires_at < now - timedelta(minutes=6)
            unsettled = delivery.state in UNSETTLED or (delivery.state is DeliveryState.UNCERTAIN and owed.wake_at)
            if unsettled and over:
                self.breach(f"{nudge.kind} {nudge.key} is still {delivery.state}, though it expired {nudge.expires_at}")
            arrived = self.platform.messages.get(nudge.key, [])
            if nudge.kind is NudgeKind.TAKEN_BACK:
                # It edits another message, and comes too late if that is impossible for long.
                continue
            if delivery.state is DeliveryState.SENT and not arrived:
                self.breach(f"{nudge.kind} {nudge.key} is recorded as sent, but nothing arrived")
            if delivery.state in (DeliveryState.EXPIRED, DeliveryState.DEAD) and not arrived:
                self._not_in_vain(owed, moment, now)

    def _not_in_vain(self, owed: OutboxRow, moment: float, now: datetime) -> None:
        """What expired or was given up had a reason to."""
        nudge, error = owed.delivery.nudge, owed.delivery.error
        if error in ("no longer true", "nobody to tell", "no such message", REPLACED, ANSWERED):
            return
        since, until = (moment - (now - instant).total_seconds() for instant in (nudge.due_at, nudge.expires_at))
        since = max(since, self.planned[nudge.key][1])
        if until - since >= CALM and not self.troubles.between(_lane(owed, self.store._data), since - LEASE, until):
            self.breach(f"{nudge.kind} {nudge.key} was owed from {nudge.due_at} to {nudge.expires_at}, but: {error}")


def _lane(owed: OutboxRow, data: Data) -> str:
    name, community = owed.scope.platform, data.communities.get(owed.scope.community or 0)
    return lane_name(name, community.tenant) if community else name


def _holds(nudge: Nudge, data: Data, now: datetime, content: Reply) -> bool:
    """Whether a nudge was still owed by what `data` says."""
    attendee = data.attendees.get(nudge.attendee)
    if attendee is None or not attendee.nudges_on or attendee.agreed_at is None:
        return False
    if nudge.kind is not NudgeKind.LEAVE_BY:
        return True
    session = data.schedules["sim"].by_id.get(nudge.subject)
    chosen = data.chosen.get((attendee.id, "sim", nudge.subject))
    if session is None or not session.takes_place or session.revision != nudge.revision:
        return False
    if chosen is None or chosen.choice is not Choice.GOING:
        return False
    return session.starts_at in _moments(content)


def _moments(content: Reply) -> set[datetime]:
    """Every moment that a message names."""
    texts: list[Any] = [*content.lines]
    for card in content.cards:
        texts += [*card.lines, *(pair.value for pair in card.fields)]
    return {part.at for text in texts for part in text if isinstance(part, When)}
