"""Each benchmark runs to its end with a few messages; how fast it is is never tested."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BENCHMARKS = re.findall(r"(?m)^BENCHMARKS := (.*)$", (ROOT / "Makefile").read_text())[0].split()


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_small_run_prints_its_figures(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
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
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert [path for path in tests if re.search(r"(?m)^\s*(from|import) benchmarks", path.read_text())] == []
    ours = list((ROOT / "benchmarks").rglob("*.py"))
    assert [path for path in ours if re.search(r"(?m)^\s*(from|import) tests", path.read_text())] == []
