"""The PostgreSQL of a test run ends with the run, also when the run is killed."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.support import server_end
from tests.support.postgresql import folder_of_run

PYTHON = [sys.executable, "-I", "-S"]
# As PostgreSQL does: the file is gone when the server is.
SERVER = "import os, signal, sys; signal.signal(signal.SIGQUIT, lambda *_: (os.unlink(sys.argv[1]), os._exit(0)))"
OWNER = "import fcntl, signal, sys; fcntl.flock(open(sys.argv[1], 'w'), fcntl.LOCK_EX); print('owned', flush=True)"
WAITS = "; print('ready', flush=True); signal.pause()"


def started(code: str, *arguments: Path) -> subprocess.Popen[str]:
    command = [*PYTHON, "-c", code + WAITS, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline()
    return process


def test_the_server_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    (folder / server_end.DATA).mkdir(parents=True)
    noted = folder / server_end.DATA / "postmaster.pid"
    with (
        started(OWNER, folder / server_end.OWNED) as owner,
        started(SERVER, noted) as server,
        subprocess.Popen([*PYTHON, server_end.__file__, str(folder)]) as waiting,
    ):
        noted.write_text(f"{server.pid}\n{folder}\n")
        assert waiting.poll() is None
        owner.kill()
        assert waiting.wait(60) == 0
        assert server.wait(60) == 0
        assert owner.wait(60) == -signal.SIGKILL
    assert not folder.exists()


def test_a_run_without_postgresql_leaves_no_folder() -> None:
    with folder_of_run() as folder:
        assert folder.is_dir()
    assert not folder.exists()
