"""Pages of a reply: each within the limits, and all together everything once and in order."""

from hypothesis import given
from hypothesis import strategies as st

from bot.app.messages import Card
from bot.app.text.pages import Page, PageLimits, chunks, page_of

LIMITS = PageLimits(line_chars=20, cards=2, card_chars=10)


def page(lines: list[str], titles: list[str], number: int) -> Page:
    return page_of(lines, [Card(title) for title in titles], number, LIMITS, lambda card: len(card.title))


@given(st.lists(st.text(max_size=30), max_size=12), st.lists(st.text(max_size=15), max_size=8))
def test_all_pages_together_have_everything_once(lines: list[str], titles: list[str]) -> None:
    count = page(lines, titles, 0).count
    pages = [page(lines, titles, number) for number in range(count)]
    assert [line for shown in pages for line in shown.lines] == lines
    assert [card.title for shown in pages for card in shown.cards] == titles
    assert [shown.number for shown in pages] == list(range(count))
    assert ([shown.is_first for shown in pages].count(True), [shown.is_last for shown in pages].count(True)) == (1, 1)


@given(st.lists(st.text(max_size=30), max_size=12), st.lists(st.text(max_size=15), max_size=8), st.integers(0, 9))
def test_a_page_is_within_the_limits_unless_it_has_one_thing(lines: list[str], titles: list[str], number: int) -> None:
    found = page(lines, titles, number)
    assert len(found.lines) < 2 or sum(len(line) + 1 for line in found.lines) <= LIMITS.line_chars
    assert len(found.cards) < 2 or sum(len(card.title) for card in found.cards) <= LIMITS.card_chars
    assert len(found.cards) <= LIMITS.cards


def test_a_number_outside_gives_the_nearest_page() -> None:
    titles = ["a", "b", "c"]
    assert [page([], titles, number).number for number in (-1, 0, 1, 99)] == [0, 0, 1, 1]
    assert page([], [], 3) == Page((), (), 0, 1)


def test_chunks_are_full_before_the_next_begins() -> None:
    assert list(chunks("abcde", lambda _: 1, 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(chunks("abc", lambda _: 9, 2)) == [["a"], ["b"], ["c"]]
    assert list(chunks("abcde", lambda _: 0, 2, 3)) == [["a", "b", "c"], ["d", "e"]]
