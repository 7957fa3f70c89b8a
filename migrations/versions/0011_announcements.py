"""Announcements, and who agreed to get them directly."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ANNOUNCED = sa.text("kind = 'announcement'")


def upgrade() -> None:
    """Nobody has agreed to get announcements yet."""
    op.add_column("community", sa.Column("notices", sa.String(length=100), nullable=False, server_default=""))
    op.add_column("attendee", sa.Column("announcements", sa.BigInteger(), nullable=True))
    op.create_index(
        op.f("ix_delivery_subject"),
        "delivery",
        ["subject", "id"],
        sqlite_where=ANNOUNCED,
        postgresql_where=ANNOUNCED,
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
    op.create_index(op.f("ix_announcement_community"), "announcement", ["community"])
    op.create_index(op.f("ix_announcement_wake_at"), "announcement", ["wake_at"])
    # Who goes to a session stands in the index itself: an audience is counted without looking at the rows.
    op.drop_index(op.f("ix_attendance_conference_session"), "attendance")
    op.create_index(op.f("ix_attendance_session"), "attendance", ["conference", "session", "choice", "attendee"])


def downgrade() -> None:
    """What was announced is forgotten."""
    op.drop_index(op.f("ix_attendance_session"), "attendance")
    op.create_index(op.f("ix_attendance_conference_session"), "attendance", ["conference", "session"])
    op.drop_table("announcement")
    op.execute("DELETE FROM delivery WHERE kind = 'announcement'")
    op.drop_index(op.f("ix_delivery_subject"), "delivery")
    for table, column in (("attendee", "announcements"), ("community", "notices")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
