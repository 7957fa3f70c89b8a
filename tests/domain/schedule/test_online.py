"""Which rooms are no rooms but links and words such as Online."""

import pytest

from bot.domain.schedule.online import is_online, link_of

LINK = "https://example.zoom.us/j/123?pwd=abc"


@pytest.mark.parametrize(
    ("room", "link"),
    [
        (LINK, LINK),
        (f"Zoom: {LINK}", LINK),
        (f"Online ({LINK})", LINK),
        ("http://meet.example/1", ""),
        *[(name, "") for name in ("Online", "Virtual room 2", "Livestream (remote)", "MS Teams", "online | Zoom")],
    ],
)
def test_a_link_and_words_for_one_are_online(room: str, link: str) -> None:
    assert (is_online(room), link_of(room)) == (True, link)


@pytest.mark.parametrize(
    "room", ["", "Hall 1", f"Hall 1 | {LINK}", "Virtual Reality Lab", "Remote Sensing Room", "A" * 200]
)
def test_a_room_is_not_online(room: str) -> None:
    assert not is_online(room)
