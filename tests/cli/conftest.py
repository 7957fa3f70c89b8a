"""The command line, as a process and in our own."""

from pathlib import Path

import pytest

from tests.e2e.hallway import Hallway
from tests.stores import migrate


@pytest.fixture
def hallway(tmp_path: Path) -> Hallway:
    return Hallway(tmp_path)


@pytest.fixture
async def migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty database, which is the one that is set."""
    url = f"sqlite:///{tmp_path / 'hallway.db'}"
    monkeypatch.setenv("HALLWAY_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    await migrate(url)
    return url
