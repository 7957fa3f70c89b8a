"""How often Python looks for objects that only refer to each other: each search stops everything else."""

import gc

RARELY = (50_000, 20, 50)
"""For a command that ends soon: with Python's own thresholds the search would take a fifth of an import."""
SERVING = (20_000, 10, 20)
"""For a process that serves: few full searches; one of what is new takes about 1 ms."""


def collect_rarely() -> None:
    """Look for unused objects rarely, as long as the process starts or if it ends soon."""
    gc.set_threshold(*RARELY)


def exempt_what_lives() -> None:
    """Leave what lives now out of all later searches: modules and tables, which stay until the process ends.

    Else a full search stops a process that serves for 0.3 to 0.4 s, and an acknowledgement waits for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SERVING)
