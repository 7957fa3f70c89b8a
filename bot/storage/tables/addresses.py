"""The table of private addresses."""

from sqlalchemy import Column, ForeignKey, String, Table

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant, Json

private_address = Table(
    "private_address",
    metadata,
    Column("attendee", ForeignKey("attendee.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("salt", String(32), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("events", Json, nullable=False),
)
