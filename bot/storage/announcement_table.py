"""The table of announcements, and what tells their deliveries from others."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, text

from bot.storage.schema import metadata
from bot.storage.types import Id, Instant, Json

ANNOUNCED = text("kind = 'announcement'")
"""In so many words, or no database sees that a partial index will do."""

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
