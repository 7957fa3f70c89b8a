"""Find all commands and nudge templates. Each has its own file, which exports `COMMAND` or `NUDGE`."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType

from bot.app import commands, nudges
from bot.app.command_spec import Command, NudgeTemplate
from bot.domain.nudges.nudge import NudgeKind


@cache
def all_commands() -> Mapping[str, Command]:
    """All commands by name, in alphabetical order."""
    declared = sorted((module.COMMAND for module in _modules(commands)), key=lambda command: command.name)
    return MappingProxyType({command.name: command for command in declared})


@cache
def all_nudges() -> Mapping[NudgeKind, NudgeTemplate]:
    """All nudge templates by kind."""
    return MappingProxyType({module.NUDGE.kind: module.NUDGE for module in _modules(nudges)})


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    return (import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__))
