"""Search: the title before the speaker before the track before the abstract, and a typo forgiven."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.search_query.typed_line import line_of
from bot.domain.search_query.understanding import understand
from bot.search import index_of
from tests.builders import FORUM, at, schedule, session

NOBODY = session("NON100", at(9), FORUM, title="Something else")
BY_FIELD = (
    session("ABS100", at(9), FORUM, title="Fourth", abstract="A talk that speaks of zebras at length."),
    session("TRK100", at(9), FORUM, title="Third", track="Zebras"),
    session("SPK100", at(9), FORUM, title="Second", speakers=("Zoe Zebras",)),
    session("TTL100", at(9), FORUM, title="Zebras first"),
    NOBODY,
)
TALKS = (
    session("CON301-R", at(9), FORUM, title="Upgrading Kubernetes"),
    session("CON301-R1", at(11), FORUM, title="Upgrading Kubernetes"),
    session("SEC201", at(9), FORUM, title="Keys for Müller's café"),
    session("JPN100", at(9), FORUM, title="東京のクラウド設計"),
    NOBODY,
)
INDEX = index_of(schedule(TALKS))


def codes(words: str) -> list[str]:
    return [found.code for found in INDEX.search(words, 10)]


def test_where_a_word_stands_decides_the_rank() -> None:
    found = index_of(schedule(BY_FIELD)).search("zebras", 10)
    assert [talk.code for talk in found] == ["TTL100", "SPK100", "TRK100", "ABS100"]


@pytest.mark.parametrize("words", ["kubernetes", "kuberntes", "Kubernets upgrade", "kube", "KUBERNETES!", "upgraded"])
def test_a_typo_another_form_and_a_beginning_are_forgiven(words: str) -> None:
    assert codes(words)[:2] == ["CON301-R", "CON301-R1"]


def test_accents_do_not_matter() -> None:
    assert codes("muller cafe") == codes("Müller café") == ["SEC201"]


def test_scripts_without_spaces_are_found_by_their_beginning_and_their_middle() -> None:
    assert codes("東京") == ["JPN100"]
    assert codes("クラウド設計") == ["JPN100"]


@pytest.mark.parametrize("words", ["", "   ", '"', "(* -", "qqqqqq", "\x00"])
def test_what_nobody_speaks_of_finds_nothing(words: str) -> None:
    assert codes(words) == []


@given(st.text(max_size=120))
def test_no_words_are_operators(words: str) -> None:
    assert len(INDEX.search(words, 3)) <= 3
    assert len(INDEX.nearest(words, 3)) <= 3


@pytest.mark.parametrize("typed", ["con301r1", "CON301-R1", "con 301 r1"])
def test_a_code_is_found_however_it_is_written(typed: str) -> None:
    assert [talk.code for talk in INDEX.nearest(typed, 3)] == ["CON301-R1"]


def test_the_nearest_code_or_title_comes_first() -> None:
    assert INDEX.nearest("sec2o1", 3)[0].code == "SEC201"
    assert INDEX.nearest("upgradng kubernets", 1)[0].code == "CON301-R"


def test_typed_text_that_shares_a_few_letters_with_a_title_finds_it() -> None:
    assert INDEX.nearest("kuberntes upgrde", 1)[0].title == "Upgrading Kubernetes"
    assert INDEX.nearest("keys for mullers", 1)[0].code == "SEC201"
    assert [talk.code for talk in INDEX.nearest("Upgrading Kubernetes", 3)][:2] == ["CON301-R", "CON301-R1"]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "ab " * 30_000,
        "a b c d e f g h i j k l m n o p " * 3_000,
        "queu keyz cellz " * 6_000,
        "東" * 50_000,
    ],
)
def test_no_text_is_searched_for_ever(text: str) -> None:
    index = index_of(schedule([session(f"C{n}", at(9), FORUM, title=f"Queues and cells {n}") for n in range(500)]))
    begins = time.process_time()
    for _ in range(10):
        index.search(text, 200)
        for words in ([text], text.split(), ["|".join(text.split())]):
            index.about(words)
            index.about(words, every=False)
        index.nearest(text, 3)
    assert time.process_time() - begins < 5


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200,
        "ab " * 66,
        "a|" * 100,
        "kuberntes " * 20,
        "1-1 " * 50,
        '"' * 200,
        "after 2 " * 25,
        "with by Ada " * 17,
        "not the " * 25,
    ],
)
def test_no_line_is_understood_for_ever(text: str) -> None:
    begins = time.process_time()
    for _ in range(20):
        query = understand(text, INDEX.names, date(2021, 11, 29), INDEX.correction).query
        line_of(query, INDEX.names, date(2021, 11, 29), INDEX.correction)
    assert time.process_time() - begins < 5
