"""Messages to channels, and where what was sent stands."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NEW = ("channel", "stands_in", "stands_as")


def upgrade() -> None:
    """What was sent before stands nowhere that we know of."""
    with op.batch_alter_table("delivery") as batch:
        batch.alter_column("attendee", existing_type=sa.BigInteger(), nullable=True)
        for name in NEW:
            batch.add_column(sa.Column(name, sa.String(length=100), nullable=False, server_default=""))


def downgrade() -> None:
    """What is for channels goes: there is no column that could say so."""
    op.execute("DELETE FROM delivery WHERE attendee IS NULL")
    with op.batch_alter_table("delivery") as batch:
        batch.alter_column("attendee", existing_type=sa.BigInteger(), nullable=False)
        for name in NEW:
            batch.drop_column(name)
