"""When each session was chosen, and which attendees want no leave-by nudges in quiet hours."""

import sqlalchemy as sa
from alembic import op

revision = "0004_choices"
down_revision = "0003_feed_outages"


def upgrade() -> None:
    """Add `chosen_at` and `alarms`. `chosen_at` stays empty for older choices, which count as the first ones."""
    op.add_column("attendee", sa.Column("alarms", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("attendance", sa.Column("chosen_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Remove `chosen_at` and `alarms`."""
    op.drop_column("attendee", "alarms")
    op.drop_column("attendance", "chosen_at")
