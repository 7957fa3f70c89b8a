"""The clock of 12 or 24 hours that a person chose, and the locale that their platform sends."""

import sqlalchemy as sa
from alembic import op

revision = "0006_hours"
down_revision = "0005_seats"


def upgrade() -> None:
    """Add `hours` and `locale`. Until a platform sends a locale, times have 24 hours, as before."""
    op.add_column("attendee", sa.Column("hours", sa.String(2), nullable=True))
    op.add_column("attendee", sa.Column("locale", sa.String(20), server_default="", nullable=False))


def downgrade() -> None:
    """Remove `hours` and `locale`."""
    op.drop_column("attendee", "locale")
    op.drop_column("attendee", "hours")
