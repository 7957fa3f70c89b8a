"""Which chosen sessions a plan may not leave out."""

import sqlalchemy as sa
from alembic import op

revision = "0011_stars"
down_revision = "0008_ways"


def upgrade() -> None:
    """Add the column; nothing chosen before is a must."""
    op.add_column("attendance", sa.Column("must", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Remove the column, and the stars: an older release does not know them."""
    op.execute("DELETE FROM attendance WHERE choice = 'starred'")
    op.drop_column("attendance", "must")
