"""Changes by organizers in the chat: venues, ways, topics and settings; and lines by kind of session."""

import sqlalchemy as sa
from alembic import op

revision = "0009_organizer_facts"
down_revision = "0008_ways"


def upgrade() -> None:
    """Add the table of changes, the lines of a conference and the entrances of a venue."""
    op.create_table(
        "organizer_change",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("patch", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.slug"], name=op.f("fk_organizer_change_conference"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conference", "kind", "name", "number", name=op.f("pk_organizer_change")),
    )
    op.add_column("conference", sa.Column("lines", sa.Text(), server_default="[]", nullable=False))
    op.add_column("venue", sa.Column("entrances", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Remove the table and both columns: the current facts stay as those of the conference."""
    op.drop_column("venue", "entrances")
    op.drop_column("conference", "lines")
    op.drop_table("organizer_change")
