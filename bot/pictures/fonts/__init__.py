"""The fonts of pictures, and which characters each of them draws.

A picture looks the same on every machine: no font of the system is used. Each text is divided into runs, because resvg
finds no second font for a text in several scripts.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
WESTERN, ASIAN = "Noto Sans", "Noto Sans CJK JP"
STANDARDS: Final = ("euc_jp", "gb2312", "euc_kr")
"""The national standards whose characters the font of East Asia has."""
SCRIPTS: Final = (
    (0x0000, 0x052F, WESTERN),
    (0x0530, 0x058F, "Noto Sans Armenian"),
    (0x0590, 0x05FF, "Noto Sans Hebrew"),
    (0x0600, 0x077F, "Noto Sans Arabic"),
    (0x08A0, 0x08FF, "Noto Sans Arabic"),
    (0x0900, 0x097F, "Noto Sans Devanagari"),
    (0x0980, 0x09FF, "Noto Sans Bengali"),
    (0x0A00, 0x0A7F, "Noto Sans Gurmukhi"),
    (0x0A80, 0x0AFF, "Noto Sans Gujarati"),
    (0x0B80, 0x0BFF, "Noto Sans Tamil"),
    (0x0C00, 0x0C7F, "Noto Sans Telugu"),
    (0x0C80, 0x0CFF, "Noto Sans Kannada"),
    (0x0D00, 0x0D7F, "Noto Sans Malayalam"),
    (0x0D80, 0x0DFF, "Noto Sans Sinhala"),
    (0x0E00, 0x0E7F, "Noto Sans Thai"),
    (0x0E80, 0x0EFF, "Noto Sans Lao"),
    (0x1000, 0x109F, "Noto Sans Myanmar"),
    (0x10A0, 0x10FF, "Noto Sans Georgian"),
    (0x1200, 0x139F, "Noto Sans Ethiopic"),
    (0x1780, 0x17FF, "Noto Sans Khmer"),
    (0x1E00, 0x22FF, WESTERN),
    (0xFB1D, 0xFB4F, "Noto Sans Hebrew"),
    (0xFB50, 0xFDFF, "Noto Sans Arabic"),
    (0xFE70, 0xFEFF, "Noto Sans Arabic"),
)
FILES: Final = {
    WESTERN: ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ASIAN: ("NotoSansCJK-Regular.otf",),
}
SPOKEN_ONLY: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Categories of characters that have no shape. A mark of direction from a schedule must not turn the rest around."""


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text, each with its font. A character without a font is a space."""
    visible = (
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in SPOKEN_ONLY
    )
    last, placed = WESTERN, []
    for character in visible:
        font = _font(character)
        # A space and a mark belong to the word before them.
        joins = font is None or character.isspace() or unicodedata.combining(character)
        last = last if joins or font is None else font
        placed.append((last, character if font else " "))
    for font_name, part in groupby(placed, key=lambda pair: pair[0]):
        yield font_name, "".join(character for _, character in part)


def files_of(fonts: Iterable[str]) -> list[str]:
    """Return the paths of the files with these fonts."""
    names = (FILES.get(font, (f"{font.replace(' ', '')}-Regular.ttf",)) for font in sorted(set(fonts)))
    return [str(FOLDER / name) for group in names for name in group]


def _font(character: str) -> str | None:
    number = ord(character)
    for first, last, font in SCRIPTS:
        if first <= number <= last:
            return font
    return ASIAN if any(_is_encoded(character, name) for name in STANDARDS) else None


def _is_encoded(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
