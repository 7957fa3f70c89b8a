"""The tables of a conference: its venues, ways, topics and sessions."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
    true,
)

from bot.storage.tables.schema import metadata
from bot.storage.types import Id, Instant, Json


def _of_conference() -> Column[str]:
    return Column("conference", ForeignKey("conference.slug", ondelete="CASCADE"), nullable=False)


conference = Table(
    "conference",
    metadata,
    Column("slug", String(100), primary_key=True),
    Column("title", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("check_in", Integer, nullable=False),
    Column("walk_up", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("seats", Boolean, nullable=False, server_default=false()),
    # No foreign key: SQLite cannot add one to a table that exists.
    Column("owner", Id),
    Column("archived", Boolean, nullable=False, server_default=false()),
    Column("lines", Json, nullable=False, server_default="[]"),
    Column("c3nav", String(200), nullable=False, server_default=""),
    Column("crowd", Float, nullable=False, server_default="1"),
)


venue = Table(
    "venue",
    metadata,
    _of_conference(),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("aliases", Json, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("minutes_inside", Integer, nullable=False),
    Column("rooms", Json, nullable=False, server_default="[]"),
    Column("entrances", Json, nullable=False, server_default="[]"),
    Column("outline", Json, nullable=False, server_default="[]"),
    PrimaryKeyConstraint("conference", "name"),
)


way = Table(
    "way",
    metadata,
    _of_conference(),
    Column("origin", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("mode", String(20), nullable=False),
    Column("source", String(20), nullable=False),
    Column("minutes", Float, nullable=False),
    Column("p90", Float),
    Column("metres", Integer),
    Column("step_free", String(10)),
    Column("outdoor", Integer),
    Column("wait", Float, nullable=False, server_default="0"),
    Column("days", String(7)),
    Column("hours", String(40)),
    Column("both_ways", Boolean, nullable=False, server_default=true()),
    Column("samples", Integer),
    Column("as_of", String(10)),
    Column("line", Json, nullable=False, server_default="[]"),
    PrimaryKeyConstraint("conference", "origin", "target", "mode", "source"),
)


room_way = Table(
    "room_way",
    metadata,
    _of_conference(),
    Column("origin", Text, nullable=False),
    Column("origin_room", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("target_room", Text, nullable=False),
    Column("minutes", Float, nullable=False),
    Column("metres", Integer),
    Column("as_of", String(10)),
    PrimaryKeyConstraint("conference", "origin", "origin_room", "target", "target_room"),
)


# Only processes of the release before read it, during an upgrade.
leg = Table(
    "leg",
    metadata,
    _of_conference(),
    Column("origin", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("source", String(20), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("metres", Integer),
    Column("mode", String(20), nullable=False),
    Column("samples", Integer),
    PrimaryKeyConstraint("conference", "origin", "target", "source"),
)


topic = Table(
    "topic",
    metadata,
    _of_conference(),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("hours", Text, nullable=False),
    PrimaryKeyConstraint("conference", "position"),
)


organizer_change = Table(
    "organizer_change",
    metadata,
    _of_conference(),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    # Null removes the thing, or stands for a thing that no file has.
    Column("patch", Json),
    PrimaryKeyConstraint("conference", "kind", "name", "number"),
)


session = Table(
    "session",
    metadata,
    _of_conference(),
    Column("id", String(200), nullable=False),
    Column("code", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("venue", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("speakers", Json, nullable=False),
    Column("track", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("recorded", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("recording_url", Text, nullable=False, server_default=""),
    Column("recording_at", Instant),
    Column("overflow", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("conference", "id"),
)
