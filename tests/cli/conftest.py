"""The command line as a process."""

from pathlib import Path

import pytest

from tests.e2e.hallway import Hallway


@pytest.fixture
def hallway(tmp_path: Path) -> Hallway:
    return Hallway(tmp_path)
