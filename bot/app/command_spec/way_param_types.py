"""The parameter types of ways and venues: minutes, metres, days and hours."""

import re
from datetime import time

from bot.app.command_spec.command import ParamType, StaticContext
from bot.app.text import s
from bot.domain.errors import BadInputError
from bot.domain.imports.way_facts import MOST_METRES, MOST_MINUTES
from bot.domain.travel.way_hours import LONGEST, read_days, read_hours

_MINUTES = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?) ?(?:m|min|mins|minutes)?", re.IGNORECASE)
_METRES = re.compile(r"(\d{1,6}) ?(?:m|metres|meters)?", re.IGNORECASE)


def _minutes(text: str, _: StaticContext) -> float:
    match = _MINUTES.fullmatch(text.strip())
    minutes = float(match[1].replace(",", ".")) if match else -1.0
    if not 0 <= minutes <= MOST_MINUTES:
        raise BadInputError(s('"{text}" is no time on the way. Give minutes, such as 12.', text=text))
    return minutes


def _metres(text: str, _: StaticContext) -> int:
    match = _METRES.fullmatch(text.strip())
    if match is None or int(match[1]) > MOST_METRES:
        raise BadInputError(s('"{text}" is no distance on foot. Give metres, such as 600.', text=text))
    return int(match[1])


def _days(text: str, _: StaticContext) -> frozenset[int]:
    return read_days(text)


def _hours(text: str, _: StaticContext) -> tuple[time, time]:
    return read_hours(text)


MINUTES = ParamType("minutes", _minutes)
METRES = ParamType("metres", _metres)
DAYS = ParamType("days", _days, max_length=LONGEST)
HOURS = ParamType("hours", _hours, max_length=LONGEST)
