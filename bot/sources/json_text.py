"""Parsing of untrusted JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.errors import ScheduleImportError
from bot.domain.phrases import phrase

DEEPEST = 64


def load(text: str, source: str) -> object:
    """Parse JSON of bounded depth; raises `ScheduleImportError` with the line of the first error."""
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        message = phrase(
            "{source}, line {lineno}, column {colno}: this is not complete JSON ({msg}): export the schedule again.",
            source=source,
            lineno=error.lineno,
            colno=error.colno,
            msg=error.msg,
        )
        raise ScheduleImportError(message) from error
    except (RecursionError, ValueError) as error:
        raise _too_deep(source) from error
    level, depth = [value], 0
    while level:
        level = [inner for outer in level for inner in _members(outer)]
        depth += 1
        if depth > DEEPEST:
            raise _too_deep(source)
    return value


def _members(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _too_deep(source: str) -> ScheduleImportError:
    message = phrase(
        "{source}: it is nested too deeply or has numbers too long for a schedule: export it again.", source=source
    )
    return ScheduleImportError(message)


def mapping(value: object) -> Mapping[str, object]:
    """Return the value if it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[object]:
    """Return the value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else ()
