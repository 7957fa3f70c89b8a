"""What waits in which community."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.app.ports.delivery import Scope
from bot.domain.peak import Load


class Backlog(Protocol):
    """What is owed, by counts: it tells which lanes have something to do, and how much is coming."""

    async def soonest(self, scopes: Collection[Scope], until: datetime) -> Mapping[Scope, datetime]:
        """By community, when something of it wants attention first; only where that is by `until`."""
        ...

    async def loads(self, scope: Scope, until: datetime) -> Sequence[Load]:
        """How much is owed that is due by `until`, by when it may be sent and when it is late."""
        ...
