"""Keeps sentences short that quote text of others, however long that text is."""

import re

LONGEST_QUOTE = 100
LONGEST_SENTENCE, ITS_HEAD = 600, 400
# The closing quote is optional, so that a quote without end is one match, and the search ends there.
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*+'?|"(?:[^"\\]|\\.)*+"?)""", re.DOTALL)


def brief(sentence: str) -> str:
    """Cut each quoted text to 100 characters, and then the middle of a sentence that is longer than 600."""
    if len(sentence) <= LONGEST_QUOTE:
        return sentence
    short = _QUOTED.sub(lambda quote: _cut(quote[0]), sentence)
    if len(short) <= LONGEST_SENTENCE:
        return short
    # The remedy comes last.
    return f"{short[:ITS_HEAD]}… …{short[ITS_HEAD - LONGEST_SENTENCE :]}"


def _cut(quote: str) -> str:
    closed = quote[-1] == quote[0]
    return f"{quote[:LONGEST_QUOTE]}…{quote[-1]}" if closed and len(quote) - 2 > LONGEST_QUOTE else quote
