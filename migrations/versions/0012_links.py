"""Which communities are linked, and which of them offers to be."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nobody is linked with anybody."""
    op.create_table(
        "link",
        sa.Column("one", ID, nullable=False),
        sa.Column("other", ID, nullable=False),
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["community.id"], name=op.f("fk_link_one"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other"], ["community.id"], name=op.f("fk_link_other"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_link")),
    )
    op.create_index(op.f("ix_link_other"), "link", ["other"])
    op.create_table(
        "link_offer",
        sa.Column("community", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["community.id"], name=op.f("fk_link_offer_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_link_offer")),
        sa.UniqueConstraint("digest", name=op.f("uq_link_offer_digest")),
    )


def downgrade() -> None:
    """Everybody is alone again."""
    op.drop_table("link_offer")
    op.drop_table("link")
