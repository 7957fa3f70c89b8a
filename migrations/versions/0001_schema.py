"""The schema of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001_schema"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ANNOUNCED = sa.text("kind = 'announcement'")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "claim",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_claim")),
    )
    op.create_table(
        "community",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=100), nullable=False),
        sa.Column("conference", sa.String(length=100), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("reminders", sa.String(length=100), server_default="", nullable=False),
        sa.Column("digest", sa.String(length=100), server_default="", nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=100), server_default="", nullable=False),
        sa.Column("role_name", sa.Text(), server_default="", nullable=False),
        sa.Column("notices", sa.String(length=100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("platform", "tenant", name=op.f("uq_community_platform_tenant")),
    )
    op.create_table(
        "conference",
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("check_in", sa.Integer(), nullable=False),
        sa.Column("walk_up", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_conference")),
    )
    op.create_table(
        "handshake",
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_handshake")),
    )
    op.create_table(
        "held_copy",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("conference", name=op.f("pk_held_copy")),
    )
    op.create_table(
        "installation",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("org", sa.String(length=100), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "tenant", name=op.f("pk_installation")),
    )
    op.create_table(
        "lane_lease",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane_lease")),
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("community", ID, nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("wake_at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_announcement_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_community", "announcement", ["community"])
    op.create_index("ix_announcement_wake_at", "announcement", ["wake_at"])
    op.create_table(
        "attendee",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("community", ID, nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("stay", sa.Text(), nullable=True),
        sa.Column("here_venue", sa.Text(), nullable=True),
        sa.Column("here_at", sa.BigInteger(), nullable=True),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.Column("stride", sa.Float(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("arrive_early", sa.Integer(), nullable=False),
        sa.Column("quiet", sa.String(length=11), nullable=True),
        sa.Column("nudges_on", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("privacy", sa.String(length=10), nullable=False),
        sa.Column("last_list", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=100), server_default="", nullable=False),
        sa.Column("refused", sa.Text(), server_default="", nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("threads", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("thread", sa.String(length=100), server_default="", nullable=False),
        sa.Column("current", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("announcements", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_attendee_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee")),
        sa.UniqueConstraint("community", "user", name=op.f("uq_attendee_community_user")),
    )
    op.create_index("ix_attendee_user", "attendee", ["user"])
    op.create_table(
        "deed",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("community", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("whom", sa.String(length=100), nullable=False),
        sa.Column("whom_name", sa.Text(), nullable=False),
        sa.Column("about", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["community.id"], name=op.f("fk_deed_community"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_index("ix_deed_community", "deed", ["community"])
    op.create_table(
        "feed",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("community", ID, nullable=True),
        sa.Column("organizers", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("fresh_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=True),
        sa.Column("losing", sa.String(length=64), nullable=False),
        sa.Column("declined", sa.String(length=64), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("wake_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["community.id"], name=op.f("fk_feed_community"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("conference", name=op.f("pk_feed")),
    )
    op.create_table(
        "leg",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=True),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.slug"], name=op.f("fk_leg_conference"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conference", "origin", "target", "source", name=op.f("pk_leg")),
    )
    op.create_table(
        "link",
        sa.Column("one", ID, nullable=False),
        sa.Column("other", ID, nullable=False),
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["community.id"], name=op.f("fk_link_one"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other"], ["community.id"], name=op.f("fk_link_other"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_link")),
    )
    op.create_index("ix_link_other", "link", ["other"])
    op.create_table(
        "link_offer",
        sa.Column("community", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_link_offer_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_link_offer")),
        sa.UniqueConstraint("digest", name=op.f("uq_link_offer_digest")),
    )
    op.create_table(
        "organizer",
        sa.Column("community", ID, nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_organizer_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "user", name=op.f("pk_organizer")),
    )
    op.create_table(
        "session",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("speakers", sa.Text(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("recorded", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.slug"], name=op.f("fk_session_conference"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conference", "id", name=op.f("pk_session")),
    )
    op.create_table(
        "topic",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.slug"], name=op.f("fk_topic_conference"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conference", "position", name=op.f("pk_topic")),
    )
    op.create_table(
        "venue",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("minutes_inside", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.slug"], name=op.f("fk_venue_conference"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conference", "name", name=op.f("pk_venue")),
    )
    op.create_table(
        "attendance",
        sa.Column("attendee", ID, nullable=False),
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("session", sa.String(length=200), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("backup_of", sa.String(length=200), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("known", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["attendee"], ["attendee.id"], name=op.f("fk_attendance_attendee"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attendee", "conference", "session", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_session", "attendance", ["conference", "session", "choice", "attendee"])
    op.create_table(
        "delivery",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=25), nullable=False),
        sa.Column("attendee", ID, nullable=True),
        sa.Column("channel", sa.String(length=100), server_default="", nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("community", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("catch_up", sa.Boolean(), nullable=False),
        sa.Column("owed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("wake_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("early", sa.Integer(), server_default="0", nullable=False),
        sa.Column("patience", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stands_in", sa.String(length=100), server_default="", nullable=False),
        sa.Column("stands_as", sa.String(length=100), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["attendee"], ["attendee.id"], name=op.f("fk_delivery_attendee"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index("ix_delivery_attendee", "delivery", ["attendee"])
    op.create_index("ix_delivery_platform_wake_at", "delivery", ["platform", "wake_at"])
    op.create_index(
        "ix_delivery_subject", "delivery", ["subject", "id"], sqlite_where=ANNOUNCED, postgresql_where=ANNOUNCED
    )


def downgrade() -> None:
    """Drop every table."""
    op.drop_index("ix_delivery_subject", table_name="delivery")
    op.drop_index("ix_delivery_platform_wake_at", table_name="delivery")
    op.drop_index("ix_delivery_attendee", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index("ix_attendance_session", table_name="attendance")
    op.drop_table("attendance")
    op.drop_table("venue")
    op.drop_table("topic")
    op.drop_table("session")
    op.drop_table("organizer")
    op.drop_table("link_offer")
    op.drop_index("ix_link_other", table_name="link")
    op.drop_table("link")
    op.drop_table("leg")
    op.drop_table("feed")
    op.drop_index("ix_deed_community", table_name="deed")
    op.drop_table("deed")
    op.drop_index("ix_attendee_user", table_name="attendee")
    op.drop_table("attendee")
    op.drop_index("ix_announcement_wake_at", table_name="announcement")
    op.drop_index("ix_announcement_community", table_name="announcement")
    op.drop_table("announcement")
    op.drop_table("mark")
    op.drop_table("lane_lease")
    op.drop_table("installation")
    op.drop_table("held_copy")
    op.drop_table("handshake")
    op.drop_table("conference")
    op.drop_table("community")
    op.drop_table("claim")
