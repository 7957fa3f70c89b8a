"""Which rooms are no rooms but links and words such as Online."""

import pytest

from bot.domain.schedule.online import LONGEST_LINK, is_online, link_of

LINK = "https://example.zoom.us/j/123?pwd=abc"


@pytest.mark.parametrize(
    ("room", "link"),
    [
        (LINK, LINK),
        (f"Zoom: {LINK}", LINK),
        (f"Online ({LINK})", LINK),
        ("http://meet.example/1", "http://meet.example/1"),
        (f"http://meet.example/1 | {LINK}", LINK),
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


@pytest.mark.parametrize(
    "address",
    [
        "https://[bad",
        "https://[::1]:x/",
        "https://meet.example:0/",
        "https://meet.example:99999999999/",
        "https://localhost/1",
        "https://./",
        "https://a..b/",
        "https://meet.example@evil.example/",
        "https://мит.example/",
        "https://meet\u202e.example/",
        "https:///1",
        "https://meet.example/" + "a" * LONGEST_LINK,
        "https://meet.example/" + "ü" * (LONGEST_LINK // 6),
    ],
)
def test_an_address_that_a_platform_may_refuse_is_no_link(address: str) -> None:
    assert (is_online(address), link_of(address)) == (True, "")


@pytest.mark.parametrize(
    ("room", "link"),
    [
        ("https://meet.example/größe?q={a}`b`", "https://meet.example/gr%C3%B6%C3%9Fe?q=%7Ba%7D%60b%60"),
        ("https://meet.example/a%20b\ud800", "https://meet.example/a%20b?"),
        ("https://meet.example:8443/1#now (mute!)", "https://meet.example:8443/1#now"),
        ("https://[bad and https://meet.example/2", "https://meet.example/2"),
    ],
)
def test_characters_that_no_address_has_are_quoted(room: str, link: str) -> None:
    assert link_of(room) == link
