"""The tables. Migrations are proved equal to these."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.storage.announcement_table import ANNOUNCED
from bot.storage.schema import metadata
from bot.storage.tables_lanes import lane_lease
from bot.storage.tables_rights import deed, organizer
from bot.storage.types import Id, Instant, Json

__all__ = [
    "attendance",
    "attendee",
    "claim",
    "community",
    "conference",
    "deed",
    "delivery",
    "feed",
    "handshake",
    "held_copy",
    "installation",
    "lane_lease",
    "leg",
    "mark",
    "metadata",
    "organizer",
    "session",
    "topic",
    "venue",
]


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
    PrimaryKeyConstraint("conference", "name"),
)

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
    PrimaryKeyConstraint("conference", "id"),
)

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
    UniqueConstraint("platform", "tenant"),
)

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
    UniqueConstraint("community", "user"),
    Index("ix_attendee_user", "user"),
)

attendance = Table(
    "attendance",
    metadata,
    Column("attendee", ForeignKey("attendee.id", ondelete="CASCADE"), nullable=False),
    Column("conference", String(100), nullable=False),
    # No foreign key: a choice outlives a re-import that loses its session for a while.
    Column("session", String(200), nullable=False),
    Column("choice", String(10), nullable=False),
    Column("reserved", Boolean, nullable=False),
    Column("backup_of", String(200)),
    Column("left_at", Instant),
    Column("known", Json),
    PrimaryKeyConstraint("attendee", "conference", "session"),
    Index("ix_attendance_session", "conference", "session", "choice", "attendee"),
)

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
    Column("facts", Json, nullable=False),
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
    # Where the message that the platform took stands: its channel, its id.
    Column("stands_in", String(100), nullable=False, server_default=""),
    Column("stands_as", String(100), nullable=False, server_default=""),
    Index("ix_delivery_platform_wake_at", "platform", "wake_at"),
    Index("ix_delivery_attendee", "attendee"),
    # Only announcements are looked up by what they are about.
    Index("ix_delivery_subject", "subject", "id", sqlite_where=ANNOUNCED, postgresql_where=ANNOUNCED),
)

mark = Table(
    "mark",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)

claim = Table(
    "claim",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("ends_at", Instant, nullable=False),
)

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
    # When somebody has to look at it next: due, or a lease that runs out.
    Column("wake_at", Instant, nullable=False),
)

held_copy = Table(
    "held_copy",
    metadata,
    Column("conference", String(100), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

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
