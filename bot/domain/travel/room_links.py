"""Links to rooms in c3nav, the indoor map of some conferences: `BASE/l/ROOM/` and `BASE/r/FROM/TO/`."""

import unicodedata
from string import ascii_letters, digits
from urllib.parse import urlsplit

from bot.domain.errors import BadInputError

MAX_ADDRESS_CHARACTERS = 200
MAX_SLUG_CHARACTERS = 80
"""With the address, a link to a way is shorter than the 512 characters of a button's link on Discord."""
_OF_ADDRESSES = frozenset(ascii_letters + digits + ":/.-_~")
_ENDS = ("|", ",")
"""The separators between the parts of a room's name; the room itself is last."""


def read_base(text: str) -> str:
    """Return the address of a c3nav without a slash at the end.

    Raises:
        BadInputError: the text is not a plain https address.
    """
    typed = text.strip()
    try:
        parts = urlsplit(typed)
        more = parts.username or parts.password or parts.query or parts.fragment or parts.port
        is_plain = parts.scheme == "https" and bool(parts.hostname) and not more
    except ValueError:
        is_plain = False
    if not is_plain or len(typed) > MAX_ADDRESS_CHARACTERS or not set(typed) <= _OF_ADDRESSES:
        raise BadInputError("Give the address of the indoor map itself, such as https://nav.fosdem.org")
    return typed.rstrip("/")


def room_slug(room: str) -> str:
    """Return the name of a room as c3nav usually writes it: `K.1.105 (La Fontaine)` is `k1105`; "" for none."""
    for end in _ENDS:
        room = room.rpartition(end)[2]
    name = room.partition("(")[0].replace(".", "")
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = (char for char in letters if not unicodedata.combining(char))
    return "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in plain).split())[
        :MAX_SLUG_CHARACTERS
    ]


def room_link(base: str, room: str) -> str | None:
    """Return the link that shows a room; None without an indoor map or a room."""
    slug = room_slug(room) if base else ""
    return f"{base}/l/{slug}/" if slug else None


def room_route_link(base: str, start: str, end: str) -> str | None:
    """Return the link that shows the way from one room to another; None without an indoor map, or for the same room."""
    origin, target = (room_slug(start), room_slug(end)) if base else ("", "")
    return f"{base}/r/{origin}/{target}/" if origin and target and origin != target else None
