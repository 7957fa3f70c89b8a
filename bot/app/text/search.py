"""A search as it was understood: `Chalk talks · Monday 2 Dec · about security: 14 sessions`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.app.text.catalog import s
from bot.app.text.format import either
from bot.domain.search_query.plain_words import LANGUAGES
from bot.domain.search_query.query import EITHER, Part, Query, SearchField
from bot.domain.search_query.typed_line import clock

PLURALS = ("talk", "session", "workshop", "keynote", "panel", "tutorial", "bootcamp", "chat", "demo", "lecture", "fair")
"""Last words of a kind that have a plural; others, such as `Gamified learning`, stay as the schedule writes them."""


def query_text(query: Query) -> str:
    """All parts of a search in one line."""
    labels = [part_text(part) for part in query.filters]
    if query.words:
        labels.append(s("about {words}", words=_spoken(query.words)))
    whole = " · ".join(labels) or s("with this title")
    return whole[:1].upper() + whole[1:]


def part_text(part: Part) -> str:
    """One part: `chalk talks`, `Monday 2 Dec`, `from 14:00 on`, `about security`."""
    text = _TEXTS[part.field](part.values)
    return s("not {part}", part=text) if part.excluded else text


def _spoken(words: Sequence[str]) -> str:
    return " ".join(either(word.split(EITHER)) for word in words)


def _near(places: Sequence[str]) -> str:
    return s("near {place}", place=either(places)) if places else s("near you")


def _tracks(tracks: Sequence[str]) -> str:
    named = either(tracks)
    return named if named.casefold().endswith("track") else s("{track} track", track=named)


def _recorded(values: Sequence[str]) -> str:
    return either([s("recorded") if value == "yes" else s("not recorded") for value in values])


def _clocks(minutes: Sequence[str]) -> str:
    return either([clock(int(minute)) for minute in minutes])


def _daytime(name: str) -> str:
    names = {
        "morning": s("morning"),
        "lunchtime": s("lunchtime"),
        "afternoon": s("afternoon"),
        "evening": s("evening"),
        "night": s("late evening"),
    }
    return names[name]


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%b}"


def _language(language: str) -> str:
    names: Sequence[str] = LANGUAGES.get(language.casefold().split("-")[0], ())
    return names[0].capitalize() if names else language


def _plural(kind: str) -> str:
    lowered = kind if kind.isupper() else kind.casefold()
    return f"{lowered}s" if lowered.endswith(PLURALS) else lowered


_TEXTS: Mapping[SearchField, Callable[[Sequence[str]], str]] = {
    SearchField.KIND: lambda kinds: either([_plural(kind) for kind in kinds]),
    SearchField.LEVEL: lambda levels: s("level {level}", level=either(levels)),
    SearchField.TRACK: _tracks,
    SearchField.LANGUAGE: lambda languages: s(
        "in {language}", language=either([_language(language) for language in languages])
    ),
    SearchField.RECORDED: _recorded,
    SearchField.SPEAKER: lambda speakers: s("by {names}", names=either(speakers)),
    SearchField.DAY: lambda days: either([_day(date.fromisoformat(day)) for day in days]),
    SearchField.DAYTIME: lambda names: either([_daytime(name) for name in names]),
    SearchField.AFTER: lambda minutes: s("from {time} on", time=_clocks(minutes)),
    SearchField.BEFORE: lambda minutes: s("before {time}", time=_clocks(minutes)),
    SearchField.AT: lambda minutes: s("at {time}", time=_clocks(minutes)),
    SearchField.COMING: lambda _: s("still to come"),
    SearchField.RUNNING: lambda _: s("running now"),
    SearchField.ROOM: lambda rooms: s("in {place}", place=either(rooms)),
    SearchField.VENUE: lambda venues: s("in {place}", place=either(venues)),
    SearchField.NEAR: _near,
    SearchField.FREE: lambda _: s("free for you"),
    SearchField.WORD: lambda words: s("about {words}", words=_spoken(words)),
}
