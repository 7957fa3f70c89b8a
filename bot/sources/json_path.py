"""Values in JSON by dotted path, through lists and references by id."""

from collections.abc import Iterator, Mapping

from bot.sources.json_text import mapping

EVERY, OUT, NAME = "*", "^", "@"

Around = tuple[tuple[str, Mapping[str, object]], ...]


def walk(value: object, path: str, where: str = "") -> Iterator[tuple[str, object]]:
    """Yield each (position, value) at `path`: names between dots, `*` for all; lists are traversed."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        for position, member in enumerate(value):
            yield from walk(member, path, f"{where}[{position}]")
        return
    if not path:
        yield where, value
        return
    members = mapping(value)
    for key in members if name == EVERY else [name]:
        if key in members:
            yield from walk(members[key], rest, f"{where}.{key}" if where else str(key))


def trace(
    value: object, path: str, where: str = "", around: Around = (), key: str = ""
) -> Iterator[tuple[str, Around]]:
    """Yield each (position, objects): the objects on the path to a value, by the names they have in each other."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        for position, member in enumerate(value):
            yield from trace(member, path, f"{where}[{position}]", around, key)
        return
    members = mapping(value)
    around = (*around, (key, members))
    if not path:
        yield where, around
        return
    for inner in members if name == EVERY else [name]:
        if inner in members:
            yield from trace(members[inner], rest, f"{where}.{inner}" if where else str(inner), around, str(inner))


def from_within(around: Around, path: str) -> Iterator[object]:
    """Yield the values at `path`, which starts at the innermost of the objects in `around`.

    In the path, `^` goes to the parent, and `@` is the key under which the parent has the object.
    """
    while path == OUT or path.startswith(f"{OUT}."):
        around, path = around[:-1], path[len(OUT) + 1 :]
    if around and path == NAME:
        yield around[-1][0]
    elif around:
        yield from (value for _, value in walk(around[-1][1], path))


def at(value: object, path: str) -> object:
    """Return the value at a path without lists, or None. `""` is the value itself."""
    for name in path.split(".") if path else ():
        value = mapping(value).get(name)
    return value


def words(value: object) -> str:
    """Return a value as text: one line per list member; for an object its name or English text."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(words, value)))
    if isinstance(value, dict):
        named = (value.get(name) for name in ("name", "fullName", "displayName", "title", "en"))
        return next((text for text in named if isinstance(text, str) and text), "")
    return "" if value is None else str(value)


def index(value: object, by: str, take: str) -> Mapping[str, str]:
    """Map `by` to `take` for each object in a list; in an object of objects, the keys are ids too."""
    names: dict[str, str] = {}
    if isinstance(value, dict):
        names = {str(key): words(at(member, take)) for key, member in value.items()}
        value = list(value.values())
    for member in value if isinstance(value, list) else ():
        key = at(member, by)
        if isinstance(key, str | int):
            names.setdefault(str(key), words(at(member, take)))
    return names


def named(value: object, names: Mapping[str, str]) -> str:
    """Replace ids, lists of ids and objects with an id by their names, if `names` has them."""
    if isinstance(value, list):
        return "\n".join(filter(None, (named(member, names) for member in value)))
    if isinstance(value, dict):
        return words(value) or names.get(str(value.get("id")), "")
    return names.get(str(value)) or words(value)
