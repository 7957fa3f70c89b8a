"""Limits of the number of requests from one person, so that nobody can delay all others."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.app.dispatcher.fair_slots import FairSlots
from bot.app.messages import Request

MOST_PEOPLE = 50_000
"""Budgets in memory, a few MiB. A person whose budget is forgotten gets a new one."""
ROUNDING = 1e-6
"""Seconds: a rounding error of this size does not count as a wait."""
Person = tuple[str, str]
"""A platform, and the id of a user there. The tenant is left out: one person has one budget everywhere."""


@dataclass(slots=True)
class Budget:
    """A token bucket for each person: `burst` requests at once, then `a_second`.

    It is the generic cell rate algorithm, which stores one number for each person: the time at which the whole burst is
    available again.
    """

    burst: float
    a_second: float
    _full_at: OrderedDict[Person, float] = field(default_factory=OrderedDict, repr=False)
    """The last used at the end. Not an LRUCache: each of its steps would take longer than all that is counted here."""

    def take(self, person: Person, now: float) -> float:
        """Count a request if the person may make one.

        Args:
            person: who makes it.
            now: the present time in seconds, from a clock that never goes back.

        Returns:
            The seconds to wait, and then the request is not counted; 0 if it may be made.
        """
        full_at = self._full_at.get(person, now)
        full_at = max(full_at, now)
        wait = full_at - (self.burst - 1) / self.a_second - now
        if wait > ROUNDING:
            self._full_at.move_to_end(person)
            return wait
        self._full_at[person] = full_at + 1 / self.a_second
        self._full_at.move_to_end(person)
        if len(self._full_at) > MOST_PEOPLE:
            self._full_at.popitem(last=False)
        return 0.0


@dataclass(slots=True)
class CommandLimits:
    """The limits of one process.

    A person may use ten commands at once and then one a second, more than somebody who reads the answers can use. Text
    that is completed while it is typed has a budget of its own. A community has no fixed budget: 25,000 people who all
    ask when a session ends are no flood. It has its share instead, see `FairSlots`.

    Attributes:
        timer: the present time in seconds.
        refusals: the budget for refusals of plain words. On most platforms an answer to them is a message of its own,
            so a person who floods Hallway with words gets one refusal in a while, and nothing else.
    """

    timer: Callable[[], float]
    commands: Budget = field(default_factory=lambda: Budget(burst=10, a_second=1))
    suggestions: Budget = field(default_factory=lambda: Budget(burst=20, a_second=5))
    refusals: Budget = field(default_factory=lambda: Budget(burst=1, a_second=0.1))
    slots: FairSlots = field(default_factory=FairSlots)

    def wait_for_command(self, request: Request) -> int:
        """Count a command; returns 0, or the whole seconds to wait if the person used too many."""
        return math.ceil(self.commands.take((request.platform, request.user), self.timer()))

    def may_refuse(self, request: Request) -> bool:
        """Count a refusal of plain words; returns whether the person gets it."""
        return not self.refusals.take((request.platform, request.user), self.timer())

    def may_suggest(self, request: Request) -> bool:
        """Count a request for suggestions; returns whether the person gets them."""
        return not self.suggestions.take((request.platform, request.user), self.timer())
