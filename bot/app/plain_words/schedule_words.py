"""The words of a schedule: titles, venues and topics, indexed so that a line is compared with them quickly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from bot.app.plain_words.words import split_marks
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session
from bot.domain.travel.venue import Venue

MOST_SCHEDULES = 16
"""Indexes in memory: as many schedules as are asked about at a time."""
SHORTEST_NAME = 3
"""Letters of the beginning of a venue's name that stands for it."""
SHORTEST_CORRECTED_NAME = 5
"""Letters of a name in which typing errors are corrected; a shorter one is near to too many words."""
LEAST_WORDS = 2
"""Words of a title that is found inside a longer sentence."""


@dataclass(frozen=True, slots=True)
class ScheduleWords:
    """The words of one schedule.

    Attributes:
        schedule: whose words they are.
        titles: by its first word, each title of at least `LEAST_WORDS` words, with its sessions; the longest first.
        by_word: by a word, the sessions with titles that have it.
        venues: by the first words of a name or alias, as many as there are, the venues that are called so.
        name_words: all words of names.
        first_names: the first word of each name that is long enough to correct it, with its venue's name.
        topics: the names of topics by their letters.
        rooms: the folded words of names of rooms that have a number, such as `titian 2204`.
    """

    schedule: Schedule
    titles: Mapping[str, Sequence[tuple[Sequence[str], Sequence[Session]]]]
    by_word: Mapping[str, frozenset[int]]
    venues: Mapping[str, Sequence[Venue]]
    name_words: frozenset[str]
    first_names: Mapping[str, str]
    topics: Mapping[str, str]
    rooms: frozenset[str]

    def has_word(self, word: str) -> bool:
        """Whether a title or a venue has this word."""
        return word in self.by_word or word in self.name_words

    def sessions_named(self, words: Iterable[str]) -> list[Session]:
        """Return the sessions whose titles have all of the words, in the order of the schedule."""
        numbers = [self.by_word.get(fold(word), frozenset()) for word in words]
        return (
            [self.schedule.sessions[number] for number in sorted(frozenset.intersection(*numbers))] if numbers else []
        )


_indexes: LRUCache[int, ScheduleWords] = LRUCache(MOST_SCHEDULES)


def words_of(schedule: Schedule) -> ScheduleWords:
    """Return the index of a schedule, built once. A schedule is known by its identity: comparing two takes too long."""
    index = _indexes.get(id(schedule))
    if index is None or index.schedule is not schedule:
        index = _indexes[id(schedule)] = _index_of(schedule)
    return index


def letters(text: str) -> str:
    """`wifi` for `Wi-Fi`."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _index_of(schedule: Schedule) -> ScheduleWords:
    by_title: dict[tuple[str, ...], list[Session]] = defaultdict(list)
    by_word: dict[str, set[int]] = defaultdict(set)
    for number, (title, session) in enumerate(zip(schedule.folded_titles, schedule.sessions, strict=True)):
        if session.listed:
            words = tuple(split_marks(title))
            by_title[words].append(session)
            for word in words:
                by_word[word].add(number)
                by_word[word.removesuffix("'s")].add(number)
    titles: dict[str, list[tuple[Sequence[str], Sequence[Session]]]] = defaultdict(list)
    for words in sorted(by_title, key=len, reverse=True):
        if len(words) >= LEAST_WORDS:
            titles[words[0]].append((words, by_title[words]))
    names = [(fold(name).split(), venue) for venue in schedule.venues for name in (venue.name, *venue.aliases)]
    return ScheduleWords(
        schedule=schedule,
        titles=titles,
        by_word={word: frozenset(numbers) for word, numbers in by_word.items()},
        venues=_venues(names),
        name_words=frozenset(word for words, _ in names for word in words),
        first_names={
            words[0]: venue.name
            for words, venue in names
            if words and words[0].isalpha() and len(words[0]) >= SHORTEST_CORRECTED_NAME
        },
        topics={letters(topic.name): topic.name for topic in schedule.topics},
        rooms=frozenset(_rooms(schedule)),
    )


def _rooms(schedule: Schedule) -> Iterator[str]:
    """Names of at least two words, of which the last has a digit; a name of one word may be a code or a number."""
    for room in {session.room for session in schedule.sessions if session.room}:
        for part in (room, *room.replace("/", "|").replace(",", "|").split("|")):
            words = fold(part).split()
            if len(words) >= LEAST_WORDS and any(map(str.isdigit, words[-1])):
                yield " ".join(words)


def _venues(names: Sequence[tuple[Sequence[str], Venue]]) -> Mapping[str, Sequence[Venue]]:
    """The venues by whole names first, and by the beginnings of names that are no whole names."""
    whole: dict[str, list[Venue]] = {}
    for words, venue in names:
        whole.setdefault(" ".join(words), [venue])
    begun: dict[str, list[Venue]] = defaultdict(list)
    for words, venue in names:
        for length in range(1, len(words)):
            start = " ".join(words[:length])
            if len(start) >= SHORTEST_NAME and venue not in begun[start]:
                begun[start].append(venue)
    return {**begun, **whole}
