"""Several ways between two venues, times inside a venue by room, and attendees' wishes for ways."""

import sqlalchemy as sa
from alembic import op

revision = "0008_ways"
down_revision = "0007_conference_owners"

CARRY_OVER = """
INSERT INTO way (conference, origin, target, mode, source, minutes, metres, samples)
SELECT conference, origin, target, mode, source, minutes, metres, samples FROM leg
"""


def upgrade() -> None:
    """Add the ways, one for each leg. The table of legs stays for processes of the release before."""
    op.create_table(
        "way",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.Column("p90", sa.Float(), nullable=True),
        sa.Column("metres", sa.Integer(), nullable=True),
        sa.Column("step_free", sa.String(length=10), nullable=True),
        sa.Column("outdoor", sa.Integer(), nullable=True),
        sa.Column("wait", sa.Float(), server_default="0", nullable=False),
        sa.Column("days", sa.String(length=7), nullable=True),
        sa.Column("hours", sa.String(length=40), nullable=True),
        sa.Column("both_ways", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.Column("line", sa.Text(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.slug"], name=op.f("fk_way_conference"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conference", "origin", "target", "mode", "source", name=op.f("pk_way")),
    )
    op.execute(CARRY_OVER)
    op.add_column("venue", sa.Column("rooms", sa.Text(), server_default="[]", nullable=False))
    op.add_column("attendee", sa.Column("sure", sa.Integer(), server_default="90", nullable=False))
    op.add_column("attendee", sa.Column("step_free", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("attendee", sa.Column("likes_walking", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("attendee", sa.Column("map", sa.String(length=10), server_default="osm", nullable=False))


def downgrade() -> None:
    """Remove the ways. The older version uses the legs that were stored before the upgrade."""
    for column in ("map", "likes_walking", "step_free", "sure"):
        op.drop_column("attendee", column)
    op.drop_column("venue", "rooms")
    op.drop_table("way")
