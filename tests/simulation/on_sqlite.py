"""The same broadcasts on a real SQLite: each process has its own connections, and takes an open transaction with it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert

from bot.app.ports import Store
from bot.domain.attendee.attendee import Attendee
from bot.domain.schedule.conference import Schedule
from bot.storage import tables
from bot.storage.mappers.people import attendee_row
from bot.storage.unit_of_work import SqlStore
from tests.simulation.crowd import CONFERENCE, Crowd, Plan, ended
from tests.simulation.loop import simulation_loop
from tests.simulation.paced_platform import Kind
from tests.stores import migrate
from tests.support.virtual_time import StillStore, VirtualLoop


@dataclass(frozen=True, slots=True)
class SqliteBase:
    """A database file, in whose transactions no virtual time passes."""

    url: str
    loop: VirtualLoop
    looking: SqlStore

    @classmethod
    def at(cls, url: str, loop: VirtualLoop) -> "SqliteBase":
        return cls(url, loop, SqlStore.at(url))

    def opened(self) -> Store:
        return StillStore(SqlStore.at(self.url), self.loop)

    def seen(self) -> Store:
        return StillStore(self.looking, self.loop)

    async def closed(self, store: Store) -> None:
        assert isinstance(store, StillStore)
        assert isinstance(store.store, SqlStore)
        await store.store.close()

    async def found(self, made: Schedule, people: Mapping[str, Sequence[Attendee]]) -> None:
        async with self.looking.write_transaction() as work:
            await work.conferences.save(made)
            connection = work.people.connection
            for tenant, attendees in people.items():
                community = await work.communities.add(attendees[0].community.platform, tenant)
                assert community.id == attendees[0].community.id
                await work.communities.save(replace(community, conference=CONFERENCE))
                made_rows: list[dict[str, Any]] = [
                    {**attendee_row(attendee), "id": attendee.id, "community": community.id, "user": attendee.user}
                    for attendee in attendees
                ]
                await connection.execute(insert(tables.attendee), made_rows)


def lived_on_sqlite(seed: int, kind: Kind, plan: Plan, url: str) -> Crowd:
    """One broadcast on a new database; threads answer when they like, so the same seed is nearly the same one."""
    asyncio.run(migrate(url))
    loop = simulation_loop(threads=True)
    base = SqliteBase.at(url, loop)
    return ended(Crowd(seed, kind, plan, loop, base))
