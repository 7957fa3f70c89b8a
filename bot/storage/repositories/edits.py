"""Edits of sessions and uploaded files, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import SessionEdits, UploadedCopies
from bot.domain.imports.edits import SessionEdit
from bot.domain.imports.upload import UploadedCopy
from bot.storage import tables
from bot.storage.mappers.edits import edit_of, edit_row, upload_of, upload_row

EDIT, UPLOAD = tables.session_edit.c, tables.uploaded_copy.c


@dataclass(frozen=True, slots=True)
class SqlSessionEdits(SessionEdits):
    """`ports.SessionEdits` on one connection."""

    connection: AsyncConnection

    @override
    async def of_conference(self, conference: str) -> Sequence[SessionEdit]:
        query = select(tables.session_edit).where(EDIT.conference == conference).order_by(EDIT.at, EDIT.session)
        return [edit_of(row) for row in (await self.connection.execute(query)).mappings()]

    @override
    async def replace(self, conference: str, edits: Sequence[SessionEdit]) -> None:
        await self.connection.execute(delete(tables.session_edit).where(EDIT.conference == conference))
        if edits:
            rows = [edit_row(conference, edit) for edit in edits]
            await self.connection.execute(insert(tables.session_edit), rows)


@dataclass(frozen=True, slots=True)
class SqlUploadedCopies(UploadedCopies):
    """`ports.UploadedCopies` on one connection."""

    connection: AsyncConnection

    @override
    async def add(self, upload: UploadedCopy, expired: datetime) -> int:
        old = or_(UPLOAD.community == upload.community, UPLOAD.at < expired)
        await self.connection.execute(delete(tables.uploaded_copy).where(old))
        statement = insert(tables.uploaded_copy).values(upload_row(upload)).returning(UPLOAD.number)
        number: int = (await self.connection.execute(statement)).scalar_one()
        return number

    @override
    async def get(self, number: int) -> UploadedCopy | None:
        query = select(tables.uploaded_copy).where(UPLOAD.number == number)
        row = (await self.connection.execute(query)).mappings().first()
        return upload_of(row) if row else None

    @override
    async def remove(self, number: int) -> bool:
        statement = delete(tables.uploaded_copy).where(UPLOAD.number == number)
        return (await self.connection.execute(statement)).rowcount > 0
