"""The benchmarks of delivery run to their end with a few messages; how fast they are is never tested."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


# Those that wait for leases and servers for a minute are only loaded.
QUICK, LONG = ("peaks", "restarting", "idle", "announcing"), ("delivery", "killing", "processes", "tokens")


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_small_run_prints_its_figures(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert ": lost" in done.stdout or "share of a core" in done.stdout


@pytest.mark.parametrize("name", LONG)
def test_the_others_can_be_loaded_and_are_promised_something(name: str) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    assert callable(module.main)
    assert "at_least=" in (source := Path(module.__file__ or "").read_text()) or 'nudges", 0)' in source
