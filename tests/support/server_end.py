"""Stops the PostgreSQL server of a test run when the run is over, however it ended: `python server_end.py FOLDER`.

It imports nothing but the standard library, because it starts beside the tests.
"""

import fcntl
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

OWNED, STARTING, DATA = "owned", "starting", "data"
"""In the folder of a run: the file that its owner locks, the file that is locked while the server starts, its data."""
PATIENCE = 60.0
"""Seconds in which a server stops, or is killed."""


def wait_and_stop(folder: Path) -> None:
    """Wait until nobody owns the folder, then stop the server in it and remove the folder."""
    with (folder / OWNED).open() as owned:
        fcntl.flock(owned, fcntl.LOCK_SH)
    with (folder / STARTING).open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        _stop(folder / DATA / "postmaster.pid")
        shutil.rmtree(folder, ignore_errors=True)


def _stop(noted: Path) -> None:
    if not noted.exists():
        return
    server = int(noted.read_text().split()[0])
    with suppress(ProcessLookupError):
        # At once: nobody needs its data.
        os.kill(server, signal.SIGQUIT)
        until = time.monotonic() + PATIENCE
        while noted.exists() and time.monotonic() < until:
            time.sleep(0.02)
        if noted.exists():
            os.kill(server, signal.SIGKILL)


if __name__ == "__main__":
    wait_and_stop(Path(sys.argv[1]))
