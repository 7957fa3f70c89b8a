"""Find what a sentence is about: sessions by code, number or title, venues, days, durations and topics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.app.command_spec import DAY, DURATION, QUIET, StaticContext
from bot.app.plain_words.language import english
from bot.app.plain_words.schedule_words import SHORTEST_CORRECTED_NAME, SHORTEST_NAME, letters, words_of
from bot.app.plain_words.words import DAY_WORDS, Word, nearest_word
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session

MAX_WORDS_OF_NAME = 5
SHORTEST_NUMERIC_CODE = 3
"""Digits of a number that can be a code; a shorter one is a number of a list."""
SHORTEST_CODE = 5
"""Characters of an unknown word of letters and digits that counts as a typing error of a code."""
WEEKDAYS = ("mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
UNITS = ("min", "mins", "minute", "minutes", "m", "h", "hour", "hours")
SESSION_KINDS = ("session", "other")
VENUE_KINDS = ("venue", "to")
NOON = 12
MAX_WORDS_OF_ROOM = 4
CLOCK_WORDS = ("at", "after", "before", "from", "until", "till", "around", "by")
"""Words before a time of day, such as `at 11`."""
LAST_HOUR = 23
LUNCH = "lunch"
HALVES_OF_DAY = ("am", "pm")
WITHIN = ("to", "and", "until", "till")
"""Words between the two times of quiet hours."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a sentence with its meaning.

    Attributes:
        kinds: what it can be for a phrase.
        value: the text for a parameter.
        start: the index of its first word.
        stop: the index after its last word.
    """

    kinds: tuple[str, ...]
    value: str
    start: int
    stop: int


def find_slots(words: Sequence[Word], context: StaticContext) -> list[Slot]:
    """Return the slots of a sentence, in order, without overlap; the longest at each word."""
    slots: list[Slot] = []
    start = 0
    while start < len(words):
        slot = _slot_at(words, start, context)
        if slot is not None:
            slots.append(slot)
        start = slot.stop if slot else start + 1
    return _directed(_without_repeats(slots), words)


def talks_named(words: Sequence[str], context: StaticContext) -> list[Session]:
    """Return one sitting of each talk whose title has all `words`: the next one, else the first."""
    by_talk: dict[str, Session] = {}
    for session in words_of(context.schedule).sessions_named(words):
        sitting = by_talk.get(session.talk)
        if sitting is None or sitting.starts_at <= context.now < session.starts_at:
            by_talk[session.talk] = session
    return list(by_talk.values())


def _slot_at(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    for find in (_title, _room, _session, _venue, _quiet, _duration, _day, _topic, _clock, _number):
        slot = find(words, start, context)
        if slot is not None:
            return slot
    return None


def _title(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A whole title of two words or more, the longest that begins here."""
    raws = [(index, fold(part)) for index, word in enumerate(words[start:], start) for part in word.raw.split()]
    if not raws or raws[0][0] != start:
        return None
    for title, sessions in words_of(context.schedule).titles.get(raws[0][1], ()):
        if [part for _, part in raws[: len(title)]] == list(title):
            coming = [session for session in sessions if session.starts_at > context.now] or sessions
            last = raws[len(title) - 1][0]
            stop = next((index for index, _ in raws if index > last), len(words))
            return Slot(SESSION_KINDS, coming[0].code, start, stop)
    return None


