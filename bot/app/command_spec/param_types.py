"""The parameter types that most commands use, with the functions that read them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from rapidfuzz import fuzz, process

from bot.app.command_spec import suggestions
from bot.app.command_spec.command import Option, ParamType, StaticContext
from bot.app.command_spec.typed_zones import possible_zones
from bot.app.text import s
from bot.domain.errors import BadInputError
from bot.domain.schedule.breaks import once_each
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session, base_code
from bot.domain.schedule.session_label import session_label
from bot.domain.times.time_parsing import read_day, read_duration, read_quiet_hours, read_until
from bot.domain.times.zones import QuietHours
from bot.domain.travel.venue import Venue

MAX_CHOICES, MAX_ZONES = 3, 5
LEAST_LIKENESS = 30
"""Of 100: a word that is less like the typed one is not suggested."""
MAX_ID_CHARACTERS, LEAST_ID = 100, 8
_CHANNEL = re.compile(r"<#(?P<id>[^<>|\s]{1,100})(?:\|[^<>]{0,200})?>")
_NO_NAME = re.compile(r"[\s<>]")


class UnclearError(BadInputError):
    """No value or several values match. `options` are the nearest values, to press or type."""

    def __init__(self, sentence: str, options: Sequence[Option]) -> None:
        super().__init__(sentence)
        self.options = tuple(options[:MAX_CHOICES])


def choice(*options: str) -> ParamType[str]:
    """A type with a few fixed words. A word may be shortened while only one option begins with it."""

    def read(text: str, _: StaticContext) -> str:
        typed = text.strip().casefold()
        found = [word for word in options if word == typed] or [w for w in options if typed and w.startswith(typed)]
        if len(found) == 1:
            return found[0]
        message = s("{text} is not one of {options}.", text=repr(text), options=", ".join(options))
        raise UnclearError(message, [Option(word, word) for word in options])

    return ParamType("choice", read, options=options)


def _text(text: str, _: StaticContext) -> str:
    return text.strip()


def _number(text: str, _: StaticContext) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInputError(s("{text} is not a number: type one such as 0.7.", text=repr(text))) from None


def _duration(text: str, _: StaticContext) -> timedelta:
    return read_duration(text)


def _channel(text: str, _: StaticContext) -> str:
    """Return the id or name of a channel: platforms write `<#123>` or `<#123|hall>`, people may type `#general`.

    Words behind it are not part of it: they are for other parameters.
    """
    typed = text.strip()
    mention = _CHANNEL.fullmatch(typed)
    name = mention["id"] if mention else typed.removeprefix("#")
    if not name or not name.isprintable() or _NO_NAME.search(name) or len(name) > MAX_ID_CHARACTERS:
        raise BadInputError(s("{text} is not a channel: choose one from the list, or type none.", text=repr(text)))
    return name


def _logged_channel(text: str) -> str:
    """A channel with its id as a mention, so that the log can name it; a platform's picker gives the id alone."""
    keyword, _, last = text.rpartition(" ")
    is_id = last.isdecimal() or (
        last[:1] in ("C", "D", "G") and last.isalnum() and last.isupper() and len(last) > LEAST_ID
    )
    return f"{keyword} <#{last}>".strip() if is_id else text


def _quiet(text: str, _: StaticContext) -> QuietHours:
    return read_quiet_hours(text)


def _zone(text: str, _: StaticContext) -> str:
    zones, is_certain = possible_zones(text)
    if is_certain:
        return zones[0]
    if not zones:
        raise BadInputError(
            s("There is no time zone {text}: give a city, such as Berlin or New York.", text=repr(text.strip()))
        )
    raise UnclearError(
        s("{text} may mean several time zones. Which one?", text=repr(text.strip())),
        [Option(zone, zone) for zone in zones[:MAX_ZONES]],
    )


def _day(text: str, context: StaticContext) -> date:
    return read_day(text, context.today, context.schedule.days)


def _until(text: str, context: StaticContext) -> datetime:
    return read_until(text, context.now, context.schedule.days, context.schedule.conference.tz)


