"""The foundation: conferences, people, what they chose and what they are owed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "community",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("tenant", sa.String(length=100), nullable=False),
        sa.Column("conference", sa.String(length=100), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_attendee_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendee")),
        sa.UniqueConstraint("community", "user", name=op.f("uq_attendee_community_user")),
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
        sa.ForeignKeyConstraint(["attendee"], ["attendee.id"], name=op.f("fk_attendance_attendee"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attendee", "conference", "session", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_conference_session", "attendance", ["conference", "session"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=25), nullable=False),
        sa.Column("attendee", ID, nullable=False),
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
        sa.ForeignKeyConstraint(["attendee"], ["attendee.id"], name=op.f("fk_delivery_attendee"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index("ix_delivery_attendee", "delivery", ["attendee"], unique=False)
    op.create_index("ix_delivery_platform_wake_at", "delivery", ["platform", "wake_at"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_index("ix_delivery_platform_wake_at", table_name="delivery")
    op.drop_index("ix_delivery_attendee", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index("ix_attendance_conference_session", table_name="attendance")
    op.drop_table("attendance")
    op.drop_table("venue")
    op.drop_table("topic")
    op.drop_table("session")
    op.drop_table("leg")
    op.drop_table("attendee")
    op.drop_table("conference")
    op.drop_table("community")
