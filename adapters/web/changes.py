"""Tells whether anything was stored since a moment, and asks the database as rarely as possible."""

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
        commits: the commits of this process.
        others: how often another process seems to have committed something.
        fresh_until: until when the store need not be asked.
    """

    visits: Visits
    timer: Callable[[], float]
    fresh: float = FRESH
    usable: float = USABLE
    commits: Commits = field(init=False)
    others: int = 0
    fresh_until: float = float("-inf")
    _versions: dict[str, str] = field(default_factory=dict, repr=False)
    _asking: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """Count the commits of this process from now on."""
        self.commits = self.visits.store.commits

    @property
    def mark(self) -> int:
        """The present moment: it grows with every commit of this process, and when another has committed something."""
        return self.commits.count + self.others

    def none_since(self, mark: int) -> bool:
        """Whether it is certain, without asking, that nothing has changed since a mark."""
        return mark == self.commits.count + self.others and self.timer() < self.fresh_until

    async def none_noticed_since(self, mark: int) -> bool:
        """Whether nothing has changed since a mark, as far as was known some seconds ago.

        Raises:
            StoreError: the database does not answer.
        """
        if mark != self.mark:
            return False
        late = self.timer() - self.fresh_until
        if late >= 0:
            asking = self._asking or self._ask()
            if late >= self.usable - self.fresh:
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
            self.others += 1
        self._versions[name] = version
        self.fresh_until = now + self.fresh
