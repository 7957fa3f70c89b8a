"""Discord: commands, cards, buttons and direct messages, on discord.py."""

from adapters.discord.diagnostics import application_of, examine
from adapters.discord.permissions import invite_text
from adapters.discord.platform import DiscordPlatform, Line, PlatformError

__all__ = ["DiscordPlatform", "Line", "PlatformError", "application_of", "examine", "invite_text"]
