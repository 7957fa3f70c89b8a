"""The table of guilds and workspaces."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Id, Instant

community = Table(
    "community",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("platform", String(20), nullable=False),
    Column("tenant", String(100), nullable=False),
    Column("conference", String(100)),
    Column("name", Text, nullable=False, server_default=""),
    Column("reminders", String(100), nullable=False, server_default=""),
    Column("digest", String(100), nullable=False, server_default=""),
    Column("left_at", Instant),
    Column("role", String(100), nullable=False, server_default=""),
    Column("role_name", Text, nullable=False, server_default=""),
    Column("notices", String(100), nullable=False, server_default=""),
    Column("page", String(60)),
    Column("feedback", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("platform", "tenant"),
    Index("ix_community_page", "page", unique=True),
)
