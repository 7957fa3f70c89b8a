"""JSON that somebody else wrote."""

import json
from collections.abc import Mapping

from bot.domain.errors import ImportFault


def load(text: str, source: str) -> object:
    """The value in the text; raises `ImportFault` with the line of the first fault."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"{source}, line {error.lineno}: this is no complete JSON ({error.msg}): export the schedule again."
        raise ImportFault(message) from error
    except (RecursionError, ValueError) as error:
        message = f"{source}: it is nested too deeply or has numbers too long for a schedule: export it again."
        raise ImportFault(message) from error


def mapping(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
