"""The tables of links between communities and of offers to link."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant

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
    # A hash: a reader of the database cannot use the code.
    Column("digest", String(64), nullable=False),
    Column("ends_at", Instant, nullable=False),
    PrimaryKeyConstraint("community"),
    UniqueConstraint("digest"),
)
