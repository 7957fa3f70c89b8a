"""What came from a platform and is not to be done twice, whichever process it reaches."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "claim",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_claim")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("claim")
