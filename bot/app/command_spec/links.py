"""The parameters that link two communities: `new`, an offer's code, and the address of a community."""

import re
from dataclasses import dataclass

from bot.app.command_spec.command import ParamType, StaticContext
from bot.app.text import s
from bot.domain.announcements.link import code_in
from bot.domain.errors import BadInputError

NEW, AGREE = "new", "agree"
HIDDEN = "CODE"
_ADDRESS = re.compile(r"(?P<platform>[a-z]{1,20}):(?P<tenant>[^\s:@][^\s:]{0,99})")


@dataclass(frozen=True, slots=True)
class Offer:
    """A request to link communities.

    Attributes:
        code: the offer that was entered; "" asks for a new offer.
        agreed: the organizer has read and accepted what the link means.
    """

    code: str = ""
    agreed: bool = False


def _offer(text: str, _: StaticContext) -> Offer:
    typed = text.strip()
    if typed.casefold() == NEW:
        return Offer()
    *words, last = typed.split() or [""]
    agreed = bool(words) and last.casefold() == AGREE
    code = code_in(" ".join(words) if agreed else typed)
    if code is None:
        raise BadInputError(
            s("That is not a code. A code looks like ABCD-EFGH-JKLM; /settings link:new gives you one.")
        )
    return Offer(code, agreed=agreed)


def _redact(typed: str) -> str:
    """Hide the code: the audit log is stored longer than the code has to stay secret."""
    return " ".join(
        dict.fromkeys(word if word.casefold() in ("link", NEW, AGREE) else HIDDEN for word in typed.split())
    )


def address_of(text: str) -> tuple[str, str]:
    """Return platform and tenant of an address such as `discord:1234`.

    Raises:
        BadInputError: it is not an address.
    """
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        raise BadInputError(
            s("{text} is not a community: write PLATFORM:TENANT, such as discord:1234.", text=repr(text))
        )
    return match["platform"], match["tenant"]


def _address(text: str, _: StaticContext) -> tuple[str, str]:
    return address_of(text)


OFFER = ParamType("link", _offer, redact=_redact)
ADDRESS = ParamType("community", _address)
