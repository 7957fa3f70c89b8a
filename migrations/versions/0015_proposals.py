"""The last plan that an attendee was shown, and the sessions they took from it."""

import sqlalchemy as sa
from alembic import op

revision = "0015_proposals"
down_revision = "0014_streets"


def upgrade() -> None:
    """Add the column of the plan, empty for everybody."""
    op.add_column("attendee", sa.Column("proposal", sa.Text(), nullable=True))


def downgrade() -> None:
    """Remove the column of the plan."""
    op.drop_column("attendee", "proposal")
