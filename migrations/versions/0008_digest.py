"""The channel of a community in which changes of the schedule are told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nobody has one yet."""
    with op.batch_alter_table("community") as batch:
        batch.add_column(sa.Column("digest", sa.String(length=100), nullable=False, server_default=""))


def downgrade() -> None:
    """What is still owed to such a channel is a kind that older versions do not know."""
    op.execute("DELETE FROM delivery WHERE kind = 'schedule-digest'")
    with op.batch_alter_table("community") as batch:
        batch.drop_column("digest")
