"""The tables of organizers and of the audit log."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Id, Instant

organizer = Table(
    "organizer",
    metadata,
    Column("community", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    Column("user", String(100), nullable=False),
    Column("name", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    PrimaryKeyConstraint("community", "user"),
)


deed = Table(
    "deed",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("community", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("user", String(100), nullable=False),
    Column("name", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("whom", String(100), nullable=False),
    Column("whom_name", Text, nullable=False),
    Column("about", Boolean, nullable=False),
    Index("ix_deed_community", "community"),
)
