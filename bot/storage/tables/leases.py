"""The table of lane leases: which process sends in which lane."""

from sqlalchemy import Column, String, Table, Text

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant

lane_lease = Table(
    "lane_lease",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("owner", String(40), nullable=False),
    # Measured by the clock of the database, which all processes share.
    Column("until", Instant, nullable=False),
    Column("said", Text, nullable=False),
)
