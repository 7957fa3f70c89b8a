"""Repairs UTF-8 that another program decoded with a wrong encoding: `FrÃ¼hstÃ¼ck`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain.phrases import phrase

MISREAD_AS = ("cp1252", "mac_roman", "cp1251")
"""Encodings in which spreadsheets and editors open a UTF-8 file by mistake."""
MOST_TIMES = 3
"""A file that passed through several wrong programs was misread several times."""
CERTAIN, NEARLY_ALL = 2, 9
"""Evidence is two different sequences, and that they hold nine of ten characters outside ASCII."""
_SURE = re.compile("[\u00c2\u00c3\u00e2\u00f0]")
"""Letters that no language writes before a symbol. Nearly all sequences misread as Windows-1252 begin with them."""
_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]++")
_WORD_END = re.compile(r'[\s,;"<>]')
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class _Misreading:
    """How UTF-8 looks in another encoding: the byte of each character, and the sequences that are one character."""

    codec: str
    byte_of: Mapping[int, int]
    sequence: re.Pattern[str]

    def meant(self, sequence: str) -> str:
        """Return the character that was meant; "" if there is none."""
        try:
            return sequence.translate(self.byte_of).encode("latin-1").decode()
        except UnicodeError:
            return ""


@dataclass(frozen=True, slots=True)
class _Repair:
    """A misreading, and the character for each sequence that stands for one."""

    misreading: _Misreading
    meant: Mapping[str, str]

    def first(self, text: str) -> int:
        return next(at.start() for at in self.misreading.sequence.finditer(text) if at[0] in self.meant)

    def apply(self, text: str) -> str:
        return self.misreading.sequence.sub(lambda match: self.meant.get(match[0], match[0]), text)


def repaired(text: str) -> tuple[str, str]:
    """Return the text with misread characters corrected, and a sentence with a sample; "" if nothing was misread."""
    if text.isascii():
        return text, ""
    right, repairs = text, list[_Repair]()
    while len(repairs) < MOST_TIMES and (repair := _repair(right)):
        repairs.append(repair)
        right = repair.apply(right)
    if not repairs:
        return text, ""
    sample = read = _word(text, repairs[0].first(text))
    for repair in repairs:
        read = repair.apply(read)
    return right, phrase(
        "a program saved it with a wrong encoding: {sample} is read as {read}, and others like it",
        sample=repr(sample),
        read=repr(read),
    )


def _repair(text: str) -> _Repair | None:
    """Return the repair for which there is enough evidence."""
    parts = _OUTSIDE_ASCII.findall(text)
    outside, runs = sum(map(len, parts)), " ".join(parts)
    for misreading in map(_misreading, MISREAD_AS if outside else ()):
        sequences = [(sequence, misreading.meant(sequence)) for sequence in misreading.sequence.findall(runs)]
        sequences = [(sequence, meant) for sequence, meant in sequences if meant]
        likely = sum(len(sequence) for sequence, _ in sequences) * (NEARLY_ALL + 1) >= outside * NEARLY_ALL
        sure = {sequence for sequence, _ in sequences if misreading.codec == "cp1252" and _SURE.match(sequence)}
        meant = dict(sequences) if likely else {sequence: meant for sequence, meant in sequences if sequence in sure}
        if len(meant) >= CERTAIN or (likely and sure):
            return _Repair(misreading, meant)
    return None


@cache
def _misreading(codec: str) -> _Misreading:
    characters = {byte: bytes([byte]).decode(codec, "ignore") for byte in range(0x80, 0x100)}
    # In Latin-1, and where an encoding leaves out a byte, the byte stays as a control character.
    controls = {byte: chr(byte) for byte in range(0x80, 0xA0)}
    byte_of = {
        ord(character): byte for table in (controls, characters) for byte, character in table.items() if character
    }

    def one_of(first: int, last: int) -> str:
        return "".join(re.escape(chr(code)) for code, byte in byte_of.items() if first <= byte <= last)

    more = f"[{one_of(0x80, 0xBF)}]"
    parts = (
        f"[{one_of(0xC2, 0xDF)}]{more}",
        f"[{one_of(0xE0, 0xEF)}]{more}{{2}}",
        f"[{one_of(0xF0, 0xF4)}]{more}{{3}}",
    )
    return _Misreading(codec, byte_of, re.compile("|".join(parts)))


def _word(text: str, at: int) -> str:
    """Return the word around a position."""
    before = _WORD_END.split(text[max(at - _LONGEST_WORD, 0) : at])[-1]
    return before + _WORD_END.split(text[at : at + _LONGEST_WORD])[0]
