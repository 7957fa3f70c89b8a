"""The table of attendees."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Id, Instant, Json

attendee = Table(
    "attendee",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("community", ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
    Column("user", String(100), nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", String(64)),
    Column("stay", Text),
    Column("here_venue", Text),
    Column("here_at", Instant),
    Column("pace", String(10), nullable=False),
    Column("stride", Float, nullable=False),
    Column("notice", Integer, nullable=False),
    Column("arrive_early", Integer, nullable=False),
    Column("quiet", String(11)),
    Column("nudges_on", Boolean, nullable=False),
    Column("agreed_at", Instant),
    Column("privacy", String(10), nullable=False),
    Column("last_list", Json, nullable=False),
    Column("channel", String(100), nullable=False, server_default=""),
    Column("refused", Text, nullable=False, server_default=""),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("threads", Boolean, nullable=False, server_default=false()),
    Column("thread", String(100), nullable=False, server_default=""),
    Column("current", Boolean, nullable=False, server_default=true()),
    Column("announcements", Instant),
    Column("alarms", Boolean, nullable=False, server_default=true()),
    Column("hours", String(2)),
    Column("locale", String(20), nullable=False, server_default=""),
    Column("proposal", Json),
    UniqueConstraint("community", "user"),
    Index("ix_attendee_user", "user"),
)
