"""When a feed began to fail, and when its organizers were informed."""

import sqlalchemy as sa
from alembic import op

revision = "0003_feed_outages"
down_revision = "0002_edits"


def upgrade() -> None:
    """Add the columns of outages, which older processes leave empty."""
    op.add_column("feed", sa.Column("failing_at", sa.BigInteger(), nullable=True))
    op.add_column("feed", sa.Column("outage_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop the columns of outages."""
    op.drop_column("feed", "outage_at")
    op.drop_column("feed", "failing_at")
