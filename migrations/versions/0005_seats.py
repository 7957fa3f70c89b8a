"""Whether a conference has reserved seats, as its attendees report."""

import sqlalchemy as sa
from alembic import op

revision = "0005_seats"
down_revision = "0004_choices"


def upgrade() -> None:
    """Add the column `seats`; it becomes true with the next reserved seats."""
    op.add_column("conference", sa.Column("seats", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Remove the column `seats`."""
    op.drop_column("conference", "seats")
