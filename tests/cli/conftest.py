"""The command line, as a process and in our own."""

from pathlib import Path

import pytest

from migrations import run
from tests.e2e.hallway import Hallway


@pytest.fixture
def hallway(tmp_path: Path) -> Hallway:
    return Hallway(tmp_path)


@pytest.fixture
async def migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty database, which is the one that is set."""
    url = f"sqlite:///{tmp_path / 'hallway.db'}"
    monkeypatch.setenv("HALLWAY_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    await run.upgrade(url)
    return url
