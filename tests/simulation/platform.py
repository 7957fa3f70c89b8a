"""Platforms as they are: with limits, with a memory for keys or without, and with answers that get lost."""

import asyncio
import math
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from bot.app.delivery.rate_limiter import Bucket, RateLimiter
from bot.app.messages import Card, Reply
from bot.app.ports import (
    DeliveryFilter,
    DeliveryUnknownError,
    InvalidMessageError,
    Lane,
    Permissions,
    RateLimitedError,
    Receipt,
    RecipientUnreachableError,
    TemporaryError,
)
from bot.domain.attendee.attendee import Attendee, Community
from tests.simulation.crashable import Mortal
from tests.simulation.fault_injection import BROKEN, DOWN, SLOW, STORM, Weather

DISCORD, SLACK, CONSOLE = NAMES = ("discord", "slack", "console")
RATES = {DISCORD: 4.0, SLACK: 1.0, CONSOLE: math.inf}
"""Messages a second in a lane: a tenth of the real ones, so that a small crowd is a peak; and one without a limit."""
REMEMBERED = {DISCORD: 120.0, SLACK: 0.0, CONSOLE: 0.0}
"""Seconds for which a key makes one message of a repeat."""
LONGEST_WAIT = 2.0
"""Seconds of a pause that a message is kept waiting for."""


def lane_name(platform: str, tenant: str) -> str:
    """One token on Discord, one workspace on Slack, one room."""
    return platform if platform == DISCORD else f"{platform}:{tenant}"


@dataclass(eq=False, slots=True)
class Asked:
    """One request: `taken` if a message came of it, `is_answered` if whoever asked learnt of that."""

    at: float
    lane: str
    key: str
    user: str
    by: Mortal
    taken: bool = False
    is_answered: bool = False


@dataclass(slots=True)
class Platform:
    """What stands behind the wire. `watch` is told of every request, `taken` of every message that comes of one."""

    rng: Random
    weather: Weather
    closed: set[str]
    poison: set[str]
    asked: list[Asked] = field(default_factory=list)
    messages: dict[str, list[Asked]] = field(default_factory=dict)

    async def request(self, asked: Asked, remembers: float) -> None:
        """Returns once it was taken and said so; else raises what the answer means."""
        self.asked.append(asked)
        loop = asyncio.get_running_loop()
        kind = self.weather.at(asked.lane, asked.at)
        there, back = self.rng.uniform(0.01, 0.2), self.rng.uniform(0.01, 0.2)
        lost, dropped = self.rng.random() < 0.5, self.rng.random() < 0.003
        if kind == SLOW:
            back += self.rng.choice((2.0, 20.0, 60.0))
        if kind == DOWN:
            await asyncio.sleep(there)
            raise TemporaryError("no connection")
        if kind == STORM:
            await asyncio.sleep(there + back)
            raise RateLimitedError("too many requests", timedelta(seconds=self.rng.uniform(1, 20)))
        taken = not (kind == BROKEN and lost)
        fault = self._fault(asked)
        if taken and fault is None:
            # It arrives whether whoever asked still lives or not.
            loop.call_later(there, self._take, asked, remembers)
        await asyncio.sleep(there + back)
        if kind == BROKEN or dropped:
            raise DeliveryUnknownError("the answer was lost")
        if fault is not None:
            raise fault
        asked.is_answered = True

    def _fault(self, asked: Asked) -> Exception | None:
        if asked.user in self.closed:
            return RecipientUnreachableError("closed")
        return InvalidMessageError("no such message") if asked.user in self.poison else None

    def _take(self, asked: Asked, remembers: float) -> None:
        asked.taken = True
        messages = self.messages.setdefault(asked.key, [])
        now = asyncio.get_running_loop().time()
        if not messages or now - messages[-1].at > remembers:
            messages.append(asked)


@dataclass(slots=True)
class SimulatedMessenger:
    """`ports.Messenger` of one process: paced by the real pacer, as the real messengers are."""

    world: "Watcher"
    platform: Platform
    name: str
    process: Mortal
    pacer: RateLimiter = field(default_factory=RateLimiter)

    def lane(self, community: Community) -> Lane:
        """The same as of the real ones."""
        scope = DeliveryFilter(self.name) if self.name == DISCORD else DeliveryFilter(self.name, community.id)
        remembers = timedelta(seconds=REMEMBERED[self.name])
        return Lane(lane_name(self.name, community.tenant), scope, RATES[self.name] * 0.975, 4, remembers)

    def describe_card(self, card: Card) -> str:
        """Nobody asks."""
        raise NotImplementedError

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """One request."""
        await self.process.step()
        lane = lane_name(self.name, attendee.community.tenant)
        if (pause := self.pacer.blocked_for(lane)) > LONGEST_WAIT:
            raise RateLimitedError("it asked for a pause", timedelta(seconds=pause))
        await self.pace(lane)
        await self.process.step()
        asked = Asked(asyncio.get_running_loop().time(), lane, key, self.addressee(attendee), self.process)
        self.world.asks(asked, attendee, kind, content)
        try:
            await self.platform.request(asked, REMEMBERED[self.name])
        except RateLimitedError as fault:
            self.pacer.block(lane, fault.after.total_seconds())
            raise
        await self.process.step()
        return Receipt(attendee.reach, lane, key)

    async def find_sent(self, attendee: Attendee, key: str) -> Receipt | None:
        """Only Slack can be searched, and only while it answers."""
        await self.process.step()
        lane, now = lane_name(self.name, attendee.community.tenant), asyncio.get_running_loop().time()
        if self.name != SLACK or self.platform.weather.at(lane, now) in (BROKEN, DOWN, SLOW, STORM):
            raise TemporaryError("it does not say")
        await asyncio.sleep(0.05)
        await self.process.step()
        return Receipt(attendee.reach, lane, key) if self.platform.messages.get(key) else None

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Nobody announces anything on these days."""
        raise NotImplementedError

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """A request that may be refused; here a message is called by its key."""
        del community
        await self.process.step()
        self.world.edits(message, content)
        if self.platform.weather.at(channel, asyncio.get_running_loop().time()) in (DOWN, STORM):
            raise TemporaryError("not at this moment")
        await asyncio.sleep(0.05)

    async def delete(self, community: Community, channel: str, message: str) -> None:
        raise NotImplementedError

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        """Nobody has any right."""
        del community, user
        return Permissions()

    async def pace(self, lane: str) -> None:
        """Wait for a turn, where there are turns."""
        if math.isfinite(RATES[self.name]):
            await self.pacer.acquire(Bucket(lane, RATES[self.name] * 0.975))

    def addressee(self, attendee: Attendee) -> str:
        """Whom it goes to."""
        return attendee.user


class Watcher:
    """Is told of every request before the platform is."""

    def asks(self, asked: Asked, attendee: Attendee, kind: str, content: Reply) -> None:
        """May object."""
        raise NotImplementedError

    def edits(self, key: str, content: Reply) -> None:
        """May object."""
        raise NotImplementedError
