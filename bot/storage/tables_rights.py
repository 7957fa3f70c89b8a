"""The tables of who organizes, of what was done with that, and of which communities are linked by it."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.schema import metadata
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

link = Table(
    "link",
    metadata,
    Column("one", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    Column("other", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    Column("conference", String(100), nullable=False),
    Column("since", Instant, nullable=False),
    PrimaryKeyConstraint("one", "other"),
    Index("ix_link_other", "other"),
)

link_offer = Table(
    "link_offer",
    metadata,
    Column("community", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    # Who reads the database cannot link with anybody.
    Column("digest", String(64), nullable=False),
    Column("ends_at", Instant, nullable=False),
    PrimaryKeyConstraint("community"),
    UniqueConstraint("digest"),
)
