"""The tables of feeds and of copies held for confirmation."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant, Json

feed = Table(
    "feed",
    metadata,
    # No foreign key: a feed may be there before the first schedule that comes of it.
    Column("conference", String(100), primary_key=True),
    Column("url", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("format", String(40), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("every", Integer, nullable=False),
    Column("community", ForeignKey("community.id", ondelete="SET NULL")),
    Column("organizers", Json, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("checked_at", Instant),
    Column("fresh_at", Instant),
    Column("changed_at", Instant),
    Column("changes", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("fault", Text, nullable=False),
    Column("held", Text, nullable=False),
    Column("held_at", Instant),
    Column("losing", String(64), nullable=False),
    Column("declined", String(64), nullable=False),
    Column("lease", Integer, nullable=False),
    Column("failing_at", Instant),
    Column("outage_at", Instant),
    # When somebody has to look at it next: due, or a lease that runs out.
    Column("wake_at", Instant, nullable=False),
)


held_copy = Table(
    "held_copy",
    metadata,
    Column("conference", String(100), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
