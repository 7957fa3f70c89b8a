"""What a typed search means, in tables, and what holds for every search."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule.session import Recorded
from bot.domain.search_query.names import Names
from bot.domain.search_query.query import Part, Query, SearchField
from bot.domain.search_query.ranking import Ranking
from bot.domain.search_query.selection import Selection
from bot.domain.search_query.typed_line import line_of
from bot.domain.search_query.understanding import understand
from bot.domain.travel.venue import Venue
from bot.search import index_of
from tests.builders import at, schedule, session

TODAY, MON, TUE = date(2021, 11, 29), "2021-11-29", "2021-11-30"
CASTLE, BARN = Venue("Castle Inn", ("Castle", "C."), 50.1, 4.1), Venue("Barn", ("Great Hall",), 50.2, 4.2)
SESSIONS = (
    session(
        "A1", at(9), CASTLE, title="Zero trust networks", kind="Chalk talk", level="300 - Advanced", room="C.1.105"
    ),
    session(
        "A2", at(10), CASTLE, title="Queues for builders", kind="Workshop", track="Security", room="C.1.106 (Rosa)"
    ),
    session("A3", at(14), BARN, title="Go generics", kind="Chalk talk", track="Go", speakers=("Zoë Müller",)),
    session("A4", at(18), BARN, title="Ownership", kind="Builders' session", track="Rust", language="de"),
    session("A5", at(9, day=30), BARN, title="Mondays are hard", kind="Workshop", speakers=("Ada Byron", "Jo By")),
    session("A6", at(12, day=30), CASTLE, title="Lunch", kind="Meal", room="Foyer | Expo"),
    session("A7", at(13, 30, day=30), CASTLE, title="Legal basics", track="Legal & Policy", recorded=Recorded.YES),
    session(
        "A8",
        at(16, day=30),
        BARN,
        title="Kernel of truth",
        room="Great Hall",
        track="Kernel",
        level="100",
        recorded=Recorded.NO,
    ),
    session("A9", at(0, 30, day=30), BARN, title="Night hike", kind="Workshop", language="en"),
)
MADE = schedule(SESSIONS, venues=(CASTLE, BARN), ways=())
INDEX = index_of(MADE)
NAMES = INDEX.names
D, T, AFTER, BEFORE, AT, W = (
    SearchField.DAY,
    SearchField.DAYTIME,
    SearchField.AFTER,
    SearchField.BEFORE,
    SearchField.AT,
    SearchField.WORD,
)


def as_right(_: str) -> None:
    """Corrects nothing."""


def read(line: str) -> dict[SearchField, tuple[str, ...]]:
    query = understand(line, NAMES, TODAY, as_right).query
    assert not any(part.excluded for part in query.parts)
    found = {part.field: part.values for part in query.filters}
    return {**found, **({W: query.words} if query.words else {})}


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("chalk talks", {SearchField.KIND: ("Chalk talk",)}),
        ("chalk", {SearchField.KIND: ("Chalk talk",)}),
        ("Builders’ sessions", {SearchField.KIND: ("Builders' session",)}),
        ("builder session or workshops", {SearchField.KIND: ("Builders' session", "Workshop")}),
        ("workshop for builders", {SearchField.KIND: ("Workshop",), W: ("builders",)}),
        ("today", {D: (MON,)}),
        ("tomorrow", {D: (TUE,)}),
        ("mondays", {D: (MON,)}),
        ("tues", {D: (TUE,)}),
        ("30 nov", {D: (TUE,)}),
        ("nov 30th", {D: (TUE,)}),
        ("30th of november 2021", {D: (TUE,)}),
        ("30.11.", {D: (TUE,)}),
        ("11/30", {D: (TUE,)}),
        ("2021-11-30", {D: (TUE,)}),
        ("day 2", {D: (TUE,)}),
        ("last day", {D: (TUE,)}),
        ("monday or tuesday", {D: (MON, TUE)}),
        ("thursday", {D: ("2021-12-02",)}),
        ("thu", {W: ("thu",)}),
        ("tonight", {D: (MON,), T: ("evening",)}),
        ("this afternoon", {D: (MON,), T: ("afternoon",)}),
        ("in the morning", {T: ("morning",)}),
        ("lunchtime", {T: ("lunchtime",)}),
        ("lunch", {W: ("lunch",)}),
        ("after lunch", {AFTER: ("780",)}),
        ("after 14:00", {AFTER: ("840",)}),
        ("from 2pm", {AFTER: ("840",)}),
        ("after 2", {AFTER: ("840",)}),
        ("after 02:00", {AFTER: ("1560",)}),
        ("before noon", {BEFORE: ("720",)}),
        ("before 9.30", {BEFORE: ("570",)}),
        ("by 10", {BEFORE: ("600",)}),
        ("at 10", {AT: ("600",)}),
        ("10am", {AT: ("600",)}),
        ("2 p.m.", {AT: ("840",)}),
        ("14:00", {AT: ("840",)}),
        ("14h30", {AT: ("870",)}),
        ("noon", {AT: ("720",)}),
        ("10", {W: ("10",)}),
        ("9:00-12:30", {AFTER: ("540",), BEFORE: ("750",)}),
        ("2-4pm", {AFTER: ("840",), BEFORE: ("960",)}),
        ("between 11 and 1pm", {AFTER: ("660",), BEFORE: ("780",)}),
        ("from 9 to 12", {AFTER: ("540",), BEFORE: ("720",)}),
        ("after 9 and before 12 but not after 11", {AFTER: ("540",), BEFORE: ("660",), W: ("but",)}),
        ("from 5 to 3", {AFTER: ("1020",), W: ("3",)}),
        ("between queues and sets", {W: ("between", "queues", "sets")}),
        ("2010-2020", {W: ("2010-2020",)}),
        ("castle", {SearchField.VENUE: ("Castle Inn",)}),
        ("at the Castle Inn", {SearchField.VENUE: ("Castle Inn",)}),
        ("in building C", {SearchField.ROOM: ("C",)}),
        ("c", {W: ("c",)}),
        ("great hall", {SearchField.ROOM: ("Great Hall",)}),
        ("in the barn", {SearchField.VENUE: ("Barn",)}),
        ("C.1.105", {SearchField.ROOM: ("C.1.105",)}),
        ("c1.105", {SearchField.ROOM: ("C.1.105",)}),
        ("room c.1", {SearchField.ROOM: ("C.1",)}),
        ("rosa", {SearchField.ROOM: ("C.1.106 (Rosa)",)}),
        ("expo", {SearchField.ROOM: ("Expo",)}),
        ("go", {SearchField.TRACK: ("Go",)}),
        ("where to go", {W: ("where", "to", "go")}),
        ("go generics at 2pm", {AT: ("840",), W: ("go", "generics")}),
        ("security monday", {SearchField.TRACK: ("Security",), D: (MON,)}),
        ("security queues", {W: ("security", "queues")}),
        ("rust or security monday", {SearchField.TRACK: ("Rust", "Security"), D: (MON,)}),
        ("queues or trust monday", {D: (MON,), W: ("queues|trust",)}),
        ("rust or queues or hard", {W: ("rust|queues|hard",)}),
        ("queues or", {W: ("queues",)}),
        ("9-11", {AFTER: ("540",), BEFORE: ("660",)}),
        ("24-7", {W: ("24-7",)}),
        ("level 200", {SearchField.LEVEL: ("200",)}),
        ("security rust", {W: ("security", "rust")}),
        ("legal and policy", {W: ("legal", "policy")}),
        ("legal & policy", {SearchField.TRACK: ("Legal & Policy",)}),
        ("policy track", {SearchField.TRACK: ("Legal & Policy",)}),
        ("track policy queues", {SearchField.TRACK: ("Legal & Policy",), W: ("queues",)}),
        ("kernel devroom", {SearchField.TRACK: ("Kernel",)}),
        ("queues in policy", {W: ("queues", "policy")}),
        ("talks in rust", {SearchField.TRACK: ("Rust",)}),
        ("in track policy", {SearchField.TRACK: ("Legal & Policy",)}),
        ("running queues", {W: ("running", "queues")}),
        ("nearest trust", {W: ("nearest", "trust")}),
        ("zoe muller", {SearchField.SPEAKER: ("Zoë Müller",)}),
        ("by Ada", {SearchField.SPEAKER: ("Ada Byron",)}),
        ("by Ada Lovelace", {W: ("ada", "lovelace")}),
        ("ada", {W: ("ada",)}),
        ("300", {SearchField.LEVEL: ("300 - Advanced",)}),
        ("L100 or level 300", {SearchField.LEVEL: ("100", "300 - Advanced")}),
        ("beginner", {SearchField.LEVEL: ("100",)}),
        ("advanced", {SearchField.LEVEL: ("300 - Advanced",)}),
        ("in german", {SearchField.LANGUAGE: ("de",)}),
        ("english talks", {SearchField.LANGUAGE: ("en",)}),
        ("french", {W: ("french",)}),
        ("recorded", {SearchField.RECORDED: ("yes",)}),
        ("that won't be recorded", {SearchField.RECORDED: ("no",)}),
        ("free for me", {SearchField.FREE: ()}),
        ("when I'm free", {SearchField.FREE: ()}),
        ("free software", {W: ("free", "software")}),
        ("near me", {SearchField.NEAR: ()}),
        ("nearby", {SearchField.NEAR: ()}),
        ("near the barn", {SearchField.NEAR: ("Barn",)}),
        ("running now", {SearchField.RUNNING: ()}),
        ("upcoming", {SearchField.COMING: ()}),
        ("chalk talk monday about trust free for me", {
            SearchField.KIND: ("Chalk talk",), D: (MON,), SearchField.FREE: (), W: ("trust",),
        }),
        ("I'd like to see something about trust, please!", {W: ("trust",)}),
        ("about:monday", {W: ("monday",)}),
        ('"monday" barn', {SearchField.VENUE: ("Barn",), W: ("monday",)}),
        ("“zero trust” monday", {D: (MON,), W: ("zero trust",)}),
        ('"zero trust monday"', {D: (MON,), W: ("zero", "trust")}),
        ("track:rust about:zero+trust", {SearchField.TRACK: ("Rust",), W: ("zero trust",)}),
        ("kind:chalk+talk day:tuesday", {SearchField.KIND: ("Chalk talk",), D: (TUE,)}),
        ("Mondays are hard", {W: ("mondays", "hard")}),
        ("tuesday mondays are hard", {D: (TUE,), W: ("mondays", "hard")}),
        ("the of", {W: ("the", "of")}),
        ("", {}),
        (",,, !", {}),
    ],
)  # fmt: skip
def test_what_is_understood(line: str, parts: dict[SearchField, tuple[str, ...]]) -> None:
    assert read(line) == parts


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("trust not workshops", (Part(SearchField.KIND, ("Workshop",), excluded=True), Part(W, ("trust",)))),
        (
            "but not in the barn, not monday",
            (Part(D, (MON,), excluded=True), Part(SearchField.VENUE, ("Barn",), excluded=True)),
        ),
        (
            "chalk talks without rust",
            (Part(SearchField.KIND, ("Chalk talk",)), Part(SearchField.TRACK, ("Rust",), excluded=True)),
        ),
        ("queues, no trust", (Part(W, ("trust",), excluded=True), Part(W, ("queues",)))),
        ("not before 14:00", (Part(AFTER, ("840",)),)),
        ("not recorded", (Part(SearchField.RECORDED, ("no",)),)),
        ('"not" trust', (Part(W, ("not",)), Part(W, ("trust",)))),
    ],
)
def test_what_is_not_wanted(line: str, parts: tuple[Part, ...]) -> None:
    assert understand(line, NAMES, TODAY, as_right).query.parts == parts


@pytest.mark.parametrize(
    ("line", "page", "words"),
    [
        ("trust page 2", 2, ("trust",)),
        ('"trust page 12"', 12, ("trust",)),
        ("page 2", 1, ("page", "2")),
        ("trust page 0", 1, ("trust",)),
    ],
)
def test_the_page_is_the_end_of_the_line(line: str, page: int, words: tuple[str, ...]) -> None:
    query = understand(line, NAMES, TODAY, as_right).query
    assert (query.page, query.words) == (page, words)


def test_a_corrected_word_can_be_searched_for_as_it_was_typed() -> None:
    understood = understand("chalk tlak mondya", NAMES, TODAY, {"tlak": "talk", "mondya": "monday"}.get)
    assert understood.query == Query((Part(SearchField.KIND, ("Chalk talk",)), Part(D, (MON,))))
    assert [(correction.typed, correction.used) for correction in understood.corrections] == [
        ("tlak", "talk"),
        ("mondya", "monday"),
    ]
    assert understood.corrections[1].as_typed == Query((Part(SearchField.KIND, ("Chalk talk",)), Part(W, ("mondya",))))


FILTERS = (
    "chalk talk", "workshops", "monday", "30 nov", "in the afternoon", "after 14:00", "before noon", "at 9:00", "at the castle",
    "room c.1", "legal track", "by Ada Byron", "level 300", "in german", "not recorded", "recorded", "free for me", "near me",
    "running now", "upcoming", "not workshops", "not monday", "without trust", "not at the barn",
)  # fmt: skip
TOPICS = ("trust", "queues or rust", "queues", "rust", "about:monday", '"zero trust"', "hard", "zebra")
LINES = st.lists(st.sampled_from((*FILTERS, *TOPICS)), min_size=1, max_size=6, unique=True)


@given(LINES)
def test_the_order_makes_no_difference_to_filters(parts: Sequence[str]) -> None:
    queries = [understand(" ".join(order), NAMES, TODAY, as_right).query for order in list(permutations(parts))[::37]]
    assert {query.filters for query in queries} == {queries[0].filters}
    assert {frozenset(query.words) for query in queries} == {frozenset(queries[0].words)}


@given(LINES)
def test_a_button_is_understood_as_what_it_stands_for(parts: Sequence[str]) -> None:
    query = understand(" ".join(parts), NAMES, TODAY, as_right).query
    for meant in (query, query.on_page(3), *(query.without(part) for part in query.parts)):
        line = line_of(meant, NAMES, TODAY, INDEX.correction)
        again = understand(f'"{line}"', NAMES, TODAY, INDEX.correction).query
        assert (again.parts, again.page) == (meant.parts, meant.page), line


def selection(now: datetime) -> Selection:
    some = frozenset({1, 2, 5})
    return Selection(
        NAMES, MADE.sessions, now, INDEX.about, {Part(SearchField.FREE): some, Part(SearchField.NEAR): some}
    )


@given(LINES, st.sampled_from([at(8), at(9, 30), at(10, day=30)]))
def test_a_part_less_never_finds_fewer_sessions(parts: Sequence[str], now: datetime) -> None:
    query = understand(" ".join(parts), NAMES, TODAY, as_right).query
    for part in query.parts:
        rest = query.without(part)
        if rest.parts:
            assert selection(now).count(rest) >= selection(now).count(query)


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)
WORDY = st.lists(
    st.sampled_from(
        (*["monday", "is", "the", "talk's", "“free”", "«page»", "near", "room", "é", "é", "9:00", "a"], "1")
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(st.one_of(LETTERS, WORDY).filter(lambda title: title.strip() and '"' not in title))
def test_a_title_typed_exactly_is_found_first(title: str) -> None:
    made = schedule(
        [session("T1", at(9, day=30), CASTLE, title=title.strip()), *SESSIONS], venues=(CASTLE, BARN), ways=()
    )
    index = index_of(made)
    query = understand(title, index.names, TODAY, index.correction).query
    found = Selection(index.names, made.sessions, at(8), index.about, defaultdict(frozenset)).of(query)
    ranking = Ranking(index.names, made.sessions, datetime(2021, 11, 1, tzinfo=UTC), lambda _: 0)
    assert ranking.ordered(found, query, index.about(query.words))[0][0].title == title.strip()


def test_names_are_read_from_an_empty_schedule() -> None:
    assert understand("monday", Names.of(schedule([])), TODAY, as_right).query.filters == (Part(D, (MON,)),)
