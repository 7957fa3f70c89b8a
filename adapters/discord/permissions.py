"""What Hallway asks Discord for: intents, scopes and permissions, each with its reason, and the link that asks."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import discord

from bot.app.ports import Permissions

SCOPES = ("bot", "applications.commands")
PERMISSIONS: Mapping[str, str] = {
    "view_channel": "to find the reminders channel that an organizer chose",
    "send_messages": "to post one short set-up message when it is invited",
    "embed_links": "to show sessions as cards",
    "attach_files": "to hand over the recap in a private thread",
    "create_private_threads": "to reach who refuses direct messages and agreed to a thread instead",
    "send_messages_in_threads": "to write in those threads",
}
"""Everything that is asked for; a test compares it with what the code uses."""
ORGANIZERS = discord.Permissions(manage_guild=True)
"""Who has this right in a server is an organizer there."""


def intents() -> discord.Intents:
    """Servers and their channels: no messages, no members, no presences."""
    return discord.Intents(guilds=True)


def standing_of(held: discord.Permissions, roles: Iterable[discord.Role]) -> Permissions:
    """What a member with these permissions and roles may do; the role that everybody has says nothing of anybody."""
    own = tuple(str(role.id) for role in roles if not role.is_default())
    return Permissions(organizer=held >= ORGANIZERS, notify=held.mention_everyone, roles=own)


def permissions() -> discord.Permissions:
    """All of `PERMISSIONS`."""
    return discord.Permissions(**dict.fromkeys(PERMISSIONS, True))


def invite_link(application: int) -> str:
    """The link that invites the bot of an application into a server."""
    query = {
        "client_id": application,
        "permissions": permissions().value,
        "integration_type": 0,
        "scope": " ".join(SCOPES),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def invite_text(application: int) -> str:
    """The link, and why it asks for what it asks for."""
    reasons = [f"  {name.replace('_', ' '):26}{why}" for name, why in PERMISSIONS.items()]
    return "\n".join((invite_link(application), "", "It asks for:", *reasons))
