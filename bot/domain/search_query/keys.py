"""Normalized text for comparison with names: only letters and digits count, and plurals equal singulars."""

import unicodedata
from functools import lru_cache

LONGEST_SINGULAR = 3
_EDGES = " \t\r\n,;:!?()[]{}<>|*_~`'’‘‚‛´\"“”„‟«»…·."


@lru_cache(4_096)
def key(text: str) -> str:
    """Return the letters and digits of `text`, without case and accents: `K.1.105` gives `k1105`."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
    return "".join(filter(str.isalnum, plain))


@lru_cache(4_096)
def singular_key(text: str) -> str:
    """Return the key of `text` with each word in its singular: `Builders' sessions` gives `buildersession`."""
    return "".join(_singular(key(word)) for word in text.split())


def stripped(word: str) -> str:
    """Return a word without the punctuation around it; `C++`, `C#` and `.NET` stay as they are."""
    bare = word.strip(_EDGES)
    return f".{bare}" if bare.casefold() == "net" and word.lstrip(_EDGES[:-1]).startswith(".") else bare


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > LONGEST_SINGULAR + 1:
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > LONGEST_SINGULAR:
        return word[:-1]
    return word
