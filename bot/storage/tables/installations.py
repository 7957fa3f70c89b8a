"""The tables of installations and of OAuth states."""

from sqlalchemy import (
    Column,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant

installation = Table(
    "installation",
    metadata,
    Column("platform", String(20), nullable=False),
    Column("tenant", String(100), nullable=False),
    # Sealed by keys that are not in the database.
    Column("sealed", Text, nullable=False),
    Column("org", String(100), nullable=False),
    Column("ends_at", Instant),
    Column("lease", Integer, nullable=False),
    Column("leased_until", Instant),
    PrimaryKeyConstraint("platform", "tenant"),
)


handshake = Table(
    "handshake",
    metadata,
    # Digests: who reads the database cannot finish what another began.
    Column("word", String(64), primary_key=True),
    Column("browser", String(64), nullable=False),
    Column("ends_at", Instant, nullable=False),
)
