"""Translations of command names and descriptions, from `locales/de.toml` and so on."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import discord
from discord import app_commands

FOLDER = "locales"


@cache
def translations() -> Mapping[str, Mapping[str, str]]:
    """The translation of each English text, by Discord's name of the language."""
    folder = files(__package__) / FOLDER
    languages = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in languages}


class Translator(app_commands.Translator):
    """Translates what the files have; the rest stays English."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The translation, None if there is none."""
        del context
        return translations().get(locale.value, {}).get(string.message)
