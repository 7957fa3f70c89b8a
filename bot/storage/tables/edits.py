"""The tables of edits of sessions, and of uploaded files."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Id, Instant

session_edit = Table(
    "session_edit",
    metadata,
    Column("conference", ForeignKey("conference.slug", ondelete="CASCADE"), nullable=False),
    # No foreign key: a session that changes is deleted and inserted again.
    Column("session", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Column("organizer", ForeignKey("attendee.id", ondelete="SET NULL")),
    Column("starts_at", Instant),
    Column("ends_at", Instant),
    Column("venue", Text),
    Column("room", Text),
    Column("cancelled", Boolean, nullable=False),
    Column("source_starts_at", Instant, nullable=False),
    Column("source_ends_at", Instant, nullable=False),
    Column("source_venue", Text, nullable=False),
    Column("source_room", Text, nullable=False),
    Column("source_state", String(10), nullable=False),
    Column("recording_url", Text),
    Column("overflow", Text),
    Column("source_recording_url", Text, nullable=False, server_default=""),
    Column("source_overflow", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("conference", "session"),
)


uploaded_copy = Table(
    "uploaded_copy",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=True),
    # No foreign key: the conference may begin with this file.
    Column("conference", String(100), nullable=False),
    Column("community", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("community"),
)
