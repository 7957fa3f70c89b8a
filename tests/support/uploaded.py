"""A schedule file that an organizer uploads: it moves one session."""

from dataclasses import replace

from tests.builders import ARC, DAT, DAT_AGAIN, KEY, SEC, at
from tests.fakes.app_harness import AppHarness

MOVED = replace(SEC, starts_at=at(12), ends_at=at(13))
CHANGED = (ARC, MOVED, DAT, DAT_AGAIN, KEY)
CHANGE = "changed: Keys, locks and doors (SEC203) (time Mon 11:00 → Mon 12:00)"


def moves_a_session(app: AppHarness) -> None:
    """Let the next file that is parsed have `MOVED` in place of the session as it is published."""
    app.feed.publish(*CHANGED)