def _track(text: str, context: StaticContext) -> str:
    near = _matching(text, context.schedule.tracks)
    if len(near) == 1:
        return near[0]
    if near:
        raise _unclear(s("{text} could be several tracks here.", text=repr(text)), near)
    raise _unclear(s("{text} is not a track here.", text=repr(text)), _similar(text, context.schedule.tracks))


def _level(text: str, context: StaticContext) -> str:
    near = _matching(text, context.schedule.levels)
    if len(near) == 1:
        return near[0]
    if near:
        raise _unclear(s("{text} could be several levels here.", text=repr(text)), near)
    raise _unclear(s("{text} is not a level here.", text=repr(text)), _similar(text, context.schedule.levels))


def _unclear(sentence: str, near: Sequence[str]) -> UnclearError:
    return UnclearError(sentence, [Option(word, word) for word in near])


def _matching(text: str, words: Sequence[str]) -> list[str]:
    """Return the words that equal the text; if there are none, those that begin with it or include it."""
    typed = text.strip().casefold()
    tests: tuple[Callable[[str], bool], ...] = (
        lambda word: word == typed,
        lambda word: word.startswith(typed),
        lambda word: typed in word,
    )
    including = [word for word in words if typed and typed in word.casefold()]
    return next((found for test in tests if (found := [each for each in including if test(each.casefold())])), [])


def _fits_track(text: str, context: StaticContext) -> bool:
    return len(_matching(text, context.schedule.tracks)) == 1


def _fits_level(text: str, context: StaticContext) -> bool:
    return len(_matching(text, context.schedule.levels)) == 1


def _venues_called(typed: str, context: StaticContext) -> list[Venue]:
    """Return the venue with exactly this name; if there is none, those with a name that begins with it.

    If there are none either, return those that have a room of exactly this name.
    """
    book = context.schedule.travel.book
    exact = book.named(typed) or book.named(typed.removeprefix("the "))
    if exact:
        return [exact]
    named = [venue for venue in book.venues if _has_name_beginning(venue, typed)]
    with_room = context.schedule.venues_by_room.get(fold(typed), ())
    return named or [venue for venue in book.venues if venue.name in with_room]


def _fits_venue(text: str, context: StaticContext) -> bool:
    return len(_venues_called(text.strip().casefold(), context)) == 1


def _venue(text: str, context: StaticContext) -> Venue:
    book = context.schedule.travel.book
    typed = text.strip().casefold()
    matches = _venues_called(typed, context)
    if len(matches) == 1:
        return matches[0]
    near = matches or _nearest_venues(typed, book.venues)
    raise _unclear(_unknown_venue_text(text, near, are_matches=bool(matches)), [venue.name for venue in near])


def _unknown_venue_text(text: str, near: Sequence[Venue], *, are_matches: bool) -> str:
    if not near:
        return s('I know no venue "{text}" at this conference.', text=text)
    *others, last = [venue.name for venue in near[:MAX_CHOICES]]
    names = s("{words} or {last}", words=", ".join(others), last=last) if others else last
    if are_matches:
        return s('"{text}" could be several venues. Did you mean {names}?', text=text, names=names)
    return s('I know no venue "{text}" at this conference. Did you mean {names}?', text=text, names=names)


def _has_name_beginning(venue: Venue, typed: str) -> bool:
    names = (venue.name, *venue.aliases)
    return bool(typed) and any(name.casefold().startswith(typed) for name in names)


def _nearest_venues(typed: str, venues: Sequence[Venue]) -> list[Venue]:
    def likeness(venue: Venue) -> float:
        return max(fuzz.ratio(typed, name.casefold()) for name in (venue.name, *venue.aliases))

    return sorted(venues, key=likeness, reverse=True)[:MAX_CHOICES]


def _similar(text: str, words: Sequence[str]) -> list[str]:
    found = process.extract(
        text, words, scorer=fuzz.ratio, processor=str.casefold, limit=MAX_CHOICES, score_cutoff=LEAST_LIKENESS
    )
    return [word for word, _, _ in found]


