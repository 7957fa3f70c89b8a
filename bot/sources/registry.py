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
    modules = [import_module(f"{formats.__name__}.{module.name}") for module in iter_modules(formats.__path__)]
    listed: list[Format] = [module.FORMAT for module in modules]
    # A given mapping is tried first, general table formats last.
    ordered = sorted(listed, key=lambda format_: (format_.general, format_.name != "mapped", format_.name))
    return MappingProxyType({format_.name: format_ for format_ in ordered})
