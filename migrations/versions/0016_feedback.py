"""Feedback of attendees about sessions and rooms, and whether the organizers of a community ask for it."""

import sqlalchemy as sa
from alembic import op

revision = "0016_feedback"
down_revision = "0015_proposals"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the setting, off everywhere, and the table of feedback."""
    op.add_column("community", sa.Column("feedback", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "feedback",
        sa.Column("attendee", ID, nullable=False),
        sa.Column("conference", sa.String(100), nullable=False),
        sa.Column("session", sa.String(200), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("word", sa.Text(), server_default="", nullable=False),
        sa.Column("room", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["attendee"], ["attendee.id"], name="fk_feedback_attendee", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attendee", "conference", "session", name="pk_feedback"),
    )
    op.create_index("ix_feedback_session", "feedback", ["conference", "session"])


def downgrade() -> None:
    """Remove the setting and the table of feedback."""
    op.drop_table("feedback")
    op.drop_column("community", "feedback")
