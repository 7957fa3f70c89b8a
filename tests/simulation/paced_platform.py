"""Platforms at their real pace, for crowds: with limits, with messages that can be edited and taken back."""

import asyncio
import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from adapters.discord.limits import buckets
from adapters.discord.messenger import LANE
from adapters.slack.api import POST_MESSAGE, RATE_LIMITS
from bot.app.delivery.rate_limiter import Bucket, RateLimiter
from bot.app.messages import Card, Reply, Text
from bot.app.ports import (
    DeliveryFilter,
    DeliveryUnknownError,
    Lane,
    Permissions,
    RateLimitedError,
    Receipt,
    RecipientUnreachableError,
    TemporaryError,
)
from bot.domain.attendee.attendee import Attendee, Community, Reach
from tests.simulation.crashable import Mortal
from tests.simulation.fault_injection import STORM, Spell, Weather

LONGEST_WAIT = 2.0
"""Seconds of a pause that a message is kept waiting for."""
LONGEST_PAUSE = 15.0
"""Seconds that a storm asks for."""
LOST_ANSWERS = 0.003
ANNOUNCEMENT, LEAVE_BY = "announcement", "leave-by"
AUTHOR = "olga"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a platform takes of some requests: `most` in any `seconds`."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A platform. `buckets` are what a request counts in, from the narrowest on, as the adapter's own pacer has it."""

    name: str
    lane: Callable[[Community], Lane]
    buckets: Callable[[str, str, str, bool], Sequence[Bucket]]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    """By method, "" for all of them together."""

    @property
    def remembers(self) -> float:
        """Seconds for which a key makes one message of a repeat."""
        return self.lane(Community(0, self.name, "")).remembers.total_seconds()


SLACK_METHODS = {"send": POST_MESSAGE, "edit": "chat.update", "delete": "chat.delete"}


def _console_lane(community: Community) -> Lane:
    return Lane(f"console:{community.tenant}", DeliveryFilter("console", community.id))


def _slack_lane(community: Community) -> Lane:
    return Lane(f"slack:{community.tenant}", DeliveryFilter("slack", community.id), RATE_LIMITS[POST_MESSAGE][0] / 60)


def _slack_buckets(tenant: str, method: str, channel: str, ours: bool) -> Sequence[Bucket]:
    del ours
    a_minute, burst = RATE_LIMITS[SLACK_METHODS[method]]
    narrow = [Bucket(f"{tenant} {channel}", 1.0, 3)] if method == "send" else []
    return [*narrow, Bucket(f"{tenant} {method}", a_minute / 60, burst)]


CONSOLE = Kind("console", _console_lane, lambda *_: ())
DISCORD = Kind("discord", lambda _: LANE, lambda *request: buckets(is_ours=request[-1]), {"": Rule(50, 1.0)})
SLACK = Kind(
    "slack", _slack_lane, _slack_buckets, {"send": Rule(300, 60.0), "edit": Rule(60, 60.0), "delete": Rule(60, 60.0)}
)
KINDS = {kind.name: kind for kind in (CONSOLE, DISCORD, SLACK)}


@dataclass(eq=False, slots=True)
class Ask:
    """One request for a message: `taken` if the message was accepted, `is_answered` if the sender got that answer."""

    at: float
    method: str
    tenant: str
    user: str
    key: str
    kind: str
    by: Mortal
    message: str = ""
    ours: bool = True
    """Whether whoever asked looks after the limits."""
    words: str = ""
    taken: bool = False
    is_answered: bool = False
    is_known: bool = False
    """Whether whoever sent the same before lived and had learnt that it arrived."""


@dataclass(eq=False, slots=True)
class Post:
    """A message that stands there: to whom, of what kind, since when."""

    id: str
    at: float
    ask: Ask
    gone: bool = False


