"""Sessions that a plan may not leave out, and attendees' own entries between sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0011_stars"
down_revision = "0010_walks"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns, and the table of own entries; no earlier choice is a must."""
    op.add_column("attendance", sa.Column("must", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("attendee", sa.Column("has_blocks", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "block",
        sa.Column("number", ID, autoincrement=True, nullable=False),
        sa.Column("attendee", ID, nullable=False),
        sa.Column("conference", sa.String(100), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attendee"], ["attendee.id"], name="fk_block_attendee", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_block"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_block_attendee", "block", ["attendee", "conference"])


def downgrade() -> None:
    """Remove the columns and the table, and delete stars and own entries, which an older release does not know."""
    op.execute("DELETE FROM attendance WHERE choice IN ('starred', 'later') OR session LIKE 'block:%'")
    op.drop_table("block")
    op.drop_column("attendee", "has_blocks")
    op.drop_column("attendance", "must")
