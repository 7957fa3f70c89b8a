"""Communities as rows."""

from typing import Any

from bot.domain.attendee.attendee import Community


def community_row(community: Community) -> dict[str, Any]:
    """What can change about a community, as a row."""
    names = ("conference", "name", "reminders", "digest", "left_at", "role", "role_name", "notices")
    return {name: getattr(community, name) for name in names}
