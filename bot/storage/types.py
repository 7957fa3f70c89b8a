"""Column types that mean the same on every database."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

to_json = json.JSONEncoder(separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode
"""Compact text of plain values; the same value is always the same text."""

Id = BigInteger().with_variant(Integer, "sqlite")
"""A generated number: SQLite counts only a plain INTEGER up by itself."""


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970; a naive datetime is refused, for nobody knows when it is."""
    if instant.tzinfo is None:
        message = f"{instant!r} has no zone and is not an instant"
        raise ValueError(message)
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(4_096)
def from_microseconds(count: int) -> datetime:
    """The instant, in UTC; sessions share few of them."""
    return EPOCH + timedelta(microseconds=count)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970: exact, sortable and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        del dialect
        return None if value is None else to_microseconds(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """From the database; thousands of rows are read in a moment, so nothing stands between."""
        del dialect, coltype
        return _instant_of


class Json(TypeDecorator[Any]):
    """Plain values as compact JSON text; the same value is always the same text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 — any plain value
        """To the database."""
        del dialect
        return None if value is None else to_json(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """From the database, as directly."""
        del dialect, coltype
        return _value_of


def _instant_of(value: int | None) -> datetime | None:
    return None if value is None else from_microseconds(value)


def _value_of(value: str | None) -> Any:  # noqa: ANN401 — any plain value
    return None if value is None else json.loads(value)
