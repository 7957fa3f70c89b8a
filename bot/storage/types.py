"""Column types that work in the same way on SQLite and PostgreSQL."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

to_json = json.JSONEncoder(separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode
"""Return plain values as compact JSON text; equal values always give equal texts."""

Id = BigInteger().with_variant(Integer, "sqlite")
"""The type of generated ids: SQLite generates numbers only for a column whose type is plain INTEGER."""


def to_microseconds(instant: datetime) -> int:
    """Return the microseconds since 1970.

    Raises:
        ValueError: the datetime has no time zone, so it is not a certain instant.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no zone and is not an instant")
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_microseconds(count: int) -> datetime:
    """Return the instant in UTC."""
    return EPOCH + timedelta(microseconds=count)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970: exact, sortable and equal on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Convert a datetime to the number that the database stores."""
        del dialect
        return None if value is None else to_microseconds(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """Return the function that converts a value from the database.

        This replaces `process_result_value`, which would add a function call for each of thousands of rows.
        """
        del dialect, coltype
        return _instant_of


class Json(TypeDecorator[Any]):
    """A plain value, stored as compact JSON text; equal values always give equal texts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 — any plain value
        """Convert a plain value to the text that the database stores."""
        del dialect
        return None if value is None else to_json(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """Return the function that converts a value from the database, without `process_result_value` as above."""
        del dialect, coltype
        return _value_of


class Facts(Json):
    """A mapping of plain values, stored like `Json`. Equal texts give the same mapping, which cannot be changed."""

    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str | None:
        """Convert a mapping to the text that the database stores."""
        return super().process_bind_param(None if value is None else dict(value), dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """Return the function that converts a value from the database."""
        del dialect, coltype
        return _facts_of


@lru_cache(4_096)
def _instant_of(value: int | None) -> datetime | None:
    """Return the instant, or None for None. Cached, as many sessions and deliveries share their times."""
    return None if value is None else from_microseconds(value)


@lru_cache(4_096)
def _facts_of(value: str | None) -> Mapping[str, Any] | None:
    """Return the mapping, or None for None. Cached: at a peak thousands of deliveries share one."""
    return None if value is None else MappingProxyType(json.loads(value))


def _value_of(value: str | None) -> Any:  # noqa: ANN401 — any plain value
    if value is None:
        return None
    # Most attendees have no list yet.
    return [] if value == "[]" else json.loads(value)
