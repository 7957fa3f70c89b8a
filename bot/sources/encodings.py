"""Detects the encoding of a file that does not state it, from its words outside ASCII, with a library."""

import re

ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859-2", "iso8859-5", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
    *("cp437", "cp850", "cp852", "cp866"),
    *("cp932", "euc_jis_2004", "iso2022_jp_2", "gb18030", "big5hkscs", "cp949"),
)
"""Encodings in which spreadsheets and programs of our time export; rarer ones would win by chance on short texts."""
LIKELIER = {"Windows-1252": 1.3, "MacRoman": 1.15}
"""Factors of the library's confidence: a few accents fit many encodings, and most such files are western."""
EVIDENCE = 64 * 1024
"""Number of bytes that are looked at; more do not change the result."""
_ESCAPE = b"\x1b"
# All of these bytes are below 0x40, where no multi-byte encoding of the list has a part of a letter.
_BETWEEN = re.compile(rb"""[\x00-\x1a\x1c-\x20,;:"'<>()]+""")


def detected(data: bytes) -> str:
    """Return the name of the most likely encoding of `data`, which is not UTF-8."""
    import chardet  # noqa: PLC0415 — it takes longer to import than all else, and few files need it

    words = _outside_ascii(data)
    likely = chardet.detect_all(
        words,
        ignore_threshold=True,
        include_encodings=ENCODINGS,
        no_match_encoding="cp1252",
        empty_input_encoding="cp1252",
    )
    weights = {
        str(guess["encoding"]): guess["confidence"] * LIKELIER.get(str(guess["encoding"]), 1) for guess in likely
    }
    return max(weights, key=lambda name: weights[name])


def _outside_ascii(data: bytes) -> bytes:
    """Return the words with other characters than ASCII: column names in English would only mislead."""
    if _ESCAPE in data:
        return data[:EVIDENCE]
    words, size = [], 0
    for word in _BETWEEN.split(data):
        if not word.isascii():
            words.append(word)
            size += len(word) + 1
            if size > EVIDENCE:
                break
    return b"\n".join(words)[:EVIDENCE]
