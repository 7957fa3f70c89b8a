"""How people are reached, which communities Hallway left, and what a process leaves for the next one."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _of_community() -> list[sa.Column[Any]]:
    return [
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("reminders", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
    ]


def _of_attendee() -> list[sa.Column[Any]]:
    return [
        sa.Column("channel", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("refused", sa.Text(), nullable=False, server_default=""),
        sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("threads", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("thread", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("current", sa.Boolean(), nullable=False, server_default=sa.true()),
    ]


def upgrade() -> None:
    """Every new column has a default, so that a process of the older version can still write."""
    for column in _of_community():
        op.add_column("community", column)
    for column in _of_attendee():
        op.add_column("attendee", column)
    op.create_index("ix_attendee_user", "attendee", ["user"])
    op.create_table(
        "mark",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("mark")
    op.drop_index("ix_attendee_user", "attendee")
    for table, columns in (("attendee", _of_attendee()), ("community", _of_community())):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
