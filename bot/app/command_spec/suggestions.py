"""What may be meant while a parameter is still being typed; from indexes in memory, so that it keeps up with typing."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from zoneinfo import available_timezones

from bot.app.command_spec.command import Option, StaticContext
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

MOST = 25
"""As many as Discord shows."""


def sessions(typed: str, context: StaticContext) -> list[Option]:
    """By the start of the code, then as a search finds them; with nothing typed, what starts next."""
    schedule, words = context.schedule, typed.strip()
    if not words:
        return [_option(each, schedule) for each in islice(schedule.starting_after(context.now), MOST)]
    by_code = schedule.codes_from(words.upper(), MOST)
    found = {each.id: each for each in (*by_code, *context.search.search(words, MOST))}
    return [_option(each, schedule) for each in islice(found.values(), MOST)]


def venues(typed: str, context: StaticContext) -> list[Option]:
    """By the start of a name or alias, then by what is in one."""
    named = [(venue.name, (venue.name, *venue.aliases)) for venue in context.schedule.venues]
    return _fitting(typed, named)


def tracks(typed: str, context: StaticContext) -> list[Option]:
    """The tracks."""
    return _fitting(typed, ((track, (track,)) for track in context.schedule.tracks))


def levels(typed: str, context: StaticContext) -> list[Option]:
    """The levels."""
    return _fitting(typed, ((level, (level,)) for level in context.schedule.levels))


def days(typed: str, context: StaticContext) -> list[Option]:
    """The days of the conference."""
    options = [Option(f"{day:%A} {day.day} {day:%b}", day.isoformat()) for day in context.schedule.days]
    return [each for each in options if typed.strip().casefold() in f"{each.label} {each.value}".casefold()][:MOST]


def zones(typed: str, _: StaticContext) -> list[Option]:
    """IANA zones by the name of the city."""
    return _fitting(typed.replace(" ", "_"), ((zone, (zone.rpartition("/")[2], zone)) for zone in _ZONES))


_ZONES = tuple(sorted(available_timezones()))


def _option(session: Session, schedule: Schedule) -> Option:
    starts = session.starts_at.astimezone(schedule.conference.tz)
    return Option(f"{session.code} {session.title} ({starts:%a %H:%M})", session.code)


def _fitting(typed: str, named: Iterable[tuple[str, Sequence[str]]]) -> list[Option]:
    wanted = typed.strip().casefold()
    known = [(value, [name.casefold() for name in names]) for value, names in named]
    tests: tuple[Callable[[str], bool], ...] = (lambda n: n.startswith(wanted), lambda n: wanted in n)
    found = [value for fits in tests for value, names in known if any(map(fits, names))]
    return [Option(value, value) for value in islice(dict.fromkeys(found), MOST)]
