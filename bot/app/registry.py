"""Finds every command: one file each in `bot/app/commands`, exporting `COMMAND`."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from bot.app import commands
from bot.app.declare import Command


@cache
def all_commands() -> Mapping[str, Command]:
    """The commands by name, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(commands.__path__))
    found = (import_module(f"{commands.__name__}.{name}").COMMAND for name in names)
    return MappingProxyType({command.name: command for command in found})
