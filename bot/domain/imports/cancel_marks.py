"""Marks in titles that say that a session does not take place: `CANCELLED: A`, `[abgesagt] A`, `A (annulé)`, `~~A~~`.

A word inside a title is no mark: `CancelledError: what now?` and `Cancelled tasks and where they go` take place.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WORDS = (
    *(r"cancell?ed", "postponed", "called off", "withdrawn"),
    *("abgesagt", "entfallt", "entfallen", "fallt aus", "ausgefallen", "storniert", "vertagt"),
    *("annulee?s?", "supprimee?s?"),
    *("cancelad[oa]s?", "anulad[oa]s?", "suspendid[oa]s?", "aplazad[oa]s?", "adiad[oa]s?"),
    *("geannuleerd", "afgelast", "uitgesteld", "gaat niet door"),
    *("annullat[oaie]", "cancellat[oaie]", "rinviat[oaie]"),
    *("отмен(?:ен[оаы]?|яется|а)", "скасован[оаі]?"),
    *("odwolan[eyai]", "zrusen[aoeyi]?", "otkazan[oai]?", "odpovedan[oai]?"),
    *("installt", "installd", "aflyst", "avlyst", "peruttu", "peruutettu"),
    *("elmarad", "torolve", "anulat[ae]?", "iptal(?: edildi)?", "ακυρωθηκε", "ακυρωνεται", "cancel.lada?t?"),
    *(
        "(?:開催)?中止",
        "キャンセル",
        "延期",
        "(?:已|被)?取消",
        "취소(?:됨|되었습니다)?",
        "בוטלה?",
        "מבוטלת?",
        "ملغ[ىاي]ة?",
    ),
)
"""In the languages that conferences speak, in small letters without accents."""


def folded(text: str) -> str:
    """Return the text in small letters without accents, one character for each of `text`."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@lru_cache(4_096)
def _letter(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    plain = (parts[0] if all(map(unicodedata.combining, parts[1:])) else character).casefold()[0]
    return {"ł": "l", "ø": "o", "ı": "i"}.get(plain, plain)


WORD = "(?:" + "|".join("".join(map(_letter, word)) for word in WORDS) + ")"
_ANY = re.compile(WORD)
_STRUCK = (("~~", "~~"), ("<s>", "</s>"), ("<del>", "</del>"), ("<strike>", "</strike>"))
_STROKE = "\u0336"
"""A stroke through the letter before it."""


def is_cancelled(title: str) -> bool:
    """Whether the title carries a mark that says that the session does not take place."""
    return without_mark(title) != title.strip()


def says_cancelled(words: str) -> bool:
    """Whether a state or another short text consists only of such a word."""
    small = folded(words)
    if not _ANY.search(small):
        return False
    from bot.domain.imports.cancel_patterns import WHOLE  # noqa: PLC0415 — 25 ms that most files do not need

    return WHOLE.fullmatch(small) is not None


@lru_cache(16_384)
def without_mark(title: str) -> str:
    """Return the title without its mark, which is the title of the talk before it was cancelled."""
    title = title.strip()
    if title.count(_STROKE) * 2 > len(title.replace(_STROKE, "").replace(" ", "")):
        return title.replace(_STROKE, "")
    for opening, closing in _STRUCK:
        inner = title[len(opening) : -len(closing)].strip()
        if inner and title.casefold().startswith(opening) and title.casefold().endswith(closing):
            return inner
    small = folded(title)
    if not _ANY.search(small):
        return title
    from bot.domain.imports.cancel_patterns import WHOLE  # noqa: PLC0415 — as below

    if WHOLE.fullmatch(small):
        return ""
    begins, ends = next(_marks(title, small), (0, 0))
    return (title[:begins] + title[ends:]).strip()


def _marks(title: str, small: str) -> Iterator[tuple[int, int]]:
    from bot.domain.imports.cancel_patterns import BARE, BEFORE, BEHIND  # noqa: PLC0415 — as above

    for match in (*(mark.match(small) for mark in BEFORE), *(mark.search(small) for mark in BEHIND)):
        if match and len(match[0]) < len(title):
            yield match.span()
    # Without brackets or a colon only capitals make it a mark: `CANCELLED Workshop`, not `Cancelled tasks`.
    before, behind = BARE
    for bare in (before.match(small), behind.search(small)):
        if bare and title[slice(*bare.span(1))].isupper():
            rest = title[: bare.start()] + title[bare.end() :]
            if not rest.isupper():
                yield bare.span()
