"""Find what a sentence is about: sessions by code, number or title, venues, days, durations and topics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.app.command_spec import DAY, DURATION, QUIET, StaticContext
from bot.app.plain_words.words import DAY_WORDS, Word, nearest_word, split_marks
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session

MAX_WORDS_OF_NAME = 8
SHORTEST_NAME = 3
"""Letters of the beginning of a venue's name that stands for it."""
SHORTEST_NUMERIC_CODE = 3
"""Digits of a number that can be a code; a shorter one is a number of a list."""
MOST_TALKS = 3
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WEEKDAYS = ("mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
UNITS = ("min", "mins", "minute", "minutes", "m", "h", "hour", "hours")
NEXT_DAY = frozenset(("next", "this", "on", "coming"))


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
    slots: list[Slot] = [*_exact_title(words, context)]
    start = 0
    while start < len(words):
        inside = next((slot for slot in slots if slot.start <= start < slot.stop), None)
        slot = inside or _slot_at(words, start, context)
        if slot is not None and inside is None:
            slots.append(slot)
        start = slot.stop if slot else start + 1
    return _directed(_once_each(sorted(slots, key=lambda slot: slot.start)), words)


def _once_each(slots: Sequence[Slot]) -> list[Slot]:
    """Leave out the second of two slots that say the same side by side, such as `wifi password`."""
    kept: list[Slot] = []
    for slot in slots:
        if kept and (kept[-1].kinds, kept[-1].value, kept[-1].stop) == (slot.kinds, slot.value, slot.start):
            kept[-1] = Slot(slot.kinds, slot.value, kept[-1].start, slot.stop)
        else:
            kept.append(slot)
    return kept


def talks_named(words: Sequence[str], context: StaticContext) -> list[Session]:
    """Return one sitting of each talk whose title has all `words`: the next one, else the first."""
    folded = [fold(word) for word in words]
    schedule = context.schedule
    found: dict[str, Session] = {}
    for title, session in zip(schedule.folded_titles, schedule.sessions, strict=True):
        if all(word in title for word in folded) and session.listed:
            parts = {part for raw in split_marks(title) for part in (raw, raw.removesuffix("'s"))}
            if parts.issuperset(folded):
                known = found.get(session.talk)
                if known is None or known.starts_at <= context.now < session.starts_at:
                    found[session.talk] = session
    return list(found.values())


def is_word_of_schedule(word: str, context: StaticContext) -> bool:
    """Whether a title or a venue has this word."""
    titles = (title for title in context.schedule.folded_titles if word in title)
    return any(word in split_marks(title) for title in titles) or any(
        word in name.casefold().split() for venue in context.schedule.venues for name in (venue.name, *venue.aliases)
    )


def _exact_title(words: Sequence[Word], context: StaticContext) -> Iterator[Slot]:
    """The longest title of two words or more that stands in the sentence as a whole."""
    raws = [(index, fold(part)) for index, word in enumerate(words) for part in word.raw.split()]
    line = " ".join(part for _, part in raws)
    inside = [title for title in set(context.schedule.folded_titles) if " " in title and _bare(title) in line]
    for title in sorted(inside, key=len, reverse=True)[:1]:
        parts = _bare(title).split()
        for start in range(len(raws) - len(parts) + 1):
            if [part for _, part in raws[start : start + len(parts)]] == parts:
                sessions = [each for each in context.schedule.sessions if fold(each.title) == title and each.listed]
                coming = [each for each in sessions if each.starts_at > context.now] or sessions
                last = raws[start + len(parts) - 1][0]
                following = next((index for index, _ in raws if index > last), len(words))
                yield from (Slot(("session", "other"), each.code, raws[start][0], following) for each in coming[:1])
                return


def _bare(title: str) -> str:
    return " ".join(split_marks(title))


def _slot_at(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    for find in (_session, _venue, _quiet, _duration, _day, _topic, _number):
        slot = find(words, start, context)
        if slot is not None:
            return slot
    return None


def _session(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A code such as `ARC301`, also as `arc 301`; an unknown code, too, because it is a typing error of one."""
    for length in (2, 1):
        part = words[start : start + length]
        if len(part) < length:
            continue
        for joint in ("", "-"):
            code = joint.join(word.raw for word in part).upper()
            if code in context.schedule.by_code and _is_code(code, part):
                return Slot(("session", "other"), code, start, start + length)
    raw = words[start].raw
    if any(map(str.isdigit, raw)) and "-" in raw and (code := raw.replace("-", "").upper()) in context.schedule.by_code:
        return Slot(("session", "other"), code, start, start + 1)
    is_typo = any(map(str.isdigit, raw)) and raw[:2].isalpha() and raw.isascii() and raw[-1].isalnum()
    if is_typo and _has_such_codes(context) and len(raw) > 4:  # noqa: PLR2004 — `5pm` and `v1.2` are no codes
        return Slot(("session", "other"), raw, start, start + 1)
    return None


def _is_code(code: str, part: Sequence[Word]) -> bool:
    """Whether a word that equals a code is meant as one: it has a digit, or was typed in capitals."""
    if code.isdecimal():
        return len(code) >= SHORTEST_NUMERIC_CODE
    return any(map(str.isdigit, code)) or (len(part) == 1 and part[0].raw == code and len(code) > SHORTEST_NAME)


def _has_such_codes(context: StaticContext) -> bool:
    first = next(iter(context.schedule.by_code), "")
    return any(map(str.isdigit, first)) and any(map(str.isalpha, first))


def _venue(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    book = context.schedule.travel.book
    for length in range(min(MAX_WORDS_OF_NAME, len(words) - start), 0, -1):
        part = words[start : start + length]
        text = " ".join(word.raw for word in part).casefold()
        venue = book.named(text) or book.named(text.removeprefix("the "))
        if venue is None and not part[0].is_common:
            begun = [
                each for each in book.venues if _begins(each.name, text) or any(_begins(a, text) for a in each.aliases)
            ]
            venue = begun[0] if len(begun) == 1 else None
        if venue is not None and (length > 1 or len(text) >= SHORTEST_NAME):
            return Slot(("venue", "to"), venue.name, start, start + length)
    word = words[start]
    names = {
        name.casefold().split()[0]: each.name
        for each in book.venues
        for name in (each.name, *each.aliases)
        if name.strip()
    }
    likely = [name for name in names if name.isalpha() and len(name) > 4]  # noqa: PLR2004 — short names are near to many words
    is_likely = word.text.isalpha() and len(word.text) > 4 and not word.is_common  # noqa: PLR2004 — as above
    near = nearest_word(word.text, likely) if is_likely and not is_word_of_schedule(word.text, context) else None
    return Slot(("venue", "to"), names[near], start, start + 1) if near else None


def _begins(name: str, text: str) -> bool:
    """Whether the first whole words of a name are `text`."""
    folded = name.casefold()
    return len(text) >= SHORTEST_NAME and folded.startswith(text) and not folded[len(text) : len(text) + 1].isalnum()


def _day(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    first = words[start]
    for length in (3, 2, 1):
        part = words[start : start + length]
        if len(part) < length:
            continue
        text = " ".join(word.text for word in part)
        if length == 1:
            likely = first.text in DAY_WORDS or first.text in WEEKDAYS or text.count("-") == 2  # noqa: PLR2004 — an ISO date
        else:
            text = text.removesuffix("th").removesuffix("st").removesuffix("nd").removesuffix("rd").replace(" of ", " ")
            likely = _is_date(text)
        if likely and DAY.accepts(text, context):
            return Slot(("day",), text, start, start + length)
    return None


def _is_date(text: str) -> bool:
    """Whether a text looks like `day 2`, `3 dec` or `december 3`."""
    parts = text.split()
    if len(parts) != 2 or not any(map(str.isdecimal, parts)):  # noqa: PLR2004 — two words
        return False
    word = next((part for part in parts if not part.isdecimal()), "")
    return word == "day" or word[:3] in MONTHS


def _duration(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    for length in (2, 1):
        part = [word.text for word in words[start : start + length]]
        has_unit = part[-1] in UNITS or (part[-1][0].isdigit() and part[-1].lstrip("0123456789") in UNITS)
        if len(part) == length and part[0][0].isdigit() and has_unit and DURATION.accepts("".join(part), context):
            return Slot(("duration",), "".join(part), start, start + length)
    return None


def _quiet(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    for length in (3, 1):
        text = " ".join(
            "-" if word.text in ("to", "and", "until", "till") else word.text for word in words[start : start + length]
        )
        if text[:1].isdigit() and QUIET.accepts(text, context):
            return Slot(("quiet",), text.replace(" ", ""), start, start + length)
    return None


def _topic(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A topic of the organizers' information, such as `Wi-Fi`."""
    topics = {_letters(topic.name): topic.name for topic in context.schedule.topics}
    for length in (3, 2, 1):
        part = words[start : start + length]
        if len(part) == length:
            for text in ("".join(word.raw for word in part), "".join(word.meaning for word in part)):
                if name := topics.get(_letters(text)):
                    return Slot(("topic",), name, start, start + length)
    return None


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _number(words: Sequence[Word], start: int, context: StaticContext) -> Slot | None:
    """A number of the last list: `2`, `number two`, `the second`."""
    text = words[start].text
    following = words[start + 1].text if start + 1 < len(words) else ""
    number, length = 0, 1
    if text in ("number", "no", "nr") and (following.isdecimal() or following in NUMBER_WORDS):
        number, length = int(following) if following.isdecimal() else NUMBER_WORDS.index(following) + 1, 2
    elif text.isdecimal() and len(text) < SHORTEST_NUMERIC_CODE:
        number = int(text)
    elif text in ORDINALS:
        number = ORDINALS.index(text) + 1
    if 1 <= number <= len(context.last_list):
        return Slot(("session", "other"), str(number), start, start + length)
    return None


def _directed(slots: Sequence[Slot], words: Sequence[Word]) -> list[Slot]:
    """Say of each venue whether a way begins or ends there: by the word before it, else the first of two begins."""
    venues = [slot for slot in slots if "venue" in slot.kinds]
    if len(venues) < 2:  # noqa: PLR2004 — a way has two ends
        return list(slots)
    before = [words[slot.start - 1].text if slot.start else "" for slot in venues[:2]]
    if before[0] == "the" and venues[0].start > 1:
        before[0] = words[venues[0].start - 2].text
    reverse = before[0] == "to" or (before[1] == "from")
    kinds = (("to",), ("from",)) if reverse else (("from",), ("to",))
    renamed = {
        id(slot): Slot(kind, slot.value, slot.start, slot.stop) for slot, kind in zip(venues, kinds, strict=False)
    }
    return [renamed.get(id(slot), slot) for slot in slots]
