"""A session catalog as JSON: a list of objects, or an object with one, as AWS and Sessionize export."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from bot.domain.errors import EmptyScheduleError, ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.phrases import phrase
from bot.sources.field_names import Row, meaning, recognised_facts
from bot.sources.format import Format, Raw
from bot.sources.json_path import at, index, named, walk, words
from bot.sources.json_text import load, mapping
from bot.sources.table import REMEDY, fill

LISTS = ("items", "sessions", "sectionList.items", "data", "events", "talks", "results", "slots", "schedule")
"""Members that may hold the list of sessions."""
_OBJECTS = re.compile(r"\[\s*+[{\]]")
_LIST = re.compile(r'"(?:items|sessions|sectionList|data|events|talks|results|slots|schedule)"\s*:\s*\[')

SITTINGS = ("times", "slots", "slot")
"""Members that hold the sittings of a session."""
WRAPPERS = ("attributes", "fields", "talk", "proposal", "submission")
"""Members whose own members are read as if they were the session's."""
CONFERENCES = ("event", "eventName")
"""Members with the conference's name in every session."""
PAIRS = "attributevalues"
"""Members that are lists of `attribute`/`value` objects."""

Tables = Mapping[str, Mapping[str, str]]


def recognise(raw: Raw) -> bool:
    """Whether the data is a JSON list of objects, or an object with a list of items or sessions."""
    return _OBJECTS.match(raw.head) is not None or (raw.head.startswith("{") and _LIST.search(raw.head) is not None)


def parse(raw: Raw) -> Draft:
    """Parse a list of objects. Ids of rooms and speakers are resolved from lists beside the sessions."""
    value = load(raw.text, raw.name)
    items = _items(value)
    if not items:
        if value == [] or any(at(value, path) == [] for path in LISTS):
            message = phrase("{name}: its list of sessions is empty: export it with its sessions.", name=raw.name)
            raise EmptyScheduleError(message)
        message = phrase("{name}: there is no list of sessions in it; {remedy}.", name=raw.name, remedy=REMEDY)
        raise ScheduleImportError(message)
    tables = {name: index(mapping(value).get(f"{name}s"), "id", "name") for name in ("room", "venue", "speaker")}
    rows = chain.from_iterable(_sittings(item, f"item {n}", tables) for n, (_, item) in enumerate(items, 1))
    return fill(Draft("catalog-json", raw.name), rows)


def _items(value: object) -> list[tuple[str, object]]:
    if isinstance(value, list):
        return list(walk(value, ""))
    return next((items for path in LISTS if (items := list(walk(value, path)))), [])


def _sittings(item: object, where: str, tables: Tables) -> Iterator[tuple[str, Row]]:
    """Yield one row, or one per entry of `times` or `slots`, whose facts win."""
    entry = mapping(item)
    name = next((name for name in SITTINGS if _objects(entry.get(name))), "")
    if not name:
        yield where, recognised_facts(_flat(entry, tables))
        return
    for number, sitting in enumerate(_objects(entry.get(name))):
        exact = recognised_facts(_flat(sitting, tables))
        yield f"{where}, {name}[{number}]", {**recognised_facts(_flat(entry, tables)), **exact}


def _objects(value: object) -> Sequence[Mapping[str, object]]:
    """Return the objects of a list, or a single object as a list."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict) and item]


def _flat(item: Mapping[str, object], tables: Tables) -> Iterator[tuple[str, str]]:
    """Yield each (name, text) of an object; `sessionTime: {date, time}` becomes sessionTimeDate and sessionTimeTime."""
    for name, value in item.items():
        if isinstance(value, dict):
            inner = {more if name in WRAPPERS else f"{name}{more}": part for more, part in value.items()}
            yield from (
                (label, _fact_text(meaning(label), part, tables)) for label, part in inner.items() if meaning(label)
            )
        if name == PAIRS:
            yield from _flat({words(pair.get("attribute")): pair.get("value") for pair in _objects(value)}, tables)
        if meaning(name) and not (name in CONFERENCES and isinstance(value, str)):
            yield name, _fact_text(meaning(name), value, tables)


def _fact_text(fact: str, value: object, tables: Tables) -> str:
    singular = fact.removesuffix("s")
    text = named(value, tables[singular]) if singular in tables else words(value)
    return "; ".join(text.split("\n")) if fact == "track" else text


FORMAT = Format(
    "catalog-json",
    "a list of sessions with the members of catalog-csv, such as the AWS catalogs",
    recognise,
    parse,
    general=True,
)
