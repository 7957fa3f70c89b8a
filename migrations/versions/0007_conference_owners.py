"""Who owns a conference that was imported in a chat, and which are archived. Communities keep the one that they use."""

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
    """Add both columns, and store what communities follow by default. Conferences of today stay published."""
    op.add_column("conference", sa.Column("owner", ID, nullable=True))
    op.add_column("conference", sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(KEEP)


def downgrade() -> None:
    """Drop the columns; what communities follow stays stored."""
    op.drop_column("conference", "archived")
    op.drop_column("conference", "owner")
