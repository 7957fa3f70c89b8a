"""People and roles as parameters: what a platform's mention names, which is never one when it is shown again.

A platform that lets people choose from its own list writes `<@31|Ada>` for a person and `<@&41|Crew>` for a role.
What is typed instead is a word, and only the platform that gave it knows whether it is somebody's id.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.app.command_spec.command import Context, ParamType
from bot.domain.errors import BadInputError

LONGEST_ID = 100
_MENTION = re.compile(r"<@(?P<what>&?)!?(?P<id>[\w.-]{1,100})(?:\|(?P<name>.*))?>", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody, or a role: the platform's id, and what the platform calls it.

    `sure` if the platform itself named it; else it is a word that somebody typed.
    """

    id: str
    name: str = ""
    sure: bool = False

    @property
    def called(self) -> str:
        """What people call it."""
        return self.name or self.id


def _reads(noun: str, what: str) -> Callable[[str, Context], Mention]:
    def read(text: str, _: Context) -> Mention:
        typed = text.strip()
        match = _MENTION.fullmatch(typed)
        if match and match["what"] == what:
            return Mention(match["id"], " ".join((match["name"] or "").split())[:LONGEST_ID], sure=True)
        word = typed.removeprefix("@")
        if not word or len(word) > LONGEST_ID or re.search(r"[\s<>|&]", word) or not word.isprintable():
            message = f"{text!r} is not a {noun}: choose one from the list."
            raise BadInputError(message)
        return Mention(word)

    return read


USER = ParamType("user", _reads("person", ""))
ROLE = ParamType("role", _reads("role", "&"))
