"""Finds the address of a recording among the links of a session."""

from collections.abc import Iterable

from bot.sources.text import plain

_ALWAYS = ("video recording", "session recording", "talk recording", "videoaufzeichnung")
_WITH_FORMAT = ("video", "recording", "aufzeichnung")
_PLAYS_EVERYWHERE = ".mp4"
LONGEST_NAME = 200
"""Characters of a link's name that are looked at."""


def recording_among(links: Iterable[tuple[str, str]]) -> str:
    """Return the address of the recording among (name, address) pairs, "" without one.

    `Video recording (mp4)`, `Video recording (AV1/WebM) - 93 MB` and `Video (DIVX)` are names of recordings. A link
    that is only called `Recording` or `Video` is one that a speaker added: in FOSDEM's files it leads to an older talk.
    """
    addresses = [address for name, address in links if address and _is_recording(name)]
    return next(
        (address for address in addresses if address.casefold().endswith(_PLAYS_EVERYWHERE)), "".join(addresses[:1])
    )


def _is_recording(name: str) -> bool:
    words = plain(name[:LONGEST_NAME]).casefold()
    called = words.partition("(")[0].partition(" - ")[0].strip()
    return called in _ALWAYS or (called in _WITH_FORMAT and "(" in words)
