"""The table of announcements."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from bot.storage.tables.schema import metadata
from bot.storage.types import Id, Instant, Json

announcement = Table(
    "announcement",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("community", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    Column("stage", String(10), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("confirmed_at", Instant),
    # When somebody has to look at it next: due, or a lease that runs out; NULL if nobody has to.
    Column("wake_at", Instant),
    Column("body", Json, nullable=False),
    Index("ix_announcement_community", "community"),
    Index("ix_announcement_wake_at", "wake_at"),
)
