"""Ways between two rooms, from an indoor map."""

import sqlalchemy as sa
from alembic import op

revision = "0017_rooms"
down_revision = "0016_feedback"


def upgrade() -> None:
    """Add the table of ways between rooms; while it is empty, the minutes inside of the venues are used, as before."""
    op.create_table(
        "room_way",
        sa.Column("conference", sa.String(100), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_room", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_room", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["conference"], ["conference.slug"], name="fk_room_way_conference", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conference", "origin", "origin_room", "target", "target_room", name="pk_room_way"),
    )


def downgrade() -> None:
    """Remove the table of ways between rooms."""
    op.drop_table("room_way")
