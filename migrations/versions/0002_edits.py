"""Edits of sessions by organizers, and uploaded schedules."""

import sqlalchemy as sa
from alembic import op

revision = "0002_edits"
down_revision = "0001_schema"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of edits and of uploaded files."""
    op.create_table(
        "session_edit",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("session", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("organizer", ID, nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("venue", sa.Text(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("source_starts_at", sa.BigInteger(), nullable=False),
        sa.Column("source_ends_at", sa.BigInteger(), nullable=False),
        sa.Column("source_venue", sa.Text(), nullable=False),
        sa.Column("source_room", sa.Text(), nullable=False),
        sa.Column("source_state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.slug"], name=op.f("fk_session_edit_conference"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organizer"], ["attendee.id"], name=op.f("fk_session_edit_organizer"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("conference", "session", name=op.f("pk_session_edit")),
    )
    op.create_table(
        "uploaded_copy",
        sa.Column("number", ID, autoincrement=True, nullable=False),
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("community", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_uploaded_copy_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_uploaded_copy")),
        sa.UniqueConstraint("community", name=op.f("uq_uploaded_copy_community")),
    )


def downgrade() -> None:
    """Drop the tables of edits and of uploaded files."""
    op.drop_table("uploaded_copy")
    op.drop_table("session_edit")
