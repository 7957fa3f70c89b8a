"""Announcements, who organizes beside those whom a platform knows, and the log of what organizers did."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

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
        _of_community("announcement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_community"), "announcement", ["community"])
    op.create_index(op.f("ix_announcement_wake_at"), "announcement", ["wake_at"])
    op.create_table(
        "organizer",
        sa.Column("community", ID, nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        _of_community("organizer"),
        sa.PrimaryKeyConstraint("community", "user", name=op.f("pk_organizer")),
    )
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("community", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("command", sa.String(length=40), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        _of_community("audit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_community"), "audit", ["community"])


def downgrade() -> None:
    """What was announced is forgotten."""
    for table in ("audit", "organizer", "announcement"):
        op.drop_table(table)
    op.execute("DELETE FROM delivery WHERE kind = 'announcement'")
    op.drop_index(op.f("ix_delivery_subject"), "delivery")
    for table, column in (("attendee", "announcements"), ("community", "notices")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)


def _of_community(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_community")
    return sa.ForeignKeyConstraint(["community"], ["community.id"], name=name, ondelete="CASCADE")
