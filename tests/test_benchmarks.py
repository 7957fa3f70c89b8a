"""The benchmarks of delivery run to their end with a few messages; how fast they are is never tested."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["delivery", "restarting", "killing", "processes", "idle", "peaks", "tokens", "announcing"]
)
def test_a_small_run_prints_its_figures(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "ours" in done.stdout or "leave-by" in done.stdout or "hallway run" in done.stdout
    assert ": lost" in done.stdout or "share of a core" in done.stdout
