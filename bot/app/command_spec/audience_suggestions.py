"""Suggest the audience of an announcement: the last term of the text, after those that are complete."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from bot.app.command_spec import suggestions
from bot.app.command_spec.command import Option, StaticContext

_JOINT = re.compile(r"\s(?:and|[,+&])\s", re.IGNORECASE)
MOST_JOINTS = 8
"""Terms of a longer text are not looked for."""
ALONE = ("everyone", "organizers")
SHARES: Mapping[str, int] = {"going": 8, "next": 6, "day": 4, "track": 4}
"""How many of each kind are in the list for an empty text: with `ALONE` they fit into one list of Discord."""
Suggest = Callable[[str, StaticContext], Sequence[Option]]
KINDS: Mapping[str, Suggest] = {
    "going": suggestions.sessions,
    "next": suggestions.venues,
    "day": suggestions.days,
    "track": suggestions.tracks,
    "hotel": suggestions.venues,
    "staying": suggestions.venues,
    "backups": suggestions.sessions,
}


def audiences(typed: str, context: StaticContext) -> Sequence[Option]:
    """Return audiences that complete the last term of the text; for an empty text, the most usual ones."""
    joints = list(islice(_JOINT.finditer(typed), MOST_JOINTS))
    start = joints[-1].end() if joints else 0
    before, last = typed[:start], typed[start:].strip()
    kind, _, rest = last.partition(" ")
    if kind.casefold() in KINDS and rest:
        options = _of_kind(kind.casefold(), rest, context)
    elif last:
        options = [option for option in _all(last, context) if last.casefold() in option.label.casefold()]
    else:
        options = _usual(context)
    return [Option(before + option.label, before + option.value) for option in options[: suggestions.MAX_OPTIONS]]


def _usual(context: StaticContext) -> list[Option]:
    parts = [_of_kind(kind, "", context)[:share] for kind, share in SHARES.items()]
    return [*(Option(word, word) for word in ALONE), *(option for part in parts for option in part)]


def _all(typed: str, context: StaticContext) -> list[Option]:
    """Return audiences of every kind that may fit: a kind by its word, the others by what they are about."""
    kinds = [kind for kind in KINDS if kind.startswith(typed.casefold())]
    by_kind = [option for kind in kinds for option in _of_kind(kind, "", context)]
    by_name = [option for kind in SHARES for option in _of_kind(kind, typed, context)]
    return [*(Option(word, word) for word in ALONE), *by_kind, *by_name]


def _of_kind(kind: str, typed: str, context: StaticContext) -> list[Option]:
    return [
        Option(_label(f"{kind} {option.label}"), f"{kind} {option.value}") for option in KINDS[kind](typed, context)
    ]


def _label(text: str) -> str:
    """Cut a label that became too long in its middle: the time at its end tells repeats of a talk apart."""
    surplus = len(text) - suggestions.MAX_LABEL
    if surplus <= 0:
        return text
    name, bracket, rest = text.rpartition(" (")
    return f"{name[: -surplus - 1].rstrip('… ')}…{bracket}{rest}" if bracket else text[: suggestions.MAX_LABEL]
