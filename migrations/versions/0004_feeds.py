"""Where schedules come from, and the copies that wait for somebody's word."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables."""
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
        "held_copy",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("conference", name=op.f("pk_held_copy")),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("held_copy")
    op.drop_table("feed")
