"""Links to the pages in answers and messages: the public page, the private page only for its owner, and never a wrong page."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.app.messages import Card, Reply, Request
from bot.app.text.page_links import public_address, public_links, with_linked_titles
from bot.app.text.web_side import WebSide
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.session import BLOCK, BLOCK_ID, SessionState
from tests.builders import ARC, DAT, SEC, at, schedule
from tests.fakes.app_harness import AppHarness

WEB = WebSide("https://hallway.example.org")
KEYED = WebSide("https://hallway.example.org", ("a key",))
CLUB = Community(1, "console", "club", page="club-1")
SECRET = re.compile(r"/p/([a-z2-7]{26})/")


def labelled(reply: Reply) -> dict[str, str]:
    return {link.label: SECRET.sub("/p/SECRET/", link.url) for link in reply.links}


async def harness(web: WebSide = KEYED, *, page: bool = False) -> AppHarness:
    app = await AppHarness(web=web).publish()
    if page:
        await app.ask("/settings page:on", organizer=True)
    return app


@pytest.mark.parametrize("line", ["/session ARC301", "/attend ARC301", "/nextsession"])
async def test_a_session_has_a_button_to_the_public_page_of_ones_own_community(line: str) -> None:
    app = await harness()
    await app.say("/attend ARC301")
    assert "On the web" not in labelled(await app.ask(line))
    await app.ask("/settings page:on", organizer=True)
    url = labelled(await app.ask(line))["On the web"]
    assert re.fullmatch(r"https://hallway\.example\.org/c/club-\d+/s/arc301", url)
    app.tenant = "other"
    await app.say("/attend ARC301")
    assert "On the web" not in labelled(await app.ask(line)), "the page of another community"


@pytest.mark.parametrize("line", ["/session ARC301", "/attend ARC301", "/nextsession"])
async def test_without_a_public_page_the_answer_opens_ones_own_page_if_one_has_an_address(line: str) -> None:
    app = await harness()
    await app.say("/attend ARC301")
    assert "On my page" not in labelled(await app.ask(line))
    await app.say("/agenda calendar")
    reply = await app.ask(line)
    assert labelled(reply)["On my page"] == "https://hallway.example.org/p/SECRET/s/arc301"
    assert reply.private
    await app.ask("/settings page:on", organizer=True)
    assert SECRET.search(repr(await app.ask(line))) is None, "what is public needs no secret"


async def test_the_agenda_opens_its_day_on_ones_own_page() -> None:
    app = await harness(page=True)
    await app.all("/attend KEY001", "/agenda calendar")
    assert labelled(await app.ask("/agenda"))["My page"] == "https://hallway.example.org/p/SECRET/?day=2021-11-30"
    await app.say("/agenda calendar new")
    (link,) = (link for link in (await app.ask("/agenda")).links if link.label == "My page")
    newest = (await app.ask("/agenda calendar")).links[0].url
    assert link.url.startswith(newest), "the old address would lead nowhere"


async def test_without_a_key_nobody_knows_the_secret_so_there_is_no_such_button() -> None:
    app = await harness(WEB)
    await app.all("/attend ARC301", "/agenda calendar")
    assert SECRET.search(repr([await app.ask("/session ARC301"), await app.ask("/agenda")])) is None


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("session", {"code": "ARC301"}), ("agenda", {}), ("nextsession", {}), ("attend", {"code": "ARC301"})],
)
async def test_an_assistant_and_the_page_get_no_private_address(command: str, arguments: dict[str, str]) -> None:
    app = await harness()
    await app.all("/attend ARC301", "/agenda calendar")
    request = Request("console", "club", "ada", command, arguments=arguments, glance=True)
    assert SECRET.search(repr(await app.dispatch.handle(request))) is None


@pytest.mark.parametrize("line", ["/find keys", "/now", "/agenda"])
async def test_the_titles_of_a_list_open_the_sessions_on_the_public_page(line: str) -> None:
    app = await harness(page=True)
    await app.say("/attend SEC203")
    await app.wait(hours=3, minutes=5)
    cards = (await app.ask(line)).cards
    numbered = {card.title: card.opens.rpartition("/s/")[2] for card in cards if card.number}
    assert numbered["Keys, locks and doors (SEC203)"] == "sec203"
    assert all(numbered.values())


async def test_what_is_sent_by_itself_links_the_public_page_and_the_walk_and_no_private_address() -> None:
    app = await harness(page=True)
    await app.all("/hotel Venetian", "/attend SEC203", "/agenda calendar")
    await app.wait(hours=2, minutes=30)
    moved = replace(SEC, starts_at=at(13), ends_at=at(14), revision=2)
    made = schedule([ARC, moved, DAT])
    await app.publish(replace(made, conference=replace(made.conference, revision=2)))
    async with app.store.write_transaction() as work:
        found = await work.people.find("console", "club", "ada")
        assert found is not None
    await app.wait(hours=2)
    sent = {message.kind: labelled(message.content) for message in app.post.sent}
    page = re.sub(r"\d+", "N", sent["leave-by"]["On the web"])
    assert page == "https://hallway.example.org/c/club-N/s/secN"
    assert "Show the walk" in sent["leave-by"]
    assert SECRET.search(repr(app.post.sent)) is None


async def test_without_a_public_page_what_is_sent_by_itself_links_no_page() -> None:
    app = await harness()
    await app.all("/hotel Venetian", "/attend SEC203", "/agenda calendar")
    await app.wait(hours=3)
    ((labels),) = [list(labelled(message.content)) for message in app.post.sent if message.kind == "leave-by"]
    assert labels == ["Show the walk"]


async def test_an_announcement_about_a_session_opens_it() -> None:
    app = await harness(page=True)
    await app.say("/attend SEC203")
    preview = await app.ask('/announce "Bring a laptop" to going SEC203 in #general', organizer=True)
    await app.press(preview, "Confirm", organizer=True)
    await app.wait(minutes=2)
    posted = [message for message in app.post.sent if message.kind == "announcement"]
    assert posted
    assert all(list(labelled(message.content)) == ["On the web"] for message in posted)
    general = await app.ask('/announce "Lunch is served" in #general', organizer=True)
    await app.press(general, "Confirm", organizer=True)
    await app.wait(minutes=2)
    assert labelled(app.post.sent[-1].content) == {}


def community(**facts: Any) -> Community:
    return replace(CLUB, **facts)


def test_there_is_no_link_where_there_is_no_page() -> None:
    gone, block = replace(ARC, state=SessionState.UNLISTED), replace(ARC, id=f"{BLOCK_ID}1", kind=BLOCK)
    assert public_address(None, CLUB, ARC) == public_address(WEB, community(page=None), ARC) == ""
    assert public_address(WEB, CLUB, gone) == ""
    assert public_address(WEB, CLUB, block) == "", "an own entry stands on no public page"
    assert public_address(WebSide("https://hallway.example.org/" + "x" * 600), CLUB, ARC) == ""
    assert public_address(WEB, community(page="cloud club"), replace(ARC, id="a/b?c")) == (
        "https://hallway.example.org/c/cloud%20club/s/a%2Fb%3Fc"
    )


def test_several_sessions_are_told_apart_by_their_titles_and_are_not_too_many() -> None:
    links = public_links(WEB, CLUB, [ARC, SEC, DAT, replace(ARC, id="other")])
    assert [link.label for link in links] == [
        "Queues that never sleep on the web",
        "Keys, locks and doors on the web",
        "Counting to infinity on the web",
    ]


def test_only_cards_of_listed_sessions_get_a_link() -> None:
    cards = (Card("One", number=1), Card("Free time"), Card("Beyond", number=3), Card("Zero", number=0))
    made = with_linked_titles(Reply(cards=cards, listed=(ARC.id, "gone")), WEB, CLUB, schedule())
    assert [card.opens.rpartition("/s/")[2] for card in made.cards] == ["arc301", "", "", ""]
