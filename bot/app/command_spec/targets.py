"""What organizers type: whom it is for, when it goes out, where a link leads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.app.command_spec.command import Context, Kind
from bot.app.command_spec.param_types import CHANNEL, DURATION, SESSION, TRACK, VENUE, UnclearError
from bot.domain.announcements.announcement import Moment
from bot.domain.announcements.audience import Audience, Term, Who
from bot.domain.errors import BadInputError
from bot.domain.schedule.time_parsing import read_day, read_time
from bot.domain.schedule.zones import resolve_wall

LONGEST_TEXT, LONGEST_LINK = 1_500, 400
_AND = re.compile(r"\s*(?:\band\b|[,+&])\s*", re.IGNORECASE)
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][A-Za-z0-9\-._/?#\[\]!$&'()+,;=%:]*)?")
"""Without @, which would hide where it leads or call somebody, and without what is markup on some platform."""
_BEFORE = re.compile(r"(.+?)\s+before\s+(.+)", re.IGNORECASE | re.DOTALL)
EXAMPLES = "everyone, #general, going ARC301, track Security, day tuesday, hotel Wynn, next Wynn, backups ARC301"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an announcement is for: people, and the channels in which it is posted."""

    audience: Audience
    channels: tuple[str, ...] = ()


def _target(text: str, context: Context) -> Target:
    """Terms joined by `and`; a name that has the word in it is found too."""
    terms, channels = [], []
    rest = text.strip()
    while rest:
        found, rest = _first(rest, context)
        if isinstance(found, str):
            channels.append(found)
        elif found is not None:
            terms.append(found)
    if not text.strip():
        raise BadInputError(_unclear(text))
    return Target(Audience(tuple(dict.fromkeys(terms))), tuple(dict.fromkeys(channels)))


def _first(text: str, context: Context) -> tuple[Term | str | None, str]:
    """The longest beginning that is a term, and what follows the word that joins them."""
    ends = [(len(text), len(text)), *((match.start(), match.end()) for match in reversed(list(_AND.finditer(text))))]
    wrong: BadInputError | None = None
    for end, begin in ends:
        try:
            return _term(text[:end].strip(), context), text[begin:]
        except BadInputError as fault:
            wrong = fault
    raise wrong or BadInputError(_unclear(text))


def _term(text: str, context: Context) -> Term | str | None:
    """A term, the id of a channel, or None for everybody."""
    word, _, rest = text.partition(" ")
    if text.startswith(("#", "<#")):
        return CHANNEL.read(text, context)
    alone = {"everyone": None, "everybody": None, "all": None, "organizers": Term(Who.ORGANIZERS)}
    if text.casefold() in alone:
        return alone[text.casefold()]
    if word.casefold() not in TERMS or not rest.strip():
        raise BadInputError(_unclear(text))
    who, filler, read = TERMS[word.casefold()]
    try:
        return Term(who, read(rest.strip().removeprefix(filler), context))
    except UnclearError as unclear:
        # No buttons: one would stand for this term alone, and widen the audience by all the others.
        near = ", ".join(option.value for option in unclear.options)
        raise BadInputError(f"{unclear}{f' Perhaps {near}.' if near else ''}") from None


def _session_id(text: str, context: Context) -> str:
    return SESSION.read(text, context).id


def _day_id(text: str, context: Context) -> str:
    return read_day(text, context.today, context.schedule.days).isoformat()


def _venue_name(text: str, context: Context) -> str:
    return VENUE.read(text, context).name


TERMS: Mapping[str, tuple[Who, str, Callable[[str, Context], str]]] = {
    "going": (Who.GOING, "to ", _session_id),
    "session": (Who.GOING, "", _session_id),
    "backups": (Who.BACKUPS, "of ", _session_id),
    "backup": (Who.BACKUPS, "of ", _session_id),
    "track": (Who.TRACK, "", TRACK.read),
    "day": (Who.DAY, "", _day_id),
    "hotel": (Who.HOTEL, "", _venue_name),
    "staying": (Who.HOTEL, "in ", _venue_name),
    "next": (Who.NEXT, "in ", _venue_name),
}
"""By the word it begins with: a small word that may follow, and what the rest stands for."""


def _unclear(text: str) -> str:
    return f"I don't know the audience {text!r}. Type {EXAMPLES} or organizers, joined by and."


def _moment(text: str, context: Context) -> Moment:
    """`now`, `14:00`, `tuesday 9am`, an ISO time, `10m before ARC301`."""
    typed = text.strip()
    if typed.casefold() == "now":
        return Moment()
    match = _BEFORE.fullmatch(typed)
    if match:
        session = SESSION.read(match[2], context)
        minutes = int(DURATION.read(match[1], context).total_seconds() // 60)
        moment, at = Moment(None, session.id, minutes), session.starts_at - timedelta(minutes=minutes)
    else:
        at = _instant(typed, context)
        moment = Moment(at)
    if at <= context.now:
        message = f"{text!r} is over: choose a later moment, or now."
        raise BadInputError(message)
    return moment


def _instant(typed: str, context: Context) -> datetime:
    zone = context.schedule.conference.tz
    try:
        written = datetime.fromisoformat(typed)
    except ValueError:
        day, _, clock = typed.rpartition(" ")
        wall = read_time(clock)
        date = read_day(day, context.today, context.schedule.days) if day else context.now.astimezone(zone).date()
        at = resolve_wall(datetime.combine(date, wall), zone)[0]
        if not day and at <= context.now:
            at = resolve_wall(datetime.combine(date + timedelta(days=1), wall), zone)[0]
        return at
    return written if written.tzinfo else resolve_wall(written, zone)[0]


def _link(text: str, _: Context) -> str:
    """An address that says where it leads."""
    typed = text.strip()
    if len(typed) > LONGEST_LINK or not _LINK.fullmatch(typed) or not _is_host(urlsplit(typed).hostname or ""):
        message = f"{text!r} is no link: type one such as https://example.org/map, without @ and other signs."
        raise BadInputError(message)
    return typed


def _is_host(name: str) -> bool:
    return "." in name and ".." not in name and not name.startswith((".", "-"))


def _prose(text: str, _: Context) -> str:
    """Several lines; where only one can be typed, a backslash and an n begin the next."""
    typed = text.replace("\\n", "\n").strip()
    if len(typed) > LONGEST_TEXT:
        message = f"That is too long: {len(typed):,} characters, and {LONGEST_TEXT:,} fit everywhere."
        raise BadInputError(message)
    return typed


def _whole(text: str, _: Context) -> int:
    typed = text.strip().removeprefix("#")
    if not typed.isdecimal() or len(typed) > len(str(2**53)):
        message = f"{text!r} is not a number."
        raise BadInputError(message)
    return int(typed)


TARGET = Kind("audience", _target)
MOMENT = Kind("moment", _moment)
LINK = Kind("link", _link)
PROSE = Kind("text", _prose, free=True, lines=True)
WHOLE = Kind("whole number", _whole)
