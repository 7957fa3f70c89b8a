"""Shares the process among communities: a crowd, or a flood, in one of them delays only its own answers."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SLOTS = 64
"""Commands that run at a time. With 8, the process is idle while all of them wait for the database to commit."""
SLOT_TIME = 1.0
"""Seconds after which a slow command gives its slot to the next, because it waits for something else."""
MAX_WAIT = 60.0
"""Seconds for which a command waits for a slot: in a real peak a late answer is better than none."""
MAX_WAITING = 1_000
"""Commands of one community that may wait: about as many as are answered in ten seconds."""

Community = tuple[str, str]
"""A platform and a tenant."""


class NoSlotError(Exception):
    """Too many people of this community ask at this moment."""


@dataclass(slots=True)
class FairSlots:
    """Lets a few commands run at a time. Communities whose commands wait get the free slots in turn."""

    free: int = SLOTS
    slot_time: float = SLOT_TIME
    max_wait: float = MAX_WAIT
    max_waiting: int = MAX_WAITING
    _waiting: OrderedDict[Community, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)

    @asynccontextmanager
    async def slot(self, community: Community) -> AsyncIterator[Callable[[], None]]:
        """Run the block in a slot, and yield a function that gives the slot away before the block ends.

        Raises:
            NoSlotError: too many commands of the community wait already, or no slot was free in time.
        """
        await self._acquire(community)
        held = True

        def release() -> None:
            nonlocal held
            if held:
                held = False
                self._release()

        timer = asyncio.get_running_loop().call_later(self.slot_time, release)
        try:
            yield release
        finally:
            timer.cancel()
            release()

    async def _acquire(self, community: Community) -> None:
        if self.free:
            self.free -= 1
            return
        queue = self._waiting.setdefault(community, deque())
        if len(queue) >= self.max_waiting:
            raise NoSlotError
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(self.max_wait):
                await turn
        except TimeoutError:
            self._give_up(community, turn)
            raise NoSlotError from None
        except asyncio.CancelledError:
            self._give_up(community, turn)
            raise

    def _give_up(self, community: Community, turn: asyncio.Future[None]) -> None:
        """Leave the queue; a slot that came at the same moment goes to the next."""
        if turn.done() and not turn.cancelled():
            self._release()
            return
        queue = self._waiting.get(community)
        if queue and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._waiting[community]

    def _release(self) -> None:
        """Give a slot to the first command of the community whose turn it is."""
        while self._waiting:
            community, queue = self._waiting.popitem(last=False)
            turn = queue.popleft()
            if queue:
                self._waiting[community] = queue
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1
