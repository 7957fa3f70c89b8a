"""Communities as rows."""

from collections.abc import Sequence
from typing import Any

from bot.domain.attendee.attendee import Community

COMMUNITY_COLUMNS = (
    "id",
    "platform",
    "tenant",
    "conference",
    "name",
    "reminders",
    "digest",
    "left_at",
    "role",
    "role_name",
    "notices",
)
"""The columns of a community, in the order that `community_of` expects."""


def community_row(community: Community) -> dict[str, Any]:
    """Return the columns that `Communities.save` writes."""
    names = ("conference", "name", "reminders", "digest", "left_at", "role", "role_name", "notices")
    return {name: getattr(community, name) for name in names}


def community_of(row: Sequence[Any]) -> Community:
    """Build a community from the columns `COMMUNITY_COLUMNS`."""
    return Community(**dict(zip(COMMUNITY_COLUMNS, row, strict=True)))
