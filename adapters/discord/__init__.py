"""Discord: commands, cards, buttons and direct messages, on discord.py."""

from adapters.discord.diagnostics import application_of, examine
from adapters.discord.permissions import invite_text
from adapters.discord.platform import ConnectionSettings, DiscordPlatform, PlatformError

__all__ = ["ConnectionSettings", "DiscordPlatform", "PlatformError", "application_of", "examine", "invite_text"]
