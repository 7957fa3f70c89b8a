"""The addresses of recordings, and the overflow rooms; from the source and from organizers."""

import sqlalchemy as sa
from alembic import op

revision = "0018_recordings"
down_revision = "0017_rooms"

PRESENT = ("recording_url", "overflow")


def upgrade() -> None:
    """Add the columns of recordings and overflow rooms, empty everywhere."""
    for name in PRESENT:
        op.add_column("session", sa.Column(name, sa.Text(), server_default="", nullable=False))
        op.add_column("session_edit", sa.Column(name, sa.Text(), nullable=True))
        op.add_column("session_edit", sa.Column(f"source_{name}", sa.Text(), server_default="", nullable=False))
    op.add_column("session", sa.Column("recording_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Remove the columns of recordings and overflow rooms."""
    op.drop_column("session", "recording_at")
    for name in PRESENT:
        op.drop_column("session", name)
        op.drop_column("session_edit", name)
        op.drop_column("session_edit", f"source_{name}")
