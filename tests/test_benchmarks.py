"""Each benchmark runs to its end with a few messages; how fast it is is never tested."""

import os
import re
from pathlib import Path

import pytest

from tests.support import forked, small_run

ROOT = Path(__file__).parent.parent
BENCHMARKS = re.findall(r"(?m)^BENCHMARKS := (.*)$", (ROOT / "Makefile").read_text())[0].split()


SERVER = "HALLWAY_BENCHMARKS_SERVER"
"""The variable by which benchmarks use the PostgreSQL of the tests instead of one of their own."""
LONGEST = 300
"""Seconds of a small run on a busy machine."""


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_small_run_prints_its_figures(name: str, request: pytest.FixtureRequest) -> None:
    environment = dict(os.environ)
    if "POSTGRESQL" in (ROOT / "benchmarks" / f"{name.replace('.', '/')}.py").read_text():
        environment[SERVER] = request.getfixturevalue("postgresql")
    done = forked.run(small_run.run_small, name, env=environment, timeout=LONGEST)
    assert done.returncode == 0, done.stderr
    assert "Hallway" in done.stdout or "hallway run" in done.stdout or "/agenda" in done.stdout
    if "skipped:" in done.stdout:
        pytest.skip(done.stdout.strip())
    assert "kept)" in done.stdout or "BROKEN)" in done.stdout, "nothing is promised"


def test_every_module_is_a_benchmark_or_serves_one() -> None:
    folder = ROOT / "benchmarks"
    modules = {
        ".".join(path.relative_to(folder).with_suffix("").parts): path.read_text() for path in folder.rglob("[a-z]*.py")
    }
    others = modules.keys() - set(BENCHMARKS)
    assert set(BENCHMARKS) <= modules.keys()
    assert [name for name in others if not any(name in text for key, text in modules.items() if key != name)] == []


def test_tests_and_benchmarks_do_not_know_each_other() -> None:
    starting = (Path(__file__), Path(small_run.__file__))
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path not in starting]
    assert [path for path in tests if re.search(r"(?m)^\s*(from|import) benchmarks", path.read_text())] == []
    ours = list((ROOT / "benchmarks").rglob("*.py"))
    assert [path for path in ours if re.search(r"(?m)^\s*(from|import) tests", path.read_text())] == []
