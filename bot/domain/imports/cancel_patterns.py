"""Patterns of cancellation marks in a title: in brackets, before a colon, after a dash.

A module of its own: compiling the expressions takes 25 ms, and most files have no such word.
"""

import re

from bot.domain.imports.cancel_marks import WORD

_MARK = rf"{WORD}(?:\s*+[/|,&+-]\s*+{WORD}){{0,5}}"
"""One word, or one in each of several languages: `ABGESAGT / CANCELLED`."""
_OPEN, _CLOSE = r"[\[({<【（［「*_~!]", r"[\])}>】）］」*_~!]"
_WHY = r"(?:\s*[:,;!–—-][^\[\](){}]{0,80}|\s+(?:due|by|because|wegen|por|pour|a causa|из-за)\b[^\[\](){}]{0,80})?"
"""A reason inside the brackets: `[Cancelled due to illness]`."""
_IN_BRACKETS = rf"(?<!{_OPEN}){_OPEN}++\s*+{_MARK}{_WHY}\s*{_CLOSE}++"
WHOLE = re.compile(rf"(?<!\W)\W*+{_MARK}\W*+")
_LEAD = r"[^\w\[({<【（［「*_~!]"
# Text before a mark is matched possessively and only at its beginning, so that a search reads it once.
BEFORE = (
    re.compile(rf"(?<!{_LEAD}){_LEAD}*+{_IN_BRACKETS}[\s:–—|-]*+"),
    re.compile(rf"(?<!\W)\W*+{_MARK}(?:\s*+(?::(?!:)|[：!！–—|•*])|\s*+-++\s|\s-)[\s:：–—|!*-]*+"),
)
BEHIND = (re.compile(rf"{_IN_BRACKETS}\W*+$"), re.compile(rf"(?:\s[–—-]|\|)\s*+{_MARK}[\s.!]*+$"))
BARE = (re.compile(rf"(?<!\W)\W*+({WORD})\s++"), re.compile(rf"\s({WORD})[\s.!]*+$"))