def _session(text: str, context: StaticContext) -> Session:
    typed, schedule = text.strip(), context.schedule
    if listed := _from_last_list(typed, context):
        return listed
    if exact := schedule.by_code.get(typed.upper()) or schedule.by_id.get(typed):
        return exact
    if typed.isdecimal() and len(typed) < 3:  # noqa: PLR2004 — no list is longer
        raise BadInputError(s("Your last list has no number {number}. Get a new list with /find.", number=typed))
    named = list(once_each(_by_title(typed, schedule)))
    if len(named) == 1:
        return named[0]
    near = named or list(once_each(context.search.nearest(typed, MAX_CHOICES)))
    if named:
        sentence = s('{count} sessions match "{text}". Which one do you mean?', count=len(named), text=text)
    elif near:
        sentence = s('I found no "{text}". Did you mean one of these?', text=text)
    else:
        sentence = s('I found no "{text}". Try /find with a word of its title.', text=text)
    raise UnclearError(sentence, [_option(session, context) for session in near])


def _from_last_list(typed: str, context: StaticContext) -> Session | None:
    listed = context.last_list
    if not typed.isdecimal() or not 1 <= int(typed) <= len(listed):
        return None
    return context.schedule.by_id.get(listed[int(typed) - 1])


def _by_title(typed: str, schedule: Schedule) -> list[Session]:
    """Return the session with exactly this title; if there is none, all sessions whose title includes the text."""
    words = fold(typed)
    if exact := schedule.by_title.get(words):
        return list(exact)
    if len(words) < 3:  # noqa: PLR2004 — two letters are in every title
        return []
    titles = zip(schedule.folded_titles, schedule.sessions, strict=True)
    return [session for title, session in titles if words in title]


def _is_title(text: str, context: StaticContext) -> bool:
    return fold(text) in context.schedule.by_title


def _chosen_session(text: str, context: StaticContext) -> Session:
    """A session, looked for among the chosen ones first: by code, by the code of another sitting, by title."""
    typed, schedule = text.strip(), context.schedule
    chosen = [session for id_ in context.chosen if (session := schedule.by_id.get(id_))]
    if _from_last_list(typed, context) is None:
        code, words = typed.upper(), fold(typed)
        tests: tuple[Callable[[Session], bool], ...] = (
            lambda session: session.code.upper() == code,
            lambda session: session.talk.upper() == base_code(code),
            lambda session: fold(session.title) == words,
            lambda session: len(words) > 2 and words in fold(session.title),  # noqa: PLR2004 — as for all titles
        )
        found = next((found for test in tests if (found := [each for each in chosen if test(each)])), [])
        if len(found) == 1:
            return found[0]
        if found:
            message = f'{len(found)} sessions on your agenda match "{text}". Which one do you mean?'
            raise UnclearError(message, [_option(session, context) for session in found])
    return _session(text, context)


def _option(session: Session, context: StaticContext) -> Option:
    return Option(session_label(session, context.schedule.conference.tz, context.hours), session.code)


TEXT = ParamType("text", _text, is_text=True)
SEARCH = replace(TEXT, verbatim=True)
"""A search in plain words. Quotes in it mean something, and so does everything beside them."""
FILE = ParamType("file", _text, is_text=True)
"""A file. Its text is what `Request.attached` takes: the platform's id of the file, or a path on the console."""
NUMBER = ParamType("number", _number)
CHANNEL = ParamType("channel", _channel, redact=_logged_channel)
DURATION = ParamType("duration", _duration)
QUIET = ParamType("quiet hours", _quiet)
ZONE = ParamType("zone", _zone, is_text=True, suggest=suggestions.zones)
UNTIL = ParamType("until", _until, is_text=True)
DAY = ParamType("day", _day, suggest=suggestions.days)
VENUE = ParamType("venue", _venue, suggest=suggestions.venues, fits=_fits_venue)
TRACK = ParamType("track", _track, suggest=suggestions.tracks, fits=_fits_track)
LEVEL = ParamType("level", _level, suggest=suggestions.levels, fits=_fits_level)
SESSION = ParamType("session", _session, is_text=True, suggest=suggestions.sessions, names=_is_title)
CHOSEN_SESSION = ParamType(
    SESSION.name,
    _chosen_session,
    is_text=True,
    suggest=suggestions.chosen_sessions,
    names=_is_title,
    chosen_first=True,
)
