"""Rooms that are no rooms: links to meetings, and words such as Online."""

import re

_LINK = re.compile(r"https?://[^\s|<>\"]++")
_REST = re.compile(r"[\W_]*+")
_WORD = (
    r"(?:online|virtual|virtuell|remote|remoto|en ligne|en línea|live ?stream|webinar|zoom|webex|google meet|jitsi|"
    r"(?:ms|microsoft) teams)"
)
_AFTER = r"(?:[ -](?:only|room|raum|stage|track|event|session|meeting|call|link|conference))?"
_NAMED = re.compile(
    rf"(?<!\W)\W*+{_WORD}{_AFTER}(?: ?#?\d{{1,3}}| [a-z])?(?:\s*+[(\[,|/:-]++\s*+{_WORD}{_AFTER})*+\W*+"
)
LONGEST = 100
"""Characters of a room's name; longer ones are descriptions."""


def link_of(room: str) -> str:
    """Return the first https address in a room's name; "" without one."""
    found = (link.rstrip(".,;)]") for link in _LINK.findall(room) if link.startswith("https://"))
    return next(found, "")


def is_online(room: str) -> bool:
    """Whether a room is only a link, or a word such as Online: `https://…`, `Virtual room 2`, `Zoom: https://…`.

    A room with a link beside its name (`Hall 1 | https://…`) is a real one.
    """
    rest = _LINK.sub("", room).strip().casefold()
    if _REST.fullmatch(rest):
        return _LINK.search(room) is not None
    return len(rest) <= LONGEST and _NAMED.fullmatch(rest) is not None
