"""Hallway in a container with a read-only root: every write outside the data folder and /tmp is refused."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUARD = """
import os, sys
ALLOWED = tuple(os.environ["ALLOWED"].split(os.pathsep))

def guard(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.symlink", "sqlite3.connect"):
        path, writes = arguments[0], True
    else:
        return
    if writes and isinstance(path, (str, bytes, os.PathLike)):
        real = os.path.realpath(os.fsdecode(path))
        if not real.startswith(ALLOWED) and real != "/dev/null":
            raise OSError(30, "Read-only file system", real)

sys.addaudithook(guard)
sys.argv = ["hallway", "run"]
from tests.support.patient import lengthen, main
lengthen()
main()
"""


@pytest.mark.slow
def test_it_runs_and_stops_without_writing_outside_its_data_folder(tmp_path: Path) -> None:
    data, temporary, home = tmp_path / "data", tmp_path / "tmp", tmp_path / "home"
    for folder in (data, temporary, home):
        folder.mkdir()
    settings = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "ALLOWED": f"{data}:{temporary}",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HALLWAY_LOG_FORMAT": "json",
        "HALLWAY_DATABASE_URL": f"sqlite:///{data / 'hallway.db'}",
        "HALLWAY_HTTP_PORT": "0",
    }
    command = [sys.executable, "-c", GUARD]
    with subprocess.Popen(command, env=settings, cwd=home, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        first = process.stderr.readline()
        port = json.loads(first)["port"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(180) == 0, process.stderr.read()
    assert list(home.iterdir()) == []
    assert (data / "hallway.db").exists()


def test_the_guard_refuses_a_write_elsewhere(tmp_path: Path) -> None:
    code = GUARD.partition("sys.argv")[0] + f"open({str(tmp_path / 'x')!r}, 'w')"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"ALLOWED": "/nowhere"}, capture_output=True, text=True, check=False
    )
    assert "Read-only file system" in done.stderr