def _room(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A room such as `Titian 2204`, together with a time behind it: both are for the search."""
    rooms = words_of(context.schedule).rooms
    for length in range(min(MAX_WORDS_OF_ROOM, len(words) - start), 1, -1):
        part = words[start : start + length]
        if all(word.raw for word in part) and " ".join(fold(word.raw) for word in part) in rooms:
            clock = _clock(words, start + length, context)
            stop = clock.stop if clock else start + length
            return Slot(("room",), " ".join(word.raw for word in words[start:stop]), start, stop)
    return None


def _clock(words: Sequence[Word], start: int, _: StaticContext) -> Slot | None:
    """A time of day behind a word such as "at": `at 11`, `after 3 pm`, `before 14:30`."""
    texts = [word.text for word in words[start : start + 3]]
    if len(texts) < 2 or texts[0] not in CLOCK_WORDS:  # noqa: PLR2004 — a word and a time
        return None
    number = texts[1].removesuffix("am").removesuffix("pm")
    hour, _colon, minutes = number.partition(":")
    if not hour.isdecimal() or int(hour[:3]) > LAST_HOUR or not (minutes or "0").isdecimal():
        return None
    length = 3 if texts[2:] and texts[2] in HALVES_OF_DAY else 2
    if words[start + length : start + length + 1] and words[start + length].text in WITHIN:
        # Quiet hours: "from 22 to 7".
        return None
    return Slot(("clock",), " ".join(texts[1:length]), start, start + length)


def _session(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A code such as `ARC301`, also as `arc 301`; an unknown code, too, because it is a typing error of one."""
    by_code = context.schedule.by_code
    for length in (2, 1):
        part = words[start : start + length]
        raws = [word.raw for word in part if word.raw]
        if len(raws) < length:
            continue
        for code in ("".join(raws).upper(), "-".join(raws).upper(), "".join(raws).upper().replace("-", "")):
            if code in by_code and _is_code(code, raws):
                return Slot(SESSION_KINDS, code, start, start + length)
    raw = words[start].raw
    has_form = len(raw) >= SHORTEST_CODE and raw[:2].isalpha() and raw.isascii() and raw[-1].isalnum()
    if has_form and any(map(str.isdigit, raw)) and _has_such_codes(context):
        return Slot(SESSION_KINDS, raw, start, start + 1)
    return None


def _is_code(code: str, raws: Sequence[str]) -> bool:
    """Whether a word that equals a code is used as one: it has a digit, or was typed in capitals."""
    if code.isdecimal():
        return len(code) >= SHORTEST_NUMERIC_CODE
    return any(map(str.isdigit, code)) or (raws == [code] and len(code) > SHORTEST_NAME)


def _has_such_codes(context: StaticContext) -> bool:
    first = next(iter(context.schedule.by_code), "")
    return any(map(str.isdigit, first)) and any(map(str.isalpha, first))


def _venue(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    index = words_of(context.schedule)
    for length in range(min(MAX_WORDS_OF_NAME, len(words) - start), 0, -1):
        part = words[start : start + length]
        text = " ".join(fold(word.raw) for word in part)
        venues = index.venues.get(text, ())
        is_name = " " in text or (len(text) >= SHORTEST_NAME and not part[0].is_common)
        if len(venues) == 1 and (is_name or venues[0].name.casefold() == text):
            return Slot(VENUE_KINDS, venues[0].name, start, start + length)
    word = words[start]
    is_likely = word.text.isalpha() and len(word.text) >= SHORTEST_CORRECTED_NAME and not word.is_common
    near = nearest_word(word.text, tuple(index.first_names)) if is_likely and not index.has_word(word.text) else None
    return Slot(VENUE_KINDS, index.first_names[near], start, start + 1) if near else None


def _day(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    first = words[start].text
    for length in (3, 2, 1):
        part = words[start : start + length]
        if len(part) < length:
            continue
        text = " ".join(word.text for word in part)
        if length == 1:
            likely = first in DAY_WORDS or first in WEEKDAYS or text.count("-") == 2  # noqa: PLR2004 — an ISO date
        else:
            text = " ".join(_without_ending(part) for part in text.replace(" of ", " ").split())
            likely = _is_date(text)
        if likely and DAY.accepts(text, context):
            return Slot(("day",), text, start, start + length)
    return None


def _without_ending(text: str) -> str:
    """`3` for `3rd`."""
    return text[:-2] if text[-2:] in ("st", "nd", "rd", "th") and text[:-2].isdecimal() else text


def _is_date(text: str) -> bool:
    """Whether a text looks like `day 2`, `3 dec` or `december 3`."""
    parts = text.split()
    if len(parts) != 2 or not any(map(str.isdecimal, parts)):  # noqa: PLR2004 — two words
        return False
    word = next((part for part in parts if not part.isdecimal()), "")
    return word == "day" or word[:3] in MONTHS


def _duration(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    for length in (2, 1):
        part = [_in_digits(word) for word in words[start : start + length]]
        if len(part) < length or not part[0][:1].isdigit():
            continue
        has_unit = part[-1] in UNITS or (part[-1][0].isdigit() and part[-1].lstrip("0123456789") in UNITS)
        if has_unit and DURATION.accepts("".join(part), context):
            return Slot(("duration",), "".join(part), start, start + length)
    return None


def _in_digits(word: Word) -> str:
    """`30min` for "half an hour"."""
    return word.meaning if word.meaning[:1].isdigit() else word.text


def _quiet(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    for length in (3, 1):
        part = [word.text for word in words[start : start + length]]
        text = "".join("-" if word in WITHIN else word for word in part)
        if text[:1].isdigit() and len(part) == length and _has_hours(text) and QUIET.accepts(text, context):
            return Slot(("quiet",), text, start, start + length)
    return None


def _has_hours(text: str) -> bool:
    """Whether a range is one of times: "1 and 2" are two numbers of a list."""
    return ":" in text or "m" in text or any(part.isdecimal() and int(part[:3]) > NOON for part in text.split("-"))


def _topic(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A topic of the organizers' information, such as `Wi-Fi`."""
    topics = words_of(context.schedule).topics
    for length in (3, 2, 1):
        part = words[start : start + length]
        for text in ("".join(word.raw for word in part), "".join(word.meaning for word in part)):
            if len(part) == length and (name := topics.get(letters(text))):
                kinds = ("topic", LUNCH) if any(word.meaning == LUNCH for word in part) else ("topic",)
                return Slot(kinds, name, start, start + length)
    return None


def _number(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A number of the last list: `2`, `number two`, `the second`."""
    text = words[start].text
    following = words[start + 1].text if start + 1 < len(words) else ""
    number, length = 0, 1
    numbers, ordinals = english().numbers, english().ordinals
    if text in ("number", "no", "nr") and (following.isdecimal() or following in numbers):
        number, length = int(following[:3]) if following.isdecimal() else numbers.index(following) + 1, 2
    elif text.isdecimal() and len(text) < SHORTEST_NUMERIC_CODE:
        number = int(text)
    elif text in ordinals:
        number = ordinals.index(text) + 1
    if 1 <= number <= len(context.last_list):
        return Slot(SESSION_KINDS, str(number), start, start + length)
    return None


def _without_repeats(slots: Sequence[Slot]) -> list[Slot]:
    """Leave out the second of two slots that say the same side by side, such as `wifi password`."""
    unique: list[Slot] = []
    for slot in slots:
        last = unique[-1] if unique else None
        if last and (last.kinds, last.value, last.stop) == (slot.kinds, slot.value, slot.start):
            unique[-1] = replace(last, stop=slot.stop)
        else:
            unique.append(slot)
    return unique


def _directed(slots: Sequence[Slot], words: Sequence[Word]) -> list[Slot]:
    """Say which of two venues a way begins at: the word before it tells, else it is the first."""
    venues = [slot for slot in slots if slot.kinds == VENUE_KINDS][:2]
    if len(venues) < 2:  # noqa: PLR2004 — a way has two ends
        return list(slots)
    before = [next(_words_before(words, slot.start), "") for slot in venues]
    reverse = before[0] == "to" or before[1] == "from"
    first, second = (replace(slot, kinds=(kind,)) for slot, kind in zip(venues, ("from", "to"), strict=True))
    if reverse:
        first, second = replace(first, kinds=("to",)), replace(second, kinds=("from",))
    return [first if slot is venues[0] else second if slot is venues[1] else slot for slot in slots]


def _words_before(words: Sequence[Word], index: int) -> Iterator[str]:
    """The words before one, nearest first, without articles."""
    return (word.text for word in reversed(words[:index]) if word.text not in ("the", "a", "hotel"))
