"""25,000 reminders due at one moment on a platform without a limit: how fast each program hands them over.

No real platform takes messages that fast: the figures show how much room there is above a platform's limit. Each
program runs in a process of its own, on the same kind of database: Hallway, and a timer table that deletes a row, then
sends.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

from benchmarks.children import Result, print_result, result_of
from benchmarks.conference import DUE, attendees, filled, owed, schedule
from benchmarks.databases import POSTGRESQL, SQLITE, databases
from benchmarks.figures import Figure, is_small, quiet, show
from benchmarks.rivals import RIVALS
from bot.app.messages import Card, Reply
from bot.app.ports import DeliveryFilter, Lane, Permissions, Receipt
from bot.cli.application import build_application
from bot.cli.garbage import exempt_what_lives
from bot.domain.attendee.attendee import Attendee, Community

PLATFORM = "console"
SESSIONS = 500
RIVAL_ON = {SQLITE: "timers", POSTGRESQL: "timers-pg"}
ROUNDS = 3
"""How often each program runs, in turns: a single run differs from the next by up to a fifth."""
PROMISED = 5
"""How many times as fast as the timer table Hallway is at least."""
QUIET = 10.0
"""Seconds without a message after which the rest counts as lost."""


@dataclass(frozen=True, slots=True)
class MovedClock:
    """The system's clock, moved `by` so much, and about as fast to read."""

    by: timedelta

    def now(self) -> datetime:
        """The moved time, in UTC."""
        return datetime.now(UTC) + self.by


@dataclass(slots=True)
class Unlimited:
    """`ports.Messenger` of a platform that takes every message at once, and notes its key and when it came."""

    keys: list[str] = field(default_factory=list)
    last: float = 0.0

    def lane(self, community: Community) -> Lane:
        """No limit."""
        return Lane(PLATFORM, DeliveryFilter(PLATFORM, community.id))

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Take it; one without text would be no message."""
        assert content.cards, kind
        self.keys.append(key)
        self.last = time.perf_counter()
        return Receipt(attendee.reach)

    def describe_card(self, card: Card) -> str:
        """Not used here."""
        raise NotImplementedError

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Not used here."""
        raise NotImplementedError

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Not used here."""
        raise NotImplementedError

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Not used here."""
        raise NotImplementedError

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        """Not used here."""
        raise NotImplementedError


async def ours(url: str, count: int) -> None:
    """The application that `hallway run` builds, on a full database, when everything is due."""
    people = attendees(count, Community(1, PLATFORM, "crowd"))
    store = await filled(url, schedule(SESSIONS), [(person, ()) for person in people])
    begins = time.perf_counter()
    await owed(store, people)
    added = time.perf_counter() - begins
    await store.close()
    platform = Unlimited()
    clock = MovedClock(DUE - datetime.now(UTC))
    async with build_application(url, clock, {PLATFORM: platform}, [DeliveryFilter(PLATFORM)]) as application:
        exempt_what_lives()  # as `hallway run` does before it serves
        begins = time.perf_counter()
        await application.scheduler.run_due()
    print_result(added=added, seconds=platform.last - begins, sent=len(platform.keys), distinct=len(set(platform.keys)))


async def theirs(key: str, place: str, count: int) -> None:
    """A rival, on a full database, when everything is due."""
    sent: list[int] = []
    last = 0.0

    async def send(number: int) -> None:
        nonlocal last
        sent.append(number)
        last = time.perf_counter()

    rival = RIVALS[key].make(place)
    begins = time.perf_counter()
    await rival.fill(range(count), time.time())
    added = time.perf_counter() - begins
    begins = time.perf_counter()
    serving = asyncio.create_task(rival.serve(send))
    before = -1
    while len(sent) < count and len(sent) > before:
        before = len(sent)
        until = time.perf_counter() + QUIET
        while len(sent) == before and time.perf_counter() < until:  # noqa: ASYNC110 — a rival sends no event
            await asyncio.sleep(0.01)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    print_result(added=added, seconds=last - begins, sent=len(sent), distinct=len(set(sent)))


def figures(kind: str, count: int, mine: Sequence[Result], rival: Sequence[Result]) -> list[Figure]:
    """Both programs on one kind of database; of times the median, of what is wrong the sum of all rounds."""
    name = RIVALS[RIVAL_ON[kind]].name
    wrong = sum(count - result["distinct"] + result["sent"] - result["distinct"] for result in mine)
    seconds, theirs = _median(mine, "seconds"), _median(rival, "seconds")
    return [
        Figure(f"{kind}, Hallway: planned and stored", _median(mine, "added"), "s"),
        Figure(f"{kind}, Hallway: all sent after", seconds, "s"),
        Figure(f"{kind}, Hallway: lost or sent twice", wrong, "nudges", 0),
        Figure(f"{kind}, {name}: stored in bulk", _median(rival, "added"), "s"),
        Figure(f"{kind}, {name}: all sent after", theirs, "s"),
        Figure(f"{kind}: the timer table's time to Hallway's", theirs / seconds, "x", at_least=PROMISED),
    ]


def _median(results: Sequence[Result], key: str) -> float:
    return median(float(result[key]) for result in results)


async def main(count: int) -> None:
    """Both databases, one after the other."""
    results: list[Figure] = []
    with databases() as available:
        for kind, key in RIVAL_ON.items():
            mine, rival = [], []
            for _ in range(1 if is_small() else ROUNDS):
                mine.append(await result_of("peaks", "ours", await available.new(kind), count))
                place = (await available.new(kind)).removeprefix("sqlite:///")
                rival.append(await result_of("peaks", "theirs", key, place, count))
            results += figures(kind, count, mine, rival)
    show(f"{count:,} reminders due at one moment, on a platform without a limit", results)


if __name__ == "__main__":
    quiet()
    if sys.argv[1:2] == ["ours"]:
        asyncio.run(ours(sys.argv[2], int(sys.argv[3])))
    elif sys.argv[1:2] == ["theirs"]:
        asyncio.run(theirs(sys.argv[2], sys.argv[3], int(sys.argv[4])))
    else:
        asyncio.run(main(200 if is_small() else 25_000))
