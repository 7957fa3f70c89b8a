"""The outbox."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Facts, Id, Instant

ANNOUNCED = text("kind = 'announcement'")
"""Written literally, because otherwise no database recognizes that it can use the partial index."""


delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(25), nullable=False, unique=True),
    # Nobody where it is for a channel.
    Column("attendee", ForeignKey("attendee.id", ondelete="CASCADE")),
    Column("channel", String(100), nullable=False, server_default=""),
    # The recipient's platform and community stand here too, so that a claim reads one index.
    Column("platform", String(20), nullable=False),
    Column("community", Id, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("facts", Facts, nullable=False),
    Column("catch_up", Boolean, nullable=False),
    Column("owed_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    # When somebody has to look at it next: due, retried or its lease over; NULL once it is settled.
    Column("wake_at", Instant),
    Column("settled_at", Instant),
    Column("error", Text, nullable=False),
    # In seconds: how much earlier than due it may be sent, how long after that it counts as on time.
    Column("early", Integer, nullable=False, server_default="0"),
    Column("patience", Integer, nullable=False, server_default="0"),
    # The sent message: the platform's ids of its channel and of the message.
    Column("stands_in", String(100), nullable=False, server_default=""),
    Column("stands_as", String(100), nullable=False, server_default=""),
    Index("ix_delivery_platform_wake_at", "platform", "wake_at"),
    Index("ix_delivery_attendee", "attendee"),
    # Only announcements are looked up by what they are about.
    Index("ix_delivery_subject", "subject", "id", sqlite_where=ANNOUNCED, postgresql_where=ANNOUNCED),
)
