"""Logging to stderr, as lines for people or as JSON. The logs have no personal data."""

import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType

import structlog
from structlog.typing import ExcInfo

from bot.cli.repeats import SUMMARY, RepeatFilter
from bot.config import Settings
from bot.domain.errors import HallwayError

FOREIGN = ("discord", "slack_bolt", "slack_sdk", "aiohttp", "apscheduler", "asyncio")
"""Libraries whose log messages may have channels, addresses and contents: only the fact of a warning is logged."""


def configure(settings: Settings, timer: Callable[[], float] = time.monotonic) -> None:
    """Set up structlog for the process, according to the settings.

    Args:
        settings: the format and the least severe level.
        timer: the present time in seconds, for counting repeated lines.
    """
    shape = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            RepeatFilter(timer, _summarize),
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(without_secrets),
            shape,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in FOREIGN:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_Relay(logging.WARNING)], False


def _summarize(event: str, times: int) -> None:
    structlog.get_logger("hallway.logs").warning(SUMMARY, line=event, times=times)


class _Relay(logging.Handler):
    """Logs a library's warning by logger and line only, because its text may have personal data."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the warning as one line of Hallway's own log."""
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        where = f"{record.name}:{record.lineno}"
        structlog.get_logger("hallway.libraries").warning("a library warned", where=where, fault=fault)


def without_secrets(exc_info: ExcInfo) -> str:
    """Return an exception and its causes as types and places in the code; only a `HallwayError` has its message too."""
    return "\n".join(line for error in _causes(exc_info[1]) for line in _trace(error, error.__traceback__))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes, beginning with the first cause."""
    if error is not None:
        yield from _causes(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
        for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
            yield from _causes(inner)
        yield error


def _trace(error: BaseException, frames: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(frames):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield f"{type(error).__name__}: {error}" if isinstance(error, HallwayError) else type(error).__name__
