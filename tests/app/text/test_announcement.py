"""An announcement as a lock screen shows it: its text first; who it is from and why one gets it below."""

import pytest

from bot.app.messages import Card, Strong
from bot.app.text import announcement_body, plain
from bot.app.text.announcement import FIRST_LINE
from bot.domain.announcements.announcement import Words


@pytest.mark.parametrize(
    ("words", "urgent", "first"),
    [
        (Words("Lunch is in hall B\nat noon"), False, ("Lunch is in hall B",)),
        (Words("Lunch is in hall B", "Food"), False, (Strong("Food"), ": Lunch is in hall B")),
        (Words("Leave the hall"), True, (Strong("Urgent"), ": Leave the hall")),
        (Words("Leave the hall", "Fire"), True, (Strong("Urgent: Fire"), ": Leave the hall")),
    ],
)
def test_the_first_line_has_the_text(words: Words, urgent: bool, first: object) -> None:
    lines, cards = announcement_body(words, urgent=urgent)
    assert (lines[0], cards) == (first, ())


def test_a_link_and_a_picture_stand_below() -> None:
    link, picture = "https://a.example/map", "https://a.example/map.png"
    assert announcement_body(Words("Here", link=link, picture=picture), urgent=False) == (
        (("Here",),),
        (Card("Read more", link=link, picture=picture),),
    )
    assert announcement_body(Words("Here", picture=picture), urgent=False)[1] == (Card("Picture", picture=picture),)


@pytest.mark.parametrize("text", ["Long words. " * 120, "*" * 700, "one line\n" + "& " * 400])
def test_a_long_text_begins_in_the_first_line_and_is_whole_in_the_card(text: str) -> None:
    (line,), (card,) = announcement_body(Words(text.strip()), urgent=False)
    begin = plain(line)
    assert len(begin) <= FIRST_LINE
    assert text.startswith(begin.rstrip("…"))
    assert "".join(map(str, card.lines)) != ""
