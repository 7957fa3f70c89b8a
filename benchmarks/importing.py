"""How long the import of 2,431 sessions into SQLite takes, and how much memory; in a process of its own each time."""

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.crowd import schedule
from benchmarks.figures import Figure, show

SESSIONS = 2_431
MANY = 10_000
INSIDE = """
import asyncio, sys, time
from pathlib import Path
from bot.cli.import_ import import_schedule
from bot.timing.clock import SystemClock
from benchmarks.figures import peak_mib
begins = time.perf_counter()
report = asyncio.run(import_schedule(sys.argv[2], sys.argv[1], "bench", SystemClock(), zone="America/Los_Angeles",
    format_name="", field_map="", venues="", dry_run=False, force=False))
print(len(report.schedule.sessions), time.perf_counter() - begins, peak_mib())
"""
RIVAL = """
import csv, json, sqlite3, sys, time
from benchmarks.figures import peak_mib
begins = time.perf_counter()
rows = list(csv.DictReader(open(sys.argv[1])))
database = sqlite3.connect(sys.argv[2])
database.execute("CREATE TABLE session (row TEXT)")
for row in rows:
    database.execute("INSERT INTO session VALUES (?)", (json.dumps(row),))
database.commit()
print(len(rows), time.perf_counter() - begins, peak_mib())
"""


def written(path: Path, count: int) -> None:
    """The made-up conference as a catalog."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("title", "abstract", "date", "startTime", "endTime", "room", "type"))
        for each in schedule(count).sessions:
            times = (f"{each.starts_at:%Y-%m-%d}", f"{each.starts_at:%H:%M}", f"{each.ends_at:%H:%M}")
            out.writerow((each.title, each.abstract, *times, f"{each.venue} | {each.room}", "AppHarness"))


def measured(code: str, count: int, *arguments: str) -> tuple[float, float]:
    """Seconds and MiB of a piece of code in a process of its own, which has to find `count` sessions."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    sessions, seconds, mib = done.stdout.split()
    assert int(sessions) == count, done.stdout
    return float(seconds), float(mib)


def compared(count: int, most_seconds: float, most_mib: float) -> None:
    """An import beside the least one could do: CSV rows put into SQLite as they are."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "schedule.csv"
        written(source, count)
        begins = time.perf_counter()
        seconds, mib = measured(INSIDE, count, str(source), f"sqlite:///{folder}/hallway.db")
        whole = time.perf_counter() - begins
        bare, bare_mib = measured(RIVAL, count, str(source), f"{folder}/bare.db")
    figures = [
        Figure("Hallway: read, settle, compare, store", seconds, "s", most_seconds),
        Figure("Hallway: the whole process, imports included", whole, "s"),
        Figure("Hallway: peak memory", mib, "MiB", most_mib),
        Figure("bare rows of CSV into SQLite", bare, "s"),
        Figure("bare rows: peak memory", bare_mib, "MiB"),
        Figure("ratio of the times", seconds / bare, "x"),
    ]
    show(f"Import of {count:,} sessions into SQLite", figures)


def main() -> None:
    """A large conference, and one four times as large as any that was seen."""
    compared(SESSIONS, 2, 150)
    compared(MANY, 6, 250)


if __name__ == "__main__":
    main()
