"""The parameter types of announcements: audience, link and text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from bot.app.command_spec.audience_suggestions import audiences
from bot.app.command_spec.command import ParamType, StaticContext
from bot.app.command_spec.param_types import CHANNEL, SESSION, TRACK, VENUE, UnclearError
from bot.app.text import s
from bot.domain.announcements.audience import Audience, Term, Who
from bot.domain.errors import BadInputError
from bot.domain.times.time_parsing import read_day

MAX_TEXT_CHARACTERS, MAX_LINK_CHARACTERS, MAX_AUDIENCE_CHARACTERS = 1_500, 400, 500
_AND = re.compile(r"\band\b|[,+&]", re.IGNORECASE)
BESIDE = ("to", "in")
"""Words of a typed line that may stand before a term: `to everyone and in #general`."""
ROLE_MARKS = ("<@&", "<!subteam^", "@&")
"""How a role of Discord and a user group of Slack begin where they are mentioned.

Discord lists the members of a role only to bots with the privileged intent for members, and Slack those of a user group
only with the scope `usergroups:read`.
"""
MOST_JOINTS = 8
"""Joining words that the name of one venue or track may have: each is one more reading of the text before it."""
_LINK = re.compile(r"https://[A-Za-z0-9.-]++(?::\d{1,5})?(?:[/?#][A-Za-z0-9\-._/?#\[\]!$&'()+,;=%:]*+)?")
"""Excludes @, which can hide the host or mention somebody, and characters that are markup on a platform."""
EXAMPLES = "everyone, #general, going ARC301, track Security, day tuesday, hotel Wynn, next Wynn, backups ARC301"


@dataclass(frozen=True, slots=True)
class Target:
    """The recipients of an announcement: people, and channels by id."""

    audience: Audience
    channels: tuple[str, ...] = ()


def _target(text: str, context: StaticContext) -> Target:
    """Read terms joined by `and`. A venue or track whose name includes the word "and" is read too."""
    terms, channels = [], []
    if any(word.casefold().startswith(ROLE_MARKS) for word in text.split()):
        raise BadInputError(_role_text())
    rest = text.strip()
    while rest:
        found, rest = _read_first(rest, context)
        if isinstance(found, str):
            channels.append(found)
        elif found is not None:
            terms.append(found)
    if not text.strip():
        raise BadInputError(_unclear(text))
    return Target(Audience(tuple(dict.fromkeys(terms))), tuple(dict.fromkeys(channels)))


def _read_first(text: str, context: StaticContext) -> tuple[Term | str | None, str]:
    """Read the longest beginning that is a term; return it with the text after the joining word."""
    joints = [(match.start(), match.end()) for match in islice(_AND.finditer(text), MOST_JOINTS + 1)]
    last = joints.pop() if len(joints) > MOST_JOINTS else (len(text), len(text))
    ends = [last, *reversed(joints)]
    wrong: BadInputError | None = None
    for end, begin in ends:
        try:
            return _read_term(text[:end].strip(), context), text[begin:].strip()
        except BadInputError as fault:
            wrong = fault
    raise wrong or BadInputError(_unclear(text))


def _read_term(text: str, context: StaticContext) -> Term | str | None:
    """Read a term, the id of a channel, or None for everybody."""
    word, _, rest = text.partition(" ")
    if word.casefold() in BESIDE and rest:
        text = rest.strip()
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
        # No buttons: pressing one would replace the whole audience by this single term.
        near = "; ".join(option.label for option in unclear.options)
        perhaps = s("{sentence} {near}.", sentence=str(unclear), near=near)
        raise BadInputError(perhaps if near else str(unclear)) from None


def _session_id(text: str, context: StaticContext) -> str:
    return SESSION.read(text, context).id


def _day_id(text: str, context: StaticContext) -> str:
    return read_day(text, context.today, context.schedule.days).isoformat()


def _venue_name(text: str, context: StaticContext) -> str:
    return VENUE.read(text, context).name


TERMS: Mapping[str, tuple[Who, str, Callable[[str, StaticContext], str]]] = {
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
"""First word of a term: its kind, a filler word that may follow, and the reader of the rest."""


def _role_text() -> str:
    return s(
        "I can't write to a role or a user group: its members are shown only to apps with more permissions than I ask "
        "for. Post it in a channel that they read, as in #general, or choose {examples} or organizers.",
        examples=EXAMPLES,
    )


def _unclear(text: str) -> str:
    return s(
        "I don't know the audience {text}. Type {examples} or organizers, joined by and.",
        text=repr(text),
        examples=EXAMPLES,
    )


def _link(text: str, _: StaticContext) -> str:
    """Read an https address whose host is visible."""
    typed = text.strip()
    if not _LINK.fullmatch(typed) or not _is_host(urlsplit(typed).hostname or ""):
        raise BadInputError(
            s(
                "{text} is no link: type one such as https://example.org/map, without @ and other signs.",
                text=repr(text),
            )
        )
    return typed


def _is_host(name: str) -> bool:
    return "." in name and ".." not in name and not name.startswith((".", "-"))


def _prose(text: str, _: StaticContext) -> str:
    r"""Read a text of several lines. In an input of one line, people type `\n` for a line break."""
    return text.replace("\\n", "\n").strip()


def _whole(text: str, _: StaticContext) -> int:
    typed = text.strip().removeprefix("#")
    if not typed.isdecimal() or len(typed) > len(str(2**53)):
        raise BadInputError(s("{text} is not a number.", text=repr(text)))
    return int(typed)


TARGET = ParamType("audience", _target, suggest=audiences, max_length=MAX_AUDIENCE_CHARACTERS)
LINK = ParamType("link", _link, max_length=MAX_LINK_CHARACTERS)
PROSE = ParamType("text", _prose, is_text=True, multiline=True, max_length=MAX_TEXT_CHARACTERS)
WHOLE = ParamType("whole number", _whole)
