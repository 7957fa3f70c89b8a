"""Importing a schedule of 2,431 sessions into SQLite, beside copying the bare rows of the same CSV file.

The rival does the least possible work: it parses no time, compares nothing, and stores each row as one text. Each runs
in a process of its own, in which the imports of modules are not counted. Hallway parses the file in a child
process, whose start and whose imports are counted.
"""

import csv
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.conference import schedule
from benchmarks.figures import Figure, is_small, show

RUNS = 1 if is_small() else 5
OURS = """
import asyncio, sys, time
from bot.cli.garbage import collect_rarely
from bot.cli.import_ import import_schedule
from bot.timing.clock import SystemClock
from benchmarks.figures import peak_mib
collect_rarely()  # as the command line does
begins = time.perf_counter()
report = asyncio.run(import_schedule(sys.argv[1], sys.argv[2], "bench", SystemClock(), zone="America/Los_Angeles",
    format_name="", field_map="", venues="", dry_run=False, force=False))
print(len(report.schedule.sessions), time.perf_counter() - begins, peak_mib())
"""
CHILD = """
import asyncio, sys, time
from bot.sources.sandbox.parser import SandboxedParser
from benchmarks.figures import peak_mib
one = b"title,date,startTime\\nA,2026-01-31,09:00\\n"
begins = time.perf_counter()
draft = asyncio.run(SandboxedParser()(one, "one.csv"))
print(len(draft.sessions), time.perf_counter() - begins, peak_mib())
"""
BARE = """
import csv, json, sqlite3, sys, time
from benchmarks.figures import peak_mib
begins = time.perf_counter()
rows = list(csv.DictReader(open(sys.argv[2])))
database = sqlite3.connect(sys.argv[1])
database.execute("CREATE TABLE session (row TEXT)")
for row in rows:
    database.execute("INSERT INTO session VALUES (?)", (json.dumps(row),))
database.commit()
print(len(rows), time.perf_counter() - begins, peak_mib())
"""


def write_catalog(path: Path, count: int) -> None:
    """The made-up conference as a session catalog."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("title", "abstract", "date", "startTime", "endTime", "room", "type"))
        for session in schedule(count).sessions:
            times = (f"{session.starts_at:%Y-%m-%d}", f"{session.starts_at:%H:%M}", f"{session.ends_at:%H:%M}")
            out.writerow((session.title, session.abstract, *times, f"{session.venue} | {session.room}", "Talk"))


def measured(code: str, database: str, source: Path, count: int) -> tuple[float, float]:
    """Seconds and MiB of a piece of code, which has to find `count` sessions."""
    command = [sys.executable, "-c", code, database, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    sessions, seconds, mib = done.stdout.split()
    assert int(sessions) == count, done.stdout
    return float(seconds), float(mib)


def main(count: int) -> None:
    """Both on the same file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "schedule.csv"
        write_catalog(source, count)
        # In turn, so that a busy moment of the machine falls on both; the median of several runs counts.
        pairs = [
            (
                measured(OURS, f"sqlite:///{folder}/hallway{n}.db", source, count),
                measured(BARE, f"{folder}/bare{n}.db", source, count),
            )
            for n in range(RUNS)
        ]
    seconds, mib = (statistics.median(ours[what] for ours, _ in pairs) for what in (0, 1))
    bare, bare_mib = (statistics.median(rival[what] for _, rival in pairs) for what in (0, 1))
    child = statistics.median(measured(CHILD, "", Path(), 1)[0] for _ in range(RUNS))
    figures = [
        Figure("Hallway: read, check, compare, store", seconds, "s"),
        Figure("of it, the child process for a file of one session", child, "s"),
        Figure("Hallway: peak memory", mib, "MiB", 150),
        Figure("bare rows of CSV into SQLite", bare, "s"),
        Figure("bare rows: peak memory", bare_mib, "MiB"),
        Figure("Hallway's time to that of the bare rows", seconds / bare, "x", 20),
    ]
    show(f"Import of {count:,} sessions into SQLite", figures)


if __name__ == "__main__":
    main(50 if is_small() else 2_431)
