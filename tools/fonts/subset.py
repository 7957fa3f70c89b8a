"""Cut the fonts of pictures from Debian's Noto packages: `python tools/fonts/subset.py FOLDER` (needs fonttools).

FOLDER has the `.ttf` files of the package fonts-noto-core and `NotoSansCJK-Regular.ttc` of fonts-noto-cjk. The results
in bot/pictures/fonts are committed; this is run only to change them.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).parents[2] / "bot" / "pictures" / "fonts"
WESTERN: Final = "U+0020-036F,U+0370-052F,U+1E00-1FFF,U+2000-206F,U+20A0-20BF,U+2100-214F,U+2190-2193,U+2200-22FF"
FIRST_ASIAN: Final = 0x3000
WHOLE: Final = (
    "Arabic",
    "Hebrew",
    "Thai",
    "Devanagari",
    "Bengali",
    "Tamil",
    "Georgian",
    "Armenian",
    "Telugu",
    "Kannada",
    "Malayalam",
    "Gujarati",
    "Gurmukhi",
    "Sinhala",
    "Khmer",
    "Lao",
    "Myanmar",
    "Ethiopic",
)


def two_byte_characters(encoding: str) -> Iterator[str]:
    """Every character that a national standard of East Asia encodes in two bytes."""
    for lead in range(0xA1, 0xFF):
        for trail in range(0xA1, 0xFF):
            try:
                yield bytes((lead, trail)).decode(encoding)
            except UnicodeDecodeError:
                continue


def subset(font: Path, target: str, unicodes: str, *options: str) -> None:
    """Write the part of a font that has `unicodes`."""
    command = ["pyftsubset", str(font), f"--unicodes={unicodes}", f"--output-file={TARGET / target}"]
    subprocess.run([*command, "--no-hinting", "--desubroutinize", *options], check=True)  # noqa: S603 — a developer names the folder


def main(folder: Path) -> None:
    """Write all fonts."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight in ("Regular", "Bold"):
        subset(folder / f"NotoSans-{weight}.ttf", f"NotoSans-{weight}.ttf", WESTERN, "--layout-features=kern,liga,mark")
    for script in WHOLE:
        subset(folder / f"NotoSans{script}-Regular.ttf", f"NotoSans{script}-Regular.ttf", "*", "--layout-features=*")
    han = {ord(character) for name in ("euc_jp", "gb2312", "euc_kr") for character in two_byte_characters(name)}
    asian = ",".join(f"{number:x}" for number in sorted(han) if number >= FIRST_ASIAN)
    options = ("--font-number=0", "--layout-features=kern")
    subset(folder / "NotoSansCJK-Regular.ttc", "NotoSansCJK-Regular.otf", asian, *options)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
