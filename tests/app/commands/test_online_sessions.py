"""Sessions in a meeting link: wherever a person reads about one, a button opens it."""

from dataclasses import replace

import pytest

from bot.app.messages import LinkButton
from tests.builders import ARC, SEC, at, schedule, session
from tests.fakes.app_harness import AppHarness

URL = "https://meet.example/1?pwd=a&b=c"
JOIN = LinkButton("Join", URL)
ONLINE = replace(ARC, venue="", room=URL)


@pytest.fixture
async def remote() -> AppHarness:
    app = await AppHarness(moment=at(8)).publish(schedule([ONLINE, SEC]))
    await app.all("/hotel Venetian", "/attend ARC301")
    return app


@pytest.mark.parametrize("line", ["/attend ARC301", "/session ARC301", "/nextsession", "/agenda"])
async def test_a_button_opens_the_meeting(remote: AppHarness, line: str) -> None:
    reply = await remote.ask(line)
    assert reply.links == (JOIN,)
    assert f"→ Join: {URL}" in remote.text(reply)


async def test_the_message_to_join_has_the_button(remote: AppHarness) -> None:
    assert await remote.wait(hours=1) == [("Mon 08:50", "ada", "leave-by")]
    assert remote.post.sent[0].content.links == (JOIN,)


async def test_a_session_in_a_room_has_none(remote: AppHarness) -> None:
    assert [link.label for link in (await remote.ask("/session SEC203")).links] == ["Show the walk"]


async def test_a_meeting_that_is_over_or_off_has_none(remote: AppHarness) -> None:
    await remote.wait(hours=2)
    assert (await remote.ask("/session ARC301")).links == ()
    assert (await remote.ask("/agenda")).links == ()


async def test_several_meetings_of_a_day_are_told_apart_by_their_titles() -> None:
    late = [
        replace(session(f"ON{n}", at(9 + n), title=f"Talk {n} " + "x" * 60), venue="", room=f"https://meet.example/{n}")
        for n in range(7)
    ]
    app = await AppHarness(moment=at(8)).publish(schedule(late))
    await app.all(*(f"/attend {talk.code}" for talk in late))
    links = (await app.ask("/agenda")).links
    assert [link.url for link in links] == [f"https://meet.example/{n}" for n in range(5)]
    assert [link.label[:11] for link in links] == [f"Join Talk {n}" for n in range(5)]
    assert {len(link.label) for link in links} == {45}


async def test_a_meeting_without_an_address_that_opens_has_no_button() -> None:
    app = await AppHarness(moment=at(8)).publish(schedule([replace(ONLINE, room="https://[bad")]))
    reply = await app.ask("/session ARC301")
    assert reply.links == ()
    assert "It's online: join at 09:00." in app.text(reply)
