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
    "page",
    "feedback",
)
"""The columns of a community, in the order that `community_of` expects."""
_EMPTY_IF_NONE = ("reminders", "digest", "role", "notices")
"""These columns are not nullable: an empty text in them is None."""


def community_row(community: Community) -> dict[str, Any]:
    """Return the columns that `Communities.save` writes."""
    names = ("conference", "name", "left_at", "role_name", "page", "feedback")
    row = {name: getattr(community, name) for name in names}
    return row | {name: getattr(community, name) or "" for name in _EMPTY_IF_NONE}


def community_of(row: Sequence[Any]) -> Community:
    """Build a community from the columns `COMMUNITY_COLUMNS`."""
    values = dict(zip(COMMUNITY_COLUMNS, row, strict=True))
    return Community(**values | {name: values[name] or None for name in _EMPTY_IF_NONE})
