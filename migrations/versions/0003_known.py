"""What people know of the sessions they chose, so that they hear of what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Empty for what was chosen before: they know what the schedule says."""
    op.add_column("attendance", sa.Column("known", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("attendance") as batch:
        batch.drop_column("known")
