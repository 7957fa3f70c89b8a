"""People and roles as parameters. A mention is stored as id and name, and is never shown as a mention again.

A platform that offers a list writes the choice as `<@31|Ada>` for a person and `<@&41|Crew>` for a role. People may
also type a word; only the platform knows whether that word is somebody's id.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.app.command_spec.command import ParamType, StaticContext
from bot.app.text import s
from bot.domain.errors import BadInputError

MAX_ID_CHARACTERS = 100
_MENTION = re.compile(r"<@(?P<prefix>&?)!?(?P<id>[\w.-]{1,100})(?:\|(?P<name>[^<>]{0,200}))?>", re.ASCII)
"""It ends at the first bracket: what stands behind it is for other parameters."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or a role: the platform's id and name.

    `sure` is True if the id comes from the platform, False if it is a word that somebody typed.
    """

    id: str
    name: str = ""
    sure: bool = False

    @property
    def called(self) -> str:
        """The name, or the id if there is no name."""
        return self.name or self.id


def _reader(prefix: str, refusal: Callable[[str], str]) -> Callable[[str, StaticContext], Mention]:
    def read(text: str, _: StaticContext) -> Mention:
        typed = text.strip()
        match = _MENTION.fullmatch(typed)
        if match and match["prefix"] == prefix:
            return Mention(match["id"], " ".join((match["name"] or "").split())[:MAX_ID_CHARACTERS], sure=True)
        word = typed.removeprefix("@")
        if not word or len(word) > MAX_ID_CHARACTERS or re.search(r"[\s<>|&]", word) or not word.isprintable():
            raise BadInputError(refusal(text))
        return Mention(word)

    return read


def _no_person(text: str) -> str:
    return s("{text} is not a person: choose one from the list.", text=repr(text))


def _no_role(text: str) -> str:
    return s("{text} is not a role: choose one from the list.", text=repr(text))


USER = ParamType("user", _reader("", _no_person))
ROLE = ParamType("role", _reader("&", _no_role))
