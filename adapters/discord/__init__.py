"""Discord: commands, cards, buttons and direct messages, on discord.py."""

from adapters.discord.access import invite_text
from adapters.discord.platform import DiscordPlatform, Line, PlatformFault

__all__ = ["DiscordPlatform", "Line", "PlatformFault", "invite_text"]
