"""The last plan that an attendee was shown, and what they took of it."""

import sqlalchemy as sa
from alembic import op

revision = "0015_proposals"
down_revision = "0014_streets"


def upgrade() -> None:
    """Add the column; nobody was shown a plan before."""
    op.add_column("attendee", sa.Column("proposal", sa.Text(), nullable=True))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("attendee", "proposal")
