"""Suggest values while somebody types a parameter, from indexes in memory, so that they appear at once."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from zoneinfo import available_timezones

from bot.app.command_spec.command import Option, StaticContext
from bot.domain.schedule.breaks import once_each
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import clock_text
from bot.domain.times.zones import NO_ZONES

MAX_OPTIONS = 25
"""Discord shows at most this many."""
MAX_LABEL = 75
"""Most characters of a label on Slack; Discord shows 100."""


def sessions(typed: str, context: StaticContext) -> list[Option]:
    """Sessions whose code begins with the text, then search results; for an empty text, the next sessions to start."""
    schedule, words = context.schedule, typed.strip()
    if not words:
        coming = once_each(schedule.starting_after(context.now))
        return [_option(session, context) for session in islice(coming, MAX_OPTIONS)]
    by_code = schedule.codes_from(words.upper(), MAX_OPTIONS)
    found = {session.id: session for session in (*by_code, *context.search.search(words, MAX_OPTIONS))}
    return [_option(session, context) for session in islice(once_each(found.values()), MAX_OPTIONS)]


def chosen_sessions(typed: str, context: StaticContext) -> list[Option]:
    """The chosen sessions that match the text, those still to come first; then others, as `sessions` finds them."""
    schedule, words = context.schedule, fold(typed)
    chosen = [session for id_ in context.chosen if (session := schedule.by_id.get(id_))]
    chosen.sort(key=lambda session: (session.ends_at <= context.now, session.starts_at))
    mine = [option for session in chosen if words in fold((option := _option(session, context)).label)]
    known = {option.value for option in mine}
    others = [option for option in sessions(typed, context) if option.value not in known] if words else []
    return [*mine, *others][:MAX_OPTIONS]


def venues(typed: str, context: StaticContext) -> list[Option]:
    """Venues of which a name or alias begins with the text, then those with the text anywhere in it."""
    names = [(venue.name, (venue.name, *venue.aliases)) for venue in context.schedule.venues]
    return _matching(typed, names)


def tracks(typed: str, context: StaticContext) -> list[Option]:
    """Tracks that match the text."""
    return _matching(typed, ((track, (track,)) for track in context.schedule.tracks))


def levels(typed: str, context: StaticContext) -> list[Option]:
    """Levels that match the text."""
    return _matching(typed, ((level, (level,)) for level in context.schedule.levels))


def days(typed: str, context: StaticContext) -> list[Option]:
    """Days of the conference that match the text."""
    options = [Option(f"{day:%A} {day.day} {day:%b}", day.isoformat()) for day in context.schedule.days]
    text = typed.strip().casefold()
    return [option for option in options if text in f"{option.label} {option.value}".casefold()][:MAX_OPTIONS]


def zones(typed: str, _: StaticContext) -> list[Option]:
    """IANA time zones, matched by city or by full name."""
    return _matching(typed.replace(" ", "_"), ((zone, (zone.rpartition("/")[2], zone)) for zone in _ZONES))


_ZONES = tuple(sorted(zone for zone in available_timezones() if zone.casefold() not in NO_ZONES))


def _option(session: Session, context: StaticContext) -> Option:
    """A long title is cut, not the time: repeats of a talk differ only in it."""
    starts = session.starts_at.astimezone(context.schedule.conference.tz)
    rest = f" ({starts:%a} {clock_text(starts, context.hours)})"
    name, room = f"{session.code} {session.title}", MAX_LABEL - len(rest)
    return Option((name if len(name) <= room else f"{name[: room - 1].rstrip()}…") + rest, session.code)


def _matching(typed: str, names_by_value: Iterable[tuple[str, Sequence[str]]]) -> list[Option]:
    """Options of which a name begins with the text, then those with the text anywhere in a name."""
    text = typed.strip().casefold()
    candidates = [(value, [name.casefold() for name in names]) for value, names in names_by_value]
    tests: tuple[Callable[[str], bool], ...] = (lambda name: name.startswith(text), lambda name: text in name)
    values = [value for test in tests for value, names in candidates if any(map(test, names))]
    return [Option(value, value) for value in islice(dict.fromkeys(values), MAX_OPTIONS)]
