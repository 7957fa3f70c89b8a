"""Removes from text of others the characters that hide or reverse neighbouring text."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co"}
"""Unicode categories of control characters, bidirectional overrides, lone surrogates and private use."""
_JOINERS = "\u200d\u200c\ufe0f"
"""Hidden characters that emoji and some scripts need."""


def visible(text: str) -> str:
    """Return the text on one line, without hidden characters and those that change the direction of text."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join(char for char in line if char in _JOINERS or unicodedata.category(char) not in _HIDDEN).strip()
