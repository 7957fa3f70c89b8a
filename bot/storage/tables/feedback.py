"""The table of attendees' feedback about sessions and rooms."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, String, Table, Text

from bot.storage.tables.schema import metadata

feedback = Table(
    "feedback",
    metadata,
    Column("attendee", ForeignKey("attendee.id", ondelete="CASCADE"), nullable=False),
    Column("conference", String(100), nullable=False),
    Column("session", String(200), nullable=False),
    Column("useful", Boolean),
    Column("word", Text, nullable=False, server_default=""),
    Column("room", String(10)),
    PrimaryKeyConstraint("attendee", "conference", "session"),
    Index("ix_feedback_session", "conference", "session"),
)
