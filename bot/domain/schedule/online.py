"""Rooms that are not real rooms: links to meetings, and words such as Online."""

import re
from urllib.parse import quote, urlsplit

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


LONGEST_LINK = 512
"""Characters of an address that a button can open on every platform; Discord's limit is the smallest."""
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_UNQUOTED = "!#$%&'()*+,/:;=?@~"
"""Characters that stay as they are in an address, beside letters, digits and `-._`."""


def link_of(room: str) -> str:
    """Return the address in a room's name that a button can open, https before http; "" without one."""
    links = (openable(link.rstrip(".,;)]")) for link in _LINK.findall(room))
    return max(links, key=lambda link: (link.startswith("https:"), bool(link)), default="")


def openable(address: str) -> str:
    """Return a web address as a button opens it, "" if the text is not a web address.

    A platform refuses a whole message for one wrong address: hosts have a dot and no user name before them, and invalid
    characters are quoted.
    """
    link = quote(address, safe=_UNQUOTED, errors="replace")
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and port != 0 and "@" not in parts.netloc
    named = "." in host.strip(".-") and ".." not in host and _HOST.issuperset(host)
    return link if is_web and named and len(link) <= LONGEST_LINK else ""


def is_online(room: str) -> bool:
    """Whether a room is only a link, or a word such as Online: `https://…`, `Virtual room 2`, `Zoom: https://…`.

    A room with a link beside its name (`Hall 1 | https://…`) is a real one.
    """
    rest = _LINK.sub("", room).strip().casefold()
    if _REST.fullmatch(rest):
        return _LINK.search(room) is not None
    return len(rest) <= LONGEST and _NAMED.fullmatch(rest) is not None
