"""The names and descriptions of commands in the languages that there is a file of: `locales/de.toml` and so on."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import discord
from discord import app_commands

FOLDER = "locales"


@cache
def translations() -> Mapping[str, Mapping[str, str]]:
    """By Discord's name of the language: the English words and what stands for them."""
    folder = files(__package__) / FOLDER
    found = (each for each in folder.iterdir() if each.name.endswith(".toml"))
    return {each.name.removesuffix(".toml"): tomllib.loads(each.read_text("utf-8")) for each in found}


class Translator(app_commands.Translator):
    """What is in no file stays English."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The words for `string` in a language, None if there are none."""
        del context
        return translations().get(locale.value, {}).get(string.message)
