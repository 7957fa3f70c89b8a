"""The owner of a conference that was imported in a chat, and whether a conference is archived."""

import sqlalchemy as sa
from alembic import op

revision = "0007_conference_owners"
down_revision = "0006_hours"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEEP = """
UPDATE community SET conference = (SELECT slug FROM conference WHERE published)
WHERE conference IS NULL AND (SELECT count(*) FROM conference WHERE published) = 1
AND EXISTS (SELECT 1 FROM attendee WHERE attendee.community = community.id)
"""
"""A community with attendees that follows the only conference has used it."""


def upgrade() -> None:
    """Add both columns, and store the conference that each community follows by default.

    Existing conferences stay published.
    """
    op.add_column("conference", sa.Column("owner", ID, nullable=True))
    op.add_column("conference", sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(KEEP)


def downgrade() -> None:
    """Drop both columns; the conferences that communities follow stay stored."""
    op.drop_column("conference", "archived")
    op.drop_column("conference", "owner")
