"""Finding values in JSON by a dotted path, through lists and over ids that point elsewhere."""

from collections.abc import Iterator, Mapping

from bot.sources.json_text import mapping

EVERY, OUT, NAME = "*", "^", "@"

Around = tuple[tuple[str, Mapping[str, object]], ...]


def walk(value: object, path: str, where: str = "") -> Iterator[tuple[str, object]]:
    """Each (place, value) at `path`: names between dots, `*` for all members; lists are gone through by themselves."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from walk(each, path, f"{where}[{position}]")
        return
    if not path:
        yield where, value
        return
    known = mapping(value)
    for key in known if name == EVERY else [name]:
        if key in known:
            yield from walk(known[key], rest, f"{where}.{key}" if where else str(key))


def trace(
    value: object, path: str, where: str = "", around: Around = (), key: str = ""
) -> Iterator[tuple[str, Around]]:
    """Each (place, what leads there): the objects with the names that they have in each other, the value's own last."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from trace(each, path, f"{where}[{position}]", around, key)
        return
    known = mapping(value)
    around = (*around, (key, known))
    if not path:
        yield where, around
        return
    for inner in known if name == EVERY else [name]:
        if inner in known:
            yield from trace(known[inner], rest, f"{where}.{inner}" if where else str(inner), around, str(inner))


def from_within(around: Around, path: str) -> Iterator[object]:
    """The values at a path from the innermost object: `^` goes one out, `@` is the name that the object has there."""
    while path == OUT or path.startswith(f"{OUT}."):
        around, path = around[:-1], path[len(OUT) + 1 :]
    if around and path == NAME:
        yield around[-1][0]
    elif around:
        yield from (value for _, value in walk(around[-1][1], path))


def at(value: object, path: str) -> object:
    """The one value at a path without lists; None if there is none. `""` is the value itself."""
    for name in path.split(".") if path else ():
        value = mapping(value).get(name)
    return value


def words(value: object) -> str:
    """A value as one string: members of a list on lines of their own, of an object its name or its English text."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(words, value)))
    if isinstance(value, dict):
        named = (value.get(name) for name in ("name", "fullName", "displayName", "title", "en"))
        return next((each for each in named if isinstance(each, str) and each), "")
    return "" if value is None else str(value)


def index(value: object, by: str, take: str) -> Mapping[str, str]:
    """`take` of each object in a list by the object's `by`; an object of objects has its keys as ids too."""
    found: dict[str, str] = {}
    if isinstance(value, dict):
        found = {str(key): words(at(each, take)) for key, each in value.items()}
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        key = at(each, by)
        if isinstance(key, str | int):
            found.setdefault(str(key), words(at(each, take)))
    return found


def named(value: object, known: Mapping[str, str]) -> str:
    """`value`, or what it points at: ids, lists of ids and objects with an id are replaced where `known` has them."""
    if isinstance(value, list):
        return "\n".join(filter(None, (named(each, known) for each in value)))
    if isinstance(value, dict):
        return words(value) or known.get(str(value.get("id")), "")
    return known.get(str(value)) or words(value)
