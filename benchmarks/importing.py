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
INSIDE = """
import asyncio, sys, time
from pathlib import Path
from bot.cli.import_ import import_schedule
from bot.timing.clock import SystemClock
from benchmarks.figures import peak_mib
begins = time.perf_counter()
report = asyncio.run(import_schedule(sys.argv[2], sys.argv[1], "bench", SystemClock(), zone="America/Los_Angeles",
    format_name="", venues="", dry_run=False, force=False))
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


def written(path: Path) -> None:
    """The made-up conference as a catalog."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("title", "abstract", "date", "startTime", "endTime", "room", "type"))
        for each in schedule(SESSIONS).sessions:
            times = (f"{each.starts_at:%Y-%m-%d}", f"{each.starts_at:%H:%M}", f"{each.ends_at:%H:%M}")
            out.writerow((each.title, each.abstract, *times, f"{each.venue} | {each.room}", "Talk"))


def measured(code: str, *arguments: str) -> tuple[float, float]:
    """Seconds and MiB of a piece of code in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    sessions, seconds, mib = done.stdout.split()
    assert int(sessions) == SESSIONS, done.stdout
    return float(seconds), float(mib)


def main() -> None:
    """Import beside the least one could do: CSV rows put into SQLite as they are."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "schedule.csv"
        written(source)
        begins = time.perf_counter()
        seconds, mib = measured(INSIDE, str(source), f"sqlite:///{folder}/hallway.db")
        whole = time.perf_counter() - begins
        bare, bare_mib = measured(RIVAL, str(source), f"{folder}/bare.db")
    figures = [
        Figure("Hallway: read, settle, compare, store", seconds, "s", 2),
        Figure("Hallway: the whole process, imports included", whole, "s"),
        Figure("Hallway: peak memory", mib, "MiB", 150),
        Figure("bare rows of CSV into SQLite", bare, "s"),
        Figure("bare rows: peak memory", bare_mib, "MiB"),
        Figure("ratio of the times", seconds / bare, "x"),
    ]
    show(f"Import of {SESSIONS:,} sessions into SQLite", figures)


if __name__ == "__main__":
    main()
