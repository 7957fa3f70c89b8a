"""Counts log lines that repeat, instead of writing each of them: a flood must not fill the disk."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from cachetools import LRUCache
from structlog.typing import EventDict, WrappedLogger

WINDOW = 60.0
"""Seconds for which repeated lines are counted."""
MOST_LINES = 20
"""Lines of one kind that are written in a window."""
MOST_KINDS = 500
CHECK_INTERVAL = 1.0
"""Seconds between two searches for windows that are over, because there may be many lines in a second."""
SUMMARY = "a log line repeated"


@dataclass(slots=True)
class _Window:
    """The lines of one kind since `begins`."""

    begins: float
    lines: int = 0


@dataclass(slots=True)
class RepeatFilter:
    """A processor of structlog that drops the 21st and later lines of one kind in a minute.

    Lines are of one kind if they have the same level, event and place in a library. The last line that is written says
    that others are counted, and a line of their number follows when the next line is logged after the window.

    Attributes:
        timer: the present time in seconds.
        summarize: logs the number of lines that were dropped, by the event of their kind.
    """

    timer: Callable[[], float]
    summarize: Callable[[str, int], None]
    _windows: LRUCache[tuple[str, str, str], _Window] = field(default_factory=lambda: LRUCache(MOST_KINDS))
    _checked: float = 0.0

    def __call__(self, _: WrappedLogger, method: str, event_dict: EventDict) -> EventDict:
        """Pass a line on, or raise `structlog.DropEvent`."""
        now, event = self.timer(), str(event_dict.get("event"))
        if event != SUMMARY:
            self._end_windows(now)
        key = (method, event, str(event_dict.get("where", "")))
        window = self._windows.setdefault(key, _Window(now))
        window.lines += 1
        if window.lines > MOST_LINES:
            raise structlog.DropEvent
        if window.lines == MOST_LINES:
            return {**event_dict, "note": f"more lines like this are counted for up to {WINDOW:.0f} s"}
        return event_dict

    def _end_windows(self, now: float) -> None:
        if now - self._checked < CHECK_INTERVAL:
            return
        self._checked = now
        for key, window in [item for item in self._windows.items() if now - item[1].begins >= WINDOW]:
            del self._windows[key]
            if window.lines > MOST_LINES:
                self.summarize(key[1], window.lines - MOST_LINES)
