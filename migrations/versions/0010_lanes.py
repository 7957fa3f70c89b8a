"""How early a delivery may be and how long it counts as on time; which process looks after which lane."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Two columns that an older process may leave out, and a table that it does not know."""
    op.add_column("delivery", sa.Column("early", sa.Integer(), server_default="0", nullable=False))
    op.add_column("delivery", sa.Column("patience", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "lane_lease",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane_lease")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("lane_lease")
    op.drop_column("delivery", "patience")
    op.drop_column("delivery", "early")
