"""How long `hallway --help` takes."""

import statistics
import subprocess
import sys
import time

from benchmarks.figures import Figure, show

RUNS = 9


def seconds(*command: str) -> float:
    """The median of several runs."""
    times = []
    for _ in range(RUNS):
        begins = time.perf_counter()
        subprocess.run([sys.executable, *command], capture_output=True, check=True)
        times.append(time.perf_counter() - begins)
    return statistics.median(times)


def main() -> None:
    """Beside Python alone, and Python with everything imported."""
    bare = seconds("-c", "pass")
    ours = seconds("-m", "bot", "--help")
    everything = seconds("-c", "import bot.cli.demo, bot.cli.serve, bot.cli.conversation, adapters.console.terminal")
    show(
        "Starting",
        [
            Figure("hallway --help", ours, "s", 0.4),
            Figure("python, doing nothing", bare, "s"),
            Figure("everything imported at once", everything, "s"),
            Figure("ratio of everything to --help", everything / ours, "x"),
        ],
    )


if __name__ == "__main__":
    main()
