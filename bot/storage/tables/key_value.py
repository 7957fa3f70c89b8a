"""The tables of values by name and of idempotency keys."""

from sqlalchemy import (
    Column,
    String,
    Table,
    Text,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant

mark = Table(
    "mark",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)


claim = Table(
    "claim",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("ends_at", Instant, nullable=False),
)
