"""Whether anything was stored since a moment, asked as rarely as possible."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.app.pages import Visits
from bot.app.ports import Commits

FRESH, USABLE = 3.0, 5.0
"""Seconds for which the store is not asked again, and for which the last answer is used while it is asked.

Both only hold while this process stores nothing: after that, the store is asked at the next request. What another
process stores, such as a revoked address, is seen after so many seconds at the latest. Without the second number,
everybody who opens a page in a busy moment would wait for the database.
"""


@dataclass(slots=True)
class Changes:
    """Marks moments of the store: while the mark stays the same, nothing that is shown has changed.

    Attributes:
        timer: the present time in seconds, from a clock that never goes back.
    """

    visits: Visits
    timer: Callable[[], float]
    fresh: float = FRESH
    usable: float = USABLE
    _commits: Commits = field(init=False, repr=False)
    _others: int = 0
    _versions: dict[str, str] = field(default_factory=dict, repr=False)
    _asked_at: float = float("-inf")
    _asking: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """Count the commits of this process from now on."""
        self._commits = self.visits.store.commits

    @property
    def mark(self) -> int:
        """The present moment: it grows with every commit of this process, and when another has committed something."""
        return self._commits.count + self._others

    def none_since(self, mark: int) -> bool:
        """Whether it is certain, without asking, that nothing has changed since a mark."""
        return mark == self._commits.count + self._others and self.timer() - self._asked_at < self.fresh

    async def none_known_since(self, mark: int) -> bool:
        """Whether nothing has changed since a mark, as far as was known some seconds ago.

        Raises:
            StoreError: the database does not answer.
        """
        age = self.timer() - self._asked_at
        if age >= self.fresh:
            asking = self._asking or self._ask()
            if age >= self.usable:
                await asyncio.shield(asking)
        return mark == self.mark

    def _ask(self) -> asyncio.Task[None]:
        self._asking = asyncio.create_task(self._look())
        self._asking.add_done_callback(self._asked)
        return self._asking

    def _asked(self, task: asyncio.Task[None]) -> None:
        self._asking = None
        if not task.cancelled():
            # Those who wait get the error; if nobody does, the next request asks again.
            task.exception()

    async def _look(self) -> None:
        now = self.timer()
        name, version = await self.visits.version()
        if self._versions.get(name) != version:
            self._others += 1
        self._versions[name] = version
        self._asked_at = now
