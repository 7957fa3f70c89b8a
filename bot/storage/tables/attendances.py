"""The table of chosen sessions."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant, Json

attendance = Table(
    "attendance",
    metadata,
    Column("attendee", ForeignKey("attendee.id", ondelete="CASCADE"), nullable=False),
    Column("conference", String(100), nullable=False),
    # No foreign key: a choice outlives a re-import that loses its session for a while.
    Column("session", String(200), nullable=False),
    Column("choice", String(10), nullable=False),
    Column("reserved", Boolean, nullable=False),
    Column("backup_of", String(200)),
    Column("left_at", Instant),
    Column("known", Json),
    Column("chosen_at", Instant),
    Column("must", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("attendee", "conference", "session"),
    Index("ix_attendance_session", "conference", "session", "choice", "attendee"),
)
