"""The table of attendees' own entries between sessions."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from bot.storage.tables.schema import metadata
from bot.storage.types import Id, Instant

block = Table(
    "block",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=True),
    Column("attendee", ForeignKey("attendee.id", ondelete="CASCADE"), nullable=False),
    Column("conference", String(100), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Index("ix_block_attendee", "attendee", "conference"),
    # A number is never used again: messages about a block are deduplicated by it.
    sqlite_autoincrement=True,
)
