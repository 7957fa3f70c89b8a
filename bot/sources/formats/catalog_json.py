"""A session catalog as JSON: a list of objects, or an object that holds one, such as AWS and Sessionize export."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from bot.domain.draft import Draft
from bot.domain.errors import ImportFault
from bot.sources.format import Format, Raw
from bot.sources.json_path import index, named, walk, words
from bot.sources.json_text import load, mapping, sequence
from bot.sources.table import REMEDY, Row, fill, meaning

LISTS = ("items", "sessions", "sectionList.items", "data", "events", "talks", "results")
"""Where the list of sessions may be."""
_LIST = re.compile(r'"(?:items|sessions|sectionList|data|events|talks|results)"\s*:\s*\[')

Known = Mapping[str, Mapping[str, str]]


def recognise(raw: Raw) -> bool:
    """A JSON list of objects, or an object with a list of items or sessions."""
    return re.match(r"\[\s*[{\]]", raw.head) is not None or (
        raw.head.startswith("{") and _LIST.search(raw.head) is not None
    )


def parse(raw: Raw) -> Draft:
    """The draft of a list of objects. Rooms and speakers that are ids are looked up in lists beside the sessions."""
    value = load(raw.text, raw.name)
    items = _items(value)
    if not items:
        message = f"{raw.name}: there is no list of sessions in it; {REMEDY}."
        raise ImportFault(message)
    known = {name: index(mapping(value).get(f"{name}s"), "id", "name") for name in ("room", "venue", "speaker")}
    rows = chain.from_iterable(_sittings(item, f"item {n}", known) for n, (_, item) in enumerate(items, 1))
    return fill(Draft("catalog-json", raw.name), rows)


def _items(value: object) -> list[tuple[str, object]]:
    if isinstance(value, list):
        return list(walk(value, ""))
    return next((found for path in LISTS if (found := list(walk(value, path)))), [])


def _sittings(item: object, where: str, known: Known) -> Iterator[tuple[str, Row]]:
    """One row, or one for each of an object's `times`, which say more exactly when and where."""
    times = [each for each in sequence(mapping(item).get("times")) if isinstance(each, dict)]
    if not times:
        yield where, _flat(mapping(item), known)
        return
    for number, each in enumerate(times):
        yield f"{where}, times[{number}]", {**_flat(mapping(item), known), **_flat(each, known)}


def _flat(item: Mapping[str, object], known: Known) -> Row:
    """`sessionTime: {date, time}` as sessionTimeDate and so on; of two that mean the same, the first that speaks."""
    row: dict[str, str] = {}
    for name, value in item.items():
        inner = value.items() if isinstance(value, dict) else ()
        for label, part in (*((f"{name}{more}", part) for more, part in inner), (name, value)):
            fact = meaning(label)
            if fact and not row.get(fact):
                row[fact] = _said(fact, part, known)
    return row


def _said(fact: str, value: object, known: Known) -> str:
    singular = fact.removesuffix("s")
    text = named(value, known[singular]) if singular in known else words(value)
    return "; ".join(text.split("\n")) if fact == "track" else text


FORMAT = Format(
    "catalog-json",
    "a list of sessions with the members of catalog-csv, such as the AWS catalogs",
    recognise,
    parse,
    general=True,
)
