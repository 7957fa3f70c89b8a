"""The private addresses of attendees, and the public pages of communities."""

import sqlalchemy as sa
from alembic import op

revision = "0013_web"
down_revision = "0011_stars"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table of addresses and the column of public pages; both are empty until somebody asks for one."""
    op.create_table(
        "private_address",
        sa.Column("attendee", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee"], ["attendee.id"], name=op.f("fk_private_address_attendee"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attendee", name=op.f("pk_private_address")),
        sa.UniqueConstraint("digest", name=op.f("uq_private_address_digest")),
    )
    op.add_column("community", sa.Column("page", sa.String(60), nullable=True))
    op.create_index("ix_community_page", "community", ["page"], unique=True)


def downgrade() -> None:
    """Drop the table and the column: all addresses stop working."""
    op.drop_index("ix_community_page", "community")
    op.drop_column("community", "page")
    op.drop_table("private_address")
