"""The intents, scopes and permissions that Hallway needs, the reason of each permission, and the invite link."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import discord

from bot.app.ports import Permissions

SCOPES = ("bot", "applications.commands")
PERMISSIONS: Mapping[str, str] = {
    "view_channel": "to find the reminders channel that an organizer chose",
    "send_messages": "to post one short set-up message when it is invited, and one line where it is mentioned",
    "embed_links": "to show sessions as cards",
    "attach_files": "to hand over the recap in a private thread",
    "create_private_threads": "to reach who refuses direct messages and agreed to a thread instead",
    "send_messages_in_threads": "to write in those threads, and where a thread mentions it",
}
"""Each permission with its reason; a test compares them with what the code uses."""


def intents() -> discord.Intents:
    """Events about servers, their channels and messages: no members, no presences, and no content of messages.

    Without the privileged message content intent, Discord gives the text of direct messages and of those that mention
    Hallway, and an empty text for all others.
    """
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


def permissions_of(granted: discord.Permissions, roles: Iterable[discord.Role]) -> Permissions:
    """What a member with these permissions and roles may do in Hallway; the role of all members is left out.

    Who may manage a server is an organizer there.
    """
    role_ids = tuple(str(role.id) for role in roles if not role.is_default())
    return Permissions(organizer=granted.manage_guild, notify=granted.mention_everyone, roles=role_ids)


def required_permissions() -> discord.Permissions:
    """All of `PERMISSIONS`, as discord.py has them."""
    return discord.Permissions(**dict.fromkeys(PERMISSIONS, True))


def invite_link(application: int) -> str:
    """The link that invites the application's bot into a server."""
    query = {
        "client_id": application,
        "permissions": required_permissions().value,
        "integration_type": 0,
        "scope": " ".join(SCOPES),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def invite_text(application: int) -> str:
    """The link, and the reason of each permission."""
    reasons = [f"  {name.replace('_', ' '):26}{reason}" for name, reason in PERMISSIONS.items()]
    return "\n".join((invite_link(application), "", "It asks for:", *reasons))
