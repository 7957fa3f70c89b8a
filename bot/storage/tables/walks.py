"""The tables of counted walks. They name nobody; only the conference's key links `walk_voice` to people."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from bot.storage.tables.schema import metadata
from bot.storage.types import Instant, Json


def _of_conference() -> Column[str]:
    return Column("conference", ForeignKey("conference.slug", ondelete="CASCADE"), nullable=False)


walk_key = Table(
    "walk_key",
    metadata,
    Column("conference", ForeignKey("conference.slug", ondelete="CASCADE"), primary_key=True),
    Column("secret", String(64), nullable=False),
)


walk_cell = Table(
    "walk_cell",
    metadata,
    _of_conference(),
    Column("origin", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("mode", String(20), nullable=False),
    Column("day", String(10), nullable=False),
    Column("peak", Boolean, nullable=False),
    Column("outcome", Integer, nullable=False),
    Column("half", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    PrimaryKeyConstraint("conference", "origin", "target", "mode", "day", "peak", "outcome", "half"),
)


walk_voice = Table(
    "walk_voice",
    metadata,
    Column("voice", String(64), primary_key=True),
    _of_conference(),
    # "" in the row that only counts the person once for all legs.
    Column("origin", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("mode", String(20), nullable=False),
    Column("day", String(10), nullable=False),
    Column("peak", Boolean, nullable=False),
    Column("outcome", Integer, nullable=False),
    Column("half", Integer, nullable=False),
    Column("walks", Json, nullable=False),
    Column("fresh", Boolean, nullable=False),
    Index("ix_walk_voice_conference", "conference"),
)


walk_promise = Table(
    "walk_promise",
    metadata,
    _of_conference(),
    Column("origin", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("mode", String(20), nullable=False),
    Column("hour", Instant, nullable=False),
    Column("followed", Integer, nullable=False),
    Column("arrived", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    PrimaryKeyConstraint("conference", "origin", "target", "mode", "hour"),
)
