"""Counted walks, in SQL."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, and_, case, cast, delete, func, outerjoin, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports.walks import Promise, WalkCounts
from bot.domain.walks.publishing import LegState
from bot.domain.walks.voice import Voice, voice_name
from bot.domain.walks.walk import BINS, Cells, Walk, WalkedLeg
from bot.storage import tables
from bot.storage.bulk import insert_for
from bot.storage.erasure import mark_erased
from bot.storage.mappers.walks import ANYWHERE, batch_of, cell_row, leg_of, leg_row, promise_of, voice_of, voice_row

KEY, CELL, VOICE, PROMISE = (
    tables.walk_key.c,
    tables.walk_cell.c,
    tables.walk_voice.c,
    tables.walk_promise.c,
)
IN_CELL = ("origin", "target", "mode", "day", "peak", "outcome", "half")
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class SqlWalks(WalkCounts):
    """`ports.Walks` on one connection."""

    connection: AsyncConnection

    @override
    async def record(self, conference: str, platform: str, user: str, walk: Walk) -> Voice | None:
        secret = await self._secret(conference)
        name = voice_name(secret, platform, user, walk.batch.leg)
        query = select(tables.walk_voice).where(VOICE.voice == name)
        row = (await self.connection.execute(query)).mappings().first()
        before = voice_of(row) if row else None
        after = before.after(walk) if before else Voice.first(walk)
        changes = [(voice, -1) for voice in (before,) if voice] + [(after, 1)]
        # In one order for all transactions, so that two of them do not wait for each other.
        for voice, people in sorted(changes, key=lambda change: (change[0].batch, change[0].half)):
            await self._change_cell(conference, voice, people)
        await self._put_voice(conference, name, voice_row(after))
        await self._put_voice(conference, voice_name(secret, platform, user, None), ANYWHERE)
        return before

    @override
    async def cells(self, conference: str) -> Cells:
        cells: Cells = {}
        query = select(tables.walk_cell).where(CELL.conference == conference, CELL.people > 0)
        for row in (await self.connection.execute(query)).mappings():
            cells.setdefault(batch_of(row), [0] * BINS)[row["half"]] += row["people"]
        return cells

    @override
    async def states(self, conference: str) -> Mapping[WalkedLeg, LegState]:
        leg = (VOICE.origin, VOICE.target, VOICE.mode)
        fresh = func.sum(case((VOICE.fresh, 1), else_=0))
        query = select(*leg, func.count().label("people"), cast(fresh, Integer).label("changed"))
        query = query.where(VOICE.conference == conference, VOICE.origin != "").group_by(*leg)
        rows = (await self.connection.execute(query)).mappings()
        return {leg_of(row): LegState(row["people"], row["changed"]) for row in rows}

    @override
    async def waiting(self) -> Mapping[str, int]:
        is_fresh = and_(VOICE.conference == KEY.conference, VOICE.origin == "", VOICE.fresh)
        query = select(KEY.conference, func.count(VOICE.voice).label("people"))
        query = query.select_from(outerjoin(tables.walk_key, tables.walk_voice, is_fresh)).group_by(KEY.conference)
        return {row.conference: row.people for row in await self.connection.execute(query)}

    @override
    async def mark_published(self, conference: str, legs: Collection[WalkedLeg]) -> None:
        seen = update(tables.walk_voice).where(VOICE.conference == conference, VOICE.fresh).values(fresh=False)
        await self.connection.execute(seen.where(VOICE.origin == ""))
        for leg in legs:
            where = (VOICE.origin == leg.origin, VOICE.target == leg.target, VOICE.mode == leg.mode.value)
            await self.connection.execute(seen.where(*where))

    @override
    async def count(self, conference: str, promise: Promise) -> None:
        counts = {name: getattr(promise, name) for name in ("followed", "arrived", "late", "minutes")}
        row = {"conference": conference, "hour": promise.hour, **leg_row(promise.leg), **counts}
        statement = insert_for(self.connection, tables.walk_promise).values(row)
        keys = [PROMISE[name] for name in ("conference", "origin", "target", "mode", "hour")]
        more = {name: PROMISE[name] + count for name, count in counts.items()}
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=more))

    @override
    async def promises(self, conference: str) -> Sequence[Promise]:
        order = (PROMISE.origin, PROMISE.target, PROMISE.mode, PROMISE.hour)
        query = select(tables.walk_promise).where(PROMISE.conference == conference).order_by(*order)
        promises = [promise_of(row) for row in (await self.connection.execute(query)).mappings()]
        return sorted(promises, key=lambda promise: (promise.leg, promise.hour))

    @override
    async def forget(self, platform: str, user: str) -> None:
        for conference, secret in (await self.connection.execute(select(KEY.conference, KEY.secret))).all():
            legs = select(VOICE.origin, VOICE.target, VOICE.mode).where(VOICE.conference == conference).distinct()
            rows = (await self.connection.execute(legs)).mappings().all()
            walked = [leg_of(row) for row in rows if row["origin"]]
            names = [voice_name(secret, platform, user, leg) for leg in (None, *walked)]
            voices_query = select(tables.walk_voice).where(VOICE.voice.in_(names), VOICE.origin != "")
            voices = [voice_of(row) for row in (await self.connection.execute(voices_query)).mappings()]
            for voice in sorted(voices, key=lambda voice: (voice.batch, voice.half)):
                await self._change_cell(conference, voice, -1)
            await self.connection.execute(delete(tables.walk_voice).where(VOICE.voice.in_(names)))
        await self.connection.execute(delete(tables.walk_cell).where(CELL.people <= 0))
        mark_erased(self.connection)

    @override
    async def close(self, conference: str) -> bool:
        await self.connection.execute(delete(tables.walk_voice).where(VOICE.conference == conference))
        deleted = await self.connection.execute(delete(tables.walk_key).where(KEY.conference == conference))
        mark_erased(self.connection)
        return deleted.rowcount > 0

    async def _secret(self, conference: str) -> str:
        """The key of a conference, made at its first walk."""
        row = {"conference": conference, "secret": secrets.token_hex(SECRET_BYTES)}
        await self.connection.execute(insert_for(self.connection, tables.walk_key).values(row).on_conflict_do_nothing())
        secret: str = (
            await self.connection.execute(select(KEY.secret).where(KEY.conference == conference))
        ).scalar_one()
        return secret

    async def _change_cell(self, conference: str, voice: Voice, people: int) -> None:
        row = {"conference": conference, **cell_row(voice.batch, voice.half)}
        statement = insert_for(self.connection, tables.walk_cell).values({**row, "people": max(people, 0)})
        keys = [CELL[name] for name in ("conference", *IN_CELL)]
        change = {"people": CELL.people + people}
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    async def _put_voice(self, conference: str, name: str, columns: dict[str, Any]) -> None:
        row = {"voice": name, "conference": conference, "fresh": True, **columns}
        statement = insert_for(self.connection, tables.walk_voice).values(row)
        change = {"fresh": True, **columns}
        await self.connection.execute(statement.on_conflict_do_update(index_elements=[VOICE.voice], set_=change))
