"""Whom communities made organizers, by name or by role, and what organizers did."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables and the role; its columns have a default, so that a process of the older version can still write."""
    op.add_column("community", sa.Column("role", sa.String(length=100), nullable=False, server_default=""))
    op.add_column("community", sa.Column("role_name", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "organizer",
        sa.Column("community", ID, nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_organizer_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "user", name=op.f("pk_organizer")),
    )
    op.create_table(
        "deed",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("community", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("whom", sa.String(length=100), nullable=False),
        sa.Column("whom_name", sa.Text(), nullable=False),
        sa.Column("about", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["community.id"], name=op.f("fk_deed_community"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_index("ix_deed_community", "deed", ["community"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("deed")
    op.drop_table("organizer")
    with op.batch_alter_table("community") as batch:
        batch.drop_column("role_name")
        batch.drop_column("role")