@dataclass(slots=True)
class PacedPlatform:
    """What stands behind the wire. `closed` take no direct messages; those to `stuck` cannot be taken back."""

    kind: Kind
    rng: Random
    closed: set[str]
    stuck: set[str]
    spells: list[Spell] = field(default_factory=list)
    asks: dict[str, list[Ask]] = field(default_factory=lambda: defaultdict(list))
    """By key, those that sent."""
    posts: dict[str, list[Post]] = field(default_factory=lambda: defaultdict(list))
    taken: Counter[str] = field(default_factory=Counter)
    """By kind, and `delete`."""
    refused: list[tuple[Ask, bool]] = field(default_factory=list)
    """429 that no storm explains, and whether somebody had asked who does not look after the limits."""
    stormed: int = 0
    progress: str = ""
    """What its author was told last."""
    moments: list[float] = field(default_factory=list)
    """When a request to send an announcement began."""
    _recent: dict[tuple[str, str], deque[Ask]] = field(default_factory=lambda: defaultdict(deque))
    _standing: dict[str, Post] = field(default_factory=dict)

    async def serve(self, ask: Ask) -> None:
        """Returns once it was done and said so; else raises what the answer means."""
        loop = asyncio.get_running_loop()
        if ask.method == "send":
            ask.is_known = any(earlier.is_answered and not earlier.by.dead for earlier in self.asks[ask.key])
            self.asks[ask.key].append(ask)
            if ask.kind == ANNOUNCEMENT:
                self.moments.append(ask.at)
        there, back = self.rng.uniform(0.01, 0.15), self.rng.uniform(0.01, 0.15)
        lost = self.rng.random() < LOST_ANSWERS
        if pause := self._too_many(ask):
            await asyncio.sleep(there + back)
            raise TooManyError(pause)
        fault = self._fault(ask)
        if fault is None:
            # It is done whether whoever asked still lives or not.
            loop.call_later(there, self._do, ask)
        await asyncio.sleep(there + back)
        if fault is not None:
            raise fault
        if lost:
            raise DeliveryUnknownError("the answer was lost")
        ask.is_answered = True

    def _too_many(self, ask: Ask) -> float:
        """For how many seconds it asks for a pause, 0 if it takes one more."""
        if Weather(self.spells).at("", ask.at) == STORM:
            self.stormed += 1
            return self.rng.uniform(1, LONGEST_PAUSE)
        for method, rule in self.kind.rules.items():
            if method in ("", ask.method):
                recent = self._recent[ask.tenant if method else "", method]
                while recent and ask.at - recent[0].at >= rule.seconds:
                    recent.popleft()
                if len(recent) >= rule.most:
                    self.refused.append((ask, any(not earlier.ours for earlier in recent)))
                    return recent[0].at + rule.seconds - ask.at
                recent.append(ask)
        return 0.0

    def _fault(self, ask: Ask) -> Exception | None:
        if ask.method == "send" and ask.user in self.closed:
            return RecipientUnreachableError("closed")
        stuck = ask.method == "delete" and ask.user in self.stuck
        return RecipientUnreachableError("the message cannot be deleted") if stuck else None

    def _do(self, ask: Ask) -> None:
        ask.taken = True
        now = asyncio.get_running_loop().time()
        if ask.user == AUTHOR:
            self.progress = ask.words
        if ask.method == "send":
            posts = self.posts[ask.key]
            if posts and now - posts[-1].at <= self.kind.remembers:
                ask.message = posts[-1].id
                return
            ask.message = f"{ask.key}/{len(posts)}"
            posts.append(Post(ask.message, now, ask))
            self._standing[ask.message] = posts[-1]
            self.taken[ask.kind] += 1
        elif ask.method == "delete" and (stands := self._standing.get(ask.message)) and not stands.gone:
            stands.gone = True
            self.taken["delete"] += 1


def plain_text(reply: Reply) -> str:
    """The words of a reply, a line each."""
    fields = (f"{pair.name}: {_plain(pair.value)}" for card in reply.cards for pair in card.fields)
    return "\n".join([*map(_plain, reply.lines), *fields])


def _plain(text: Text) -> str:
    return "".join(str(getattr(part, "text", part)) for part in text)


class TooManyError(Exception):
    """429."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.1f} s")
        self.seconds = seconds


@dataclass(slots=True)
class PacedMessenger:
    """`ports.Messenger` of one process: paced by the real pacer in the real buckets, as the real messengers are."""

    platform: PacedPlatform
    process: Mortal
    owns: Callable[[str], bool] = lambda _: True
    pacer: RateLimiter = field(default_factory=RateLimiter)

    def lane(self, community: Community) -> Lane:
        """That of the adapter."""
        return self.platform.kind.lane(community)

    def describe_card(self, card: Card) -> str:
        """Nobody asks."""
        raise NotImplementedError

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """One request, unless it is known that it would be refused."""
        reach = attendee.reach
        if reach.refused:
            raise RecipientUnreachableError(reach.refused, reach)
        channel = f"D{attendee.user}"
        ask = self._ask("send", attendee.community, attendee.user, key, kind)
        ask.words = plain_text(content) if attendee.user == AUTHOR else ""
        await self._asked(ask, attendee.community, channel)
        return Receipt(replace(reach, channel=channel), channel, ask.message)

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """As in a channel."""
        del content
        ask = self._ask("send", community, f"#{channel}", key, kind)
        await self._asked(ask, community, channel)
        return Receipt(Reach(), channel, ask.message)

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """One request."""
        ask = self._ask("edit", community, channel[1:], message=message)
        ask.words = plain_text(content)
        await self._asked(ask, community, channel)

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """One request."""
        await self._asked(self._ask("delete", community, channel[1:], message=message), community, channel)

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        """One organizes."""
        del community
        await self.process.step()
        return Permissions(organizer=user.startswith(AUTHOR))

    def _ask(
        self, method: str, community: Community, user: str, key: str = "", kind: str = "", message: str = ""
    ) -> Ask:
        return Ask(0.0, method, community.tenant, user, key, kind, self.process, message)

    async def _asked(self, ask: Ask, community: Community, channel: str) -> None:
        await self.process.step()
        ask.ours = self.owns(self.lane(community).name)
        buckets = self.platform.kind.buckets(ask.tenant, ask.method, channel, ask.ours)
        widest = buckets[-1].name if buckets else f"{ask.tenant}"
        if (pause := self.pacer.blocked_for(widest)) > LONGEST_WAIT:
            raise self._slower(ask, "it asked for a pause", pause, held=True)
        await self.pace(buckets or [Bucket(widest, 1e9, math.inf)])
        await self.process.step()
        ask.at = asyncio.get_running_loop().time()
        try:
            await self.platform.serve(ask)
        except TooManyError as fault:
            self.pacer.block(widest, fault.seconds)
            raise self._slower(ask, str(fault), fault.seconds, held=False) from None
        await self.process.step()

    async def pace(self, buckets: Sequence[Bucket]) -> None:
        """Wait for a turn."""
        await self.pacer.acquire(*buckets)

    def _slower(self, ask: Ask, why: str, seconds: float, *, held: bool) -> Exception:
        """As the adapters have it: on Discord for all requests in a pause, on Slack for messages, the lane rests."""
        pauses = held if self.platform.kind is DISCORD else ask.method == "send"
        return (RateLimitedError if pauses else TemporaryError)(why, timedelta(seconds=seconds))
