"""Sessionize's API, in three views: GridSmart (days and rooms), All (lists beside each other), Sessions (groups)."""

import re
from collections.abc import Mapping

from bot.domain.errors import EmptyScheduleError
from bot.domain.imports.draft import Draft, Remark
from bot.domain.phrases import phrase
from bot.sources.field_names import Row
from bot.sources.format import Format, Raw
from bot.sources.json_path import index, named, walk, words
from bot.sources.json_text import load, mapping, sequence
from bot.sources.table import fill

_GRID = re.compile(r'\[\s*\{[^\[]{0,200}?"rooms"\s*:\s*\[')
_GROUPS = re.compile(r'\[\s*\{[^\[]{0,300}?"groupId"')
_OWN = re.compile(r'"(?:isServiceSession|isPlenumSession|categoryItems|questionAnswers)"')
KINDS = {
    "track": ("track", "topic", "theme"),
    "level": ("level",),
    "kind": ("format", "type"),
    "language": ("language",),
}
"""Organizers name categories freely: words in a category title that identify a fact."""


def recognise(raw: Raw) -> bool:
    """Whether the data is one of the three views."""
    if raw.head.startswith("{"):
        return '"sessions"' in raw.head and _OWN.search(raw.head) is not None
    return any(shape.match(raw.head) for shape in (_GRID, _GROUPS))


def parse(raw: Raw) -> Draft:
    """Parse any of the three views."""
    value = load(raw.text, raw.name)
    path = "sessions" if isinstance(value, dict) else "rooms.sessions"
    sessions = list(walk(value, path)) or list(walk(value, "sessions"))
    if not sessions:
        message = phrase(
            "{name}: there is no session in {path}: export the view GridSmart or All of Sessionize.",
            name=raw.name,
            path=path,
        )
        raise EmptyScheduleError(message)
    rooms, speakers = (
        index(mapping(value).get("rooms"), "id", "name"),
        index(mapping(value).get("speakers"), "id", "fullName"),
    )
    categories = _categories(mapping(value).get("categories"))
    rows = ((where, _row(mapping(session), rooms, speakers, categories)) for where, session in sessions)
    draft = fill(Draft("sessionize", raw.name), rows)
    if naive := sum(row.starts.tzinfo is None for row in draft.sessions):
        what = phrase("{naive} sessions have no offset: read as clock times in the conference's zone", naive=naive)
        draft.warnings.append(Remark(path, what))
    return draft


def _row(
    session: Mapping[str, object],
    rooms: Mapping[str, str],
    speakers: Mapping[str, str],
    categories: Mapping[str, tuple[str, str]],
) -> Row:
    simple = {
        "title": session.get("title"),
        "uid": session.get("id"),
        "start": session.get("startsAt"),
        "end": session.get("endsAt"),
        "abstract": session.get("description"),
        "state": session.get("status"),
        "recording": session.get("recordingUrl"),
    }
    room = words(session.get("room")) or named(session.get("roomId"), rooms)
    chosen = {name: "; ".join(values) for name, values in _chosen(session, categories).items()}
    kind = "Service" if session.get("isServiceSession") is True else chosen.get("kind", "")
    return {
        **chosen,
        **{name: words(value) for name, value in simple.items()},
        "room": room if room != words(session.get("roomId")) else "",
        "speakers": named(session.get("speakers"), speakers),
        "kind": kind,
    }


def _chosen(session: Mapping[str, object], categories: Mapping[str, tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return the facts of a session, from category ids (All) or inline categories (GridSmart)."""
    chosen: dict[str, list[str]] = {}
    picked = [categories[str(item)] for item in sequence(session.get("categoryItems")) if str(item) in categories]
    for category in map(mapping, sequence(session.get("categories"))):
        items = sequence(category.get("categoryItems")) or sequence(category.get("items"))
        picked += [(words(category.get("name") or category.get("title")), words(item)) for item in items]
    for title, name in picked:
        for fact, signs in KINDS.items():
            if any(sign in title.casefold() for sign in signs) and name:
                chosen.setdefault(fact, []).append(name)
                break
    return chosen


def _categories(value: object) -> Mapping[str, tuple[str, str]]:
    """Map each item id to (category title, item name)."""
    return {
        str(item.get("id")): (words(category.get("title")), words(item.get("name")))
        for category in map(mapping, sequence(value))
        for item in map(mapping, sequence(category.get("items")))
    }


FORMAT = Format("sessionize", "Sessionize's API: the views GridSmart, All and Sessions", recognise, parse)
