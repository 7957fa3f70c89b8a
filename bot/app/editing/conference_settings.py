"""The settings of the conference: its title, how early people have to be at a door, and the weather of a day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.app.command_spec import TEXT, Call, Context, Param, ParamType, StaticContext
from bot.app.editing.facts import FactChange, change_fact
from bot.app.messages import Field, Text
from bot.app.text import day_text, listed, s, t
from bot.domain.errors import BadInputError
from bot.domain.imports.organizer_facts import CHECK_IN, FOR, MAX_TITLE_CHARACTERS, MOST_MINUTES, TITLE, WALK_UP
from bot.domain.schedule.conference import Schedule, kind_words
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind
from bot.domain.schedule.weather_changes import weather_name
from bot.domain.times.time_parsing import read_day
from bot.domain.travel.weather import Weather

OFF = "off"
_LINE = re.compile(r"(?P<minutes>\d{1,4}|default) ?(?:m|min|minutes?)?(?: for (?P<kind>.{1,100}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SettingLine:
    """Minutes before the start, for one kind of session or for all (""); None for what Hallway takes by itself."""

    minutes: int | None
    kind: str = ""


def read_line(text: str, context: StaticContext) -> SettingLine:
    """Read `10`, `10 for workshop`, `10 min for all workshops` or `default for workshop`."""
    match = _LINE.fullmatch(" ".join(text.split()))
    if match is None:
        raise BadInputError(s('I don\'t understand "{text}". Type minutes, such as 10 or 10 for workshop.', text=text))
    minutes = None if match["minutes"].casefold() == "default" else int(match["minutes"])
    if minutes is not None and minutes > MOST_MINUTES:
        raise BadInputError(s("Give at most {most} minutes.", most=MOST_MINUTES))
    return SettingLine(minutes, _kind(match["kind"], context.schedule) if match["kind"] else "")


@dataclass(frozen=True, slots=True)
class DayWeather:
    """The weather of one day; None for nothing worth saying."""

    weather: Weather | None
    day: date


def read_weather(text: str, context: StaticContext) -> DayWeather:
    """Read `rain`, `hot tomorrow` or `off Tue`; without a day it is today."""
    first, _, rest = " ".join(text.split()).partition(" ")
    word = first.casefold()
    weather = next((each for each in Weather if word == each), None)
    if weather is None and word != OFF:
        raise BadInputError(
            s('I don\'t understand "{text}". Type rain, hot or off, and a day, such as rain tomorrow.', text=text)
        )
    days = context.schedule.days
    day = read_day(rest, context.today, days) if rest else context.today
    if day < context.today:
        raise BadInputError(s("{day} is over.", day=day_text(day)))
    if day not in days:
        raise BadInputError(
            s("There is no session on {day}. Name a day of the conference, such as rain tomorrow.", day=day_text(day))
        )
    return DayWeather(weather, day)


def _kind(typed: str, schedule: Schedule) -> str:
    """The words of a kind that sessions have: `workshops` for `Workshop`."""
    words = kind_words(typed)
    kinds = sorted({session.kind for session in schedule.listed if session.kind})
    for name in dict.fromkeys((words, words.removesuffix("s"))):
        if name and any(f" {name} " in f" {kind_words(kind)} " for kind in kinds):
            return name
    found = ", ".join(kinds[:10]) or s("none")
    raise BadInputError(s('No session is of the kind "{kind}". The kinds are: {found}.', kind=typed, found=found))


LINE = ParamType("minutes", read_line)
RENAME = Param("title", TEXT, "the title of the conference that people read", keyword="title", keyword_required=True)
CHECKIN = Param(
    "checkin",
    LINE,
    "minutes before the start when a reserved seat lapses, such as 10 or 10 for workshop",
    keyword="check-in",
    keyword_required=True,
)
WALKUP = Param(
    "walkup",
    LINE,
    "minutes to come early without a seat, such as 20 or 20 for chalk talk",
    keyword="walk-up",
    keyword_required=True,
)
WEATHER = Param(
    "weather",
    ParamType("weather", read_weather),
    "rain or hot, and a day: less time outside is better then; off takes it back",
    keyword="weather",
    keyword_required=True,
)
PARAMS = (RENAME, CHECKIN, WALKUP, WEATHER)


def wants_change(call: Call) -> bool:
    """Whether the call changes something of the conference."""
    return any(param.name in call.values for param in PARAMS)


async def change_settings(call: Call, context: Context) -> list[FactChange]:
    """Store what is given; people whose agenda it concerns are planned again."""
    changes = []
    if (title := call.get(RENAME)) is not None:
        title = " ".join(title.split())
        if not 0 < len(title) <= MAX_TITLE_CHARACTERS:
            raise BadInputError(s("A title has 1 to {most} characters.", most=MAX_TITLE_CHARACTERS))
        changes.append(await change_fact(context, ChangeKind.SETTING, TITLE, {CREATES: True, "value": title}))
    for param, name in ((CHECKIN, CHECK_IN), (WALKUP, WALK_UP)):
        if (line := call.get(param)) is not None:
            setting = f"{name}{FOR}{line.kind}" if line.kind else name
            patch = None if line.minutes is None else {CREATES: True, "value": line.minutes}
            changes.append(await change_fact(context, ChangeKind.SETTING, setting, patch))
    if (announced := call.get(WEATHER)) is not None:
        values = {CREATES: True, "value": announced.weather.value} if announced.weather else None
        changes.append(await change_fact(context, ChangeKind.SETTING, weather_name(announced.day), values))
    return changes


def weather_fields(schedule: Schedule, today: date) -> Iterator[Field]:
    """The weather that organizers announced for today and later; nothing without any."""
    names = {Weather.RAIN: s("rain"), Weather.HOT: s("hot")}
    days = sorted((day, weather) for day, weather in schedule.weather.items() if day >= today)
    if days:
        parts = [t("{weather} on {day}", weather=names[weather], day=day_text(day)) for day, weather in days]
        yield Field(s("Weather"), t("{days}: ways with less outside are better", days=listed(parts)))


def line_fields(schedule: Schedule) -> Iterator[Field]:
    """How early people have to be at a door."""
    conference = schedule.conference
    everywhere = conference.line_of("", is_drop_in=False)
    check_in = conference.check_in if everywhere.check_in is None else everywhere.check_in
    yield Field(s("Check-in"), _line_text(check_in, [(line.kind, line.check_in) for line in conference.lines]))
    walk_up = conference.walk_up if everywhere.walk_up is None and schedule.has_seats else everywhere.walk_up
    yield Field(s("Walk-up"), _line_text(walk_up, [(line.kind, line.walk_up) for line in conference.lines]))


def _line_text(minutes: int | None, by_kind: list[tuple[str, int | None]]) -> Text:
    everywhere = s("no line, because no seats are reserved")
    if minutes is not None:
        everywhere = s("{minutes} min", minutes=minutes)
    exact = [(kind, value) for kind, value in by_kind if kind and value is not None]
    kinds = [s("{kind} {minutes} min", kind=kind, minutes=value) for kind, value in exact]
    return t("{lines}", lines=", ".join((everywhere, *kinds)))
