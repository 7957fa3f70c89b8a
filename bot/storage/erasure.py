"""Removes erased data from the files of a SQLite database.

`secure_delete` overwrites deleted data in the main file. The `-wal` beside it still has the old pages until a
checkpoint empties it. PostgreSQL removes old rows by itself (autovacuum).
"""

from sqlalchemy.ext.asyncio import AsyncConnection

ERASED = "hallway-erased"


def mark_erased(connection: AsyncConnection) -> None:
    """Ask for a checkpoint after the transaction, because it deletes personal data for good."""
    connection.info[ERASED] = True


async def empty_wal(connection: AsyncConnection) -> None:
    """Empty `-wal` if something was erased before; called after a commit.

    While other connections read older data, it cannot be emptied; then the next call tries again.
    """
    if not connection.info.get(ERASED):
        return
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        return
    async with raw.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
        is_busy, *_ = await cursor.fetchone()
    if not is_busy:
        del connection.info[ERASED]
