"""Outlines of venues from a map, and the address of an indoor map."""

import sqlalchemy as sa
from alembic import op

revision = "0014_streets"
down_revision = "0013_web"


def upgrade() -> None:
    """Add both columns; without them a venue is a point, and rooms have no links."""
    op.add_column("venue", sa.Column("outline", sa.Text(), server_default="[]", nullable=False))
    op.add_column("conference", sa.Column("c3nav", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    """Remove the columns of outlines and of the indoor map."""
    op.drop_column("conference", "c3nav")
    op.drop_column("venue", "outline")
