"""A search as a line to type: it is understood as the same search again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from bot.domain.search_query.keys import key
from bot.domain.search_query.names import Names
from bot.domain.search_query.query import EITHER, Part, Query, SearchField
from bot.domain.search_query.understanding import ABOUT, Correct, Understanding, understand

MARKERS = {
    SearchField.LEVEL: "level",
    SearchField.TRACK: "track",
    SearchField.ROOM: "room",
    SearchField.LANGUAGE: "language",
    SearchField.SPEAKER: "by",
    SearchField.VENUE: "at",
}
"""The word before a name in a plain line."""
FIXED = {SearchField.FREE: "free for me", SearchField.COMING: "upcoming", SearchField.RUNNING: "running now"}
EXACT = frozenset({*MARKERS, SearchField.KIND})
"""Fields with names, which are exact as `track:rust`."""
TIMES = frozenset({SearchField.AFTER, SearchField.BEFORE, SearchField.AT})


def line_of(query: Query, names: Names, today: date, correct: Correct) -> str:
    """Return a line to type that is understood as `query`: in plain words, or as exactly as it needs."""

    def is_meant(line: str) -> bool:
        read = understand(line, names, today, correct)
        return read.query.parts == query.parts and not read.corrections

    plain = [_signed(part, lambda part: _plain_text(part, names)) for part in query.filters]
    words = [part for part in query.parts if part.is_searched]

    def safe(part: Part) -> str:
        text = _alternatives_text(part)
        return text if _is_plain(part, understand(text, names, today, correct)) else _exact_text(part)

    def lines() -> Iterator[str]:
        yield " ".join((*plain, *map(_alternatives_text, words)))
        yield " ".join((*plain, *map(safe, words)))

    line = next(filter(is_meant, lines()), None) or " ".join(_signed(part, _exact_text) for part in query.parts)
    return f"{line} page {query.page}" if query.page > 1 else line


def _signed(part: Part, text: Callable[[Part], str]) -> str:
    """The text of each value, after `not` if it is excluded."""
    if not part.excluded:
        return text(part)
    return " ".join(f"not {text(replace(part, values=(value,), excluded=False))}" for value in part.values)


def _alternatives_text(word: Part) -> str:
    return " or ".join(word.values[0].split(EITHER))


def _is_plain(part: Part, read: Understanding) -> bool:
    """Whether a part alone is understood as what it is."""
    return read.query.parts == (part,) and not read.corrections


def clock(minute: int) -> str:
    """Return the time of a minute of the conference day: `14:00`, `00:30`."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _plain_text(part: Part, names: Names) -> str:
    """The part as people type it."""
    if part.field in MARKERS:
        return " ".join(f"{MARKERS[part.field]} {name}" for name in part.values)
    if part.field is SearchField.KIND:
        return " ".join(part.values).casefold()
    if part.field is SearchField.DAY:
        return " ".join(_day_text(date.fromisoformat(day), names) for day in part.values)
    if part.field is SearchField.NEAR and part.values:
        return f"near {part.values[0]}"
    return _exact_text(part)


def _exact_text(part: Part) -> str:
    """The part in a form that is understood in one way: `track:rust`, `about:monday`, `2024-12-02`."""
    if part.field is SearchField.WORD:
        return ABOUT + part.values[0].replace(" ", "+")
    if part.field in EXACT:
        return " ".join(f"{part.field.value}:{_exact_name(name)}" for name in part.values)
    if part.field is SearchField.NEAR:
        return " ".join(f"near:{_exact_name(name)}" for name in part.values) or "near me"
    if part.field in TIMES:
        return " ".join(f"{part.field.value} {clock(int(minute))}" for minute in part.values)
    if part.field is SearchField.RECORDED:
        return " ".join("recorded" if value == "yes" else "not recorded" for value in part.values)
    return FIXED.get(part.field) or " ".join(map(_daytime_text, part.values))


def _exact_name(name: str) -> str:
    return "+".join(filter(None, map(key, name.split()))) or name


def _daytime_text(name: str) -> str:
    return {"night": "at night"}.get(name, name)


def _day_text(day: date, names: Names) -> str:
    """The weekday, if the conference has it once."""
    same = [other for other in names.days if other.weekday() == day.weekday()]
    return f"{day:%A}".casefold() if same == [day] else day.isoformat()
