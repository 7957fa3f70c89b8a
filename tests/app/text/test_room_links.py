"""Rooms on the indoor map of a conference."""

from dataclasses import replace

from bot.app.messages import LinkButton
from bot.app.text import room_links
from tests.builders import ARC, CONFERENCE, SEC, at, schedule
from tests.fakes.app_harness import AppHarness

BASE = "https://nav.example.org"
MAPPED = schedule(conference=replace(CONFERENCE, c3nav=BASE))


def test_a_room_has_a_link_where_the_conference_has_an_indoor_map() -> None:
    assert room_links(SEC, schedule()) == ()
    assert room_links(SEC, MAPPED) == (LinkButton("Find the room", f"{BASE}/l/room-sec203/"),)
    assert room_links(SEC, MAPPED, ARC) == (LinkButton("Way to the room", f"{BASE}/r/room-arc301/room-sec203/"),)
    assert room_links(SEC, MAPPED, SEC) == room_links(SEC, MAPPED)
    assert room_links(replace(SEC, room=""), MAPPED) == ()


def test_the_longest_names_fit_into_a_button() -> None:
    conference = replace(CONFERENCE, c3nav="https://" + "n" * 192)
    long = schedule(conference=conference)
    (link,) = room_links(replace(SEC, room="r" * 500), long, replace(ARC, room="s" * 500))
    assert len(link.url) <= 512


async def test_cards_and_the_message_to_leave_link_to_the_room() -> None:
    app = await AppHarness(moment=at(9, 30)).publish(MAPPED)
    assert f"→ Find the room: {BASE}/l/room-dat310/" in await app.say("/session DAT310")
    await app.say("/attend ARC301")
    await app.say("/attend SEC203")
    assert f"→ Way to the room: {BASE}/r/room-arc301/room-sec203/" in await app.say("/nextsession")
