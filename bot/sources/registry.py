"""Discovery of the formats: each module in `formats` exports `FORMAT`."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from bot.sources import formats
from bot.sources.format import Format


@cache
def all_formats() -> Mapping[str, Format]:
    """Return the formats by name, in the order in which they are tried."""
    modules = [import_module(f"{formats.__name__}.{each.name}") for each in iter_modules(formats.__path__)]
    found: list[Format] = [module.FORMAT for module in modules]
    # A given mapping is tried first, general table formats last.
    ordered = sorted(found, key=lambda each: (each.general, each.name != "mapped", each.name))
    return MappingProxyType({each.name: each for each in ordered})
