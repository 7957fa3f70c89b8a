"""Whether the attendees of a conference know reserved seats."""

import sqlalchemy as sa
from alembic import op

revision = "0005_seats"
down_revision = "0004_choices"


def upgrade() -> None:
    """Add the column; it becomes true with the next reserved seats."""
    op.add_column("conference", sa.Column("seats", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("conference", "seats")
