"""Counted walks, from which walking times are learned, and promises that were followed."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010_walks"
down_revision = "0009_organizer_facts"


def _leg() -> list[sa.Column[Any]]:
    return [
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
    ]


def _cell() -> list[sa.Column[Any]]:
    return [
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("peak", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
    ]


def _goes_with_conference(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_conference")
    return sa.ForeignKeyConstraint(["conference"], ["conference.slug"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    """Add the tables of counted walks and promises."""
    op.create_table(
        "walk_key",
        sa.Column("conference", sa.String(length=100), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        _goes_with_conference("walk_key"),
        sa.PrimaryKeyConstraint("conference", name=op.f("pk_walk_key")),
    )
    key = ("conference", "origin", "target", "mode")
    op.create_table(
        "walk_cell",
        *_leg(),
        *_cell(),
        sa.Column("people", sa.Integer(), nullable=False),
        _goes_with_conference("walk_cell"),
        sa.PrimaryKeyConstraint(*key, "day", "peak", "outcome", "half", name=op.f("pk_walk_cell")),
    )
    op.create_table(
        "walk_voice",
        sa.Column("voice", sa.String(length=64), nullable=False),
        *_leg(),
        *_cell(),
        sa.Column("walks", sa.Text(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        _goes_with_conference("walk_voice"),
        sa.PrimaryKeyConstraint("voice", name=op.f("pk_walk_voice")),
    )
    op.create_index("ix_walk_voice_conference", "walk_voice", ["conference"])
    op.create_table(
        "walk_promise",
        *_leg(),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("followed", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        _goes_with_conference("walk_promise"),
        sa.PrimaryKeyConstraint(*key, "hour", name=op.f("pk_walk_promise")),
    )
    op.add_column("conference", sa.Column("crowd", sa.Float(), server_default="1", nullable=False))


def downgrade() -> None:
    """Remove the tables of counted walks and promises; published ways stay."""
    op.drop_column("conference", "crowd")
    for table in ("walk_promise", "walk_voice", "walk_cell", "walk_key"):
        op.drop_table(table)
