"""Compares typed text with the text of a schedule: the form of letters and quotation marks makes no difference."""

import unicodedata

_APOSTROPHES = dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4`", "'")
_QUOTES = dict.fromkeys('"\u201c\u201d\u201e\u201f\u00ab\u00bb', "")
_MARKS = str.maketrans({**_APOSTROPHES, **_QUOTES})


def fold(text: str) -> str:
    """Return a form of `text` that is equal for texts which look equal.

    Case, composed and decomposed letters (NFC), the shape of apostrophes and the number of spaces make no difference.
    Quotation marks are left out: people type them to group words.
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(_MARKS).casefold().split())
