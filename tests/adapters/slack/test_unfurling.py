"""A pasted link of a page becomes the card of its session, and a pasted private address a warning to its owner."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.app.text.web_side import PageLink, WebSide
from bot.domain.schedule.session import SessionState
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.builders import ARC, SEC, schedule
from tests.fake_servers.slack import TEAM, Fault, Person, SlackPeer, labels, words
from tests.fakes.app_harness import AppHarness

WEB = WebSide("https://hallway.example.org", ("a key",))
PAGE = "https://hallway.example.org/c/cloud-club/"
SEC203 = f"{PAGE}s/sec203"


@pytest.fixture
async def slack_app(slack: SlackPeer) -> AsyncIterator[SlackHarness]:
    app = await AppHarness(web=WEB).publish()
    async with slack_harness(slack, app) as made:
        await made.ada.type("/attend ARC301")
        async with app.store.write_transaction() as work:
            community = await work.communities.get("slack", TEAM)
            assert community is not None
            await work.communities.save(replace(community, page="cloud-club"))
        made.handler.responder.pauses = (0.0, 0.0)
        yield made
    assert slack.broken == []


async def pasted(slack_app: SlackHarness, *urls: str, **more: Any) -> dict[str, Any]:
    """Paste links; gives what Slack shows below each of them."""
    before = set(slack_app.peer.unfurled)
    await slack_app.ada.paste(*urls, **more)
    await slack_app.quiet()
    return {
        url: shown
        for place in slack_app.peer.unfurled.keys() - before
        for url, shown in slack_app.peer.unfurled[place].items()
    }


async def own_address(slack_app: SlackHarness, person: Person) -> str:
    """What `/agenda calendar` shows."""
    answer = await person.type("/agenda calendar")
    (found,) = set[str](re.findall(r"https://hallway\.example\.org/p/[a-z2-7]{26}/", json.dumps(answer.body)))
    return found


async def test_a_link_of_a_session_shows_its_public_facts_and_what_one_can_do(slack_app: SlackHarness) -> None:
    shown = await pasted(slack_app, SEC203)
    assert list(shown) == [SEC203]
    text = re.sub(r"<!date\^\d+\^\{time\}\|(\S+) PST>", r"\1", words(shown[SEC203]))
    assert text == (
        "*Keys, locks and doors (SEC203)*\nMon 29 Nov 11:00-12:00, Caesars Forum, Room SEC203\n200 · Security · recorded"
    )
    assert labels(shown[SEC203]) == ["On the web", "Going", "☆ Star", "Details"]
    answer = await slack_app.ada.press(shown[SEC203], "Going")
    assert answer.body["response_type"] == "ephemeral"
    assert "Keys, locks and doors (SEC203)" in words(answer)


async def test_a_card_has_nothing_of_any_agenda(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/hotel Venetian")
    await slack_app.ada.type("/attend SEC203 reserved")
    text = json.dumps(await pasted(slack_app, SEC203))
    assert not re.search(r"You're going|Leave|seat|Venetian|/p/", text)


async def test_the_schedule_shows_when_it_is_and_any_other_address_nothing(slack_app: SlackHarness) -> None:
    shown = await pasted(
        slack_app, PAGE, f"{PAGE}?day=2021-11-29", f"{PAGE}s/nothing", f"{PAGE}else", f"{PAGE}s/x/y", WEB.url
    )
    assert list(shown) == [PAGE, f"{PAGE}?day=2021-11-29"]
    assert words(shown[PAGE]) == "*Cloud 21*\nMon 29 Nov to Tue 30 Nov\n5 sessions"


async def test_a_cancelled_session_says_so_and_can_only_be_looked_at_and_one_that_is_gone_has_no_card(
    slack_app: SlackHarness,
) -> None:
    off, gone = replace(SEC, state=SessionState.CANCELLED), replace(ARC, state=SessionState.UNLISTED)
    made = schedule([off, gone])
    await slack_app.app.publish(replace(made, conference=replace(made.conference, revision=2)))
    shown = await pasted(slack_app, SEC203, f"{PAGE}s/arc301")
    assert words(shown[SEC203]).startswith("*CANCELLED: Keys, locks and doors (SEC203)*")
    assert labels(shown[SEC203]) == ["On the web", "Details"]
    assert list(shown) == [SEC203]


async def test_another_communitys_page_has_no_card_here_nor_one_that_was_switched_off(slack_app: SlackHarness) -> None:
    async with slack_app.app.store.write_transaction() as work:
        other = await work.communities.add("slack", "T999")
        await work.communities.save(replace(other, page="others"))
        community = await work.communities.get("slack", TEAM)
        assert community is not None
        await work.communities.save(replace(community, page=None))
    assert await pasted(slack_app, "https://hallway.example.org/c/others/s/sec203", SEC203) == {}
    assert slack_app.peer.of("chat.unfurl") == []


async def test_a_message_that_is_still_being_written_gets_its_card_too(slack_app: SlackHarness) -> None:
    assert list(await pasted(slack_app, SEC203, source="composer")) == [SEC203]
    (request,) = slack_app.peer.of("chat.unfurl")
    assert request["source"] == "composer"
    assert request.keys() >= {"unfurl_id"}
    assert "channel" not in request


async def test_many_links_get_five_cards_and_a_flood_of_messages_gets_no_more_than_a_flood_of_commands(
    slack: SlackPeer, slack_app: SlackHarness
) -> None:
    many = [f"{PAGE}?day=2021-11-{day:02}" for day in range(1, 29)]
    assert list(await pasted(slack_app, *many)) == many[:5]
    before = len(slack.of("chat.unfurl"))
    event = slack_app.ada.pastes(SEC203)
    for _ in range(3):
        await slack_app.ada.post.event(event)
    await slack_app.quiet()
    assert len(slack.of("chat.unfurl")) == before + 1, "Slack sends an event again if it was not acknowledged in time"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("chat.unfurl", status=503, body="away"),
        Fault("chat.unfurl", body={"ok": False, "error": "internal_error"}, taken=True),
        Fault("chat.unfurl", status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "0"}),
        Fault("chat.unfurl", hangs_up=True),
    ],
    ids=["down", "in doubt", "too many", "no answer"],
)
async def test_what_slack_may_take_the_next_time_is_tried_again(slack_app: SlackHarness, fault: Fault) -> None:
    slack_app.peer.faults.append(fault)
    assert list(await pasted(slack_app, SEC203)) == [SEC203]
    assert len(slack_app.peer.of("chat.unfurl")) == 2


async def test_an_address_that_slack_does_not_take_costs_the_others_nothing(slack_app: SlackHarness) -> None:
    body = slack_app.ada.pastes(SEC203, PAGE)
    slack_app.peer.pasted = {place: [SEC203] for place in slack_app.peer.pasted}
    await slack_app.ada.post.event(body)
    await slack_app.quiet()
    (shown,) = slack_app.peer.unfurled.values()
    assert list(shown) == [SEC203]
    assert len(slack_app.peer.of("chat.unfurl")) == 3


async def test_without_the_scope_slack_is_left_alone_for_an_hour(slack_app: SlackHarness) -> None:
    slack_app.peer.faults.append(Fault("chat.unfurl", body={"ok": False, "error": "missing_scope"}, times=9))
    for _ in range(3):
        assert await pasted(slack_app, SEC203) == {}
    assert len(slack_app.peer.of("chat.unfurl")) == 1


async def test_the_owner_of_a_pasted_private_address_is_warned_and_nothing_of_the_agenda_is_shown(
    slack_app: SlackHarness,
) -> None:
    address = await own_address(slack_app, slack_app.ada)
    assert await pasted(slack_app, address, f"{address}s/arc301", f"{address}agenda.ics") == {}
    (warning,) = slack_app.peer.of("chat.postEphemeral")
    assert (warning["channel"], warning["user"]) == ("C200", "U031")
    assert words(warning) == (
        "Your private address is in a message that others can read: with it they see and change your agenda.\n"
        "Get a new address with `/agenda calendar new`. The old one then stops, also for your calendar."
    )
    assert "/p/" not in json.dumps(warning)
    await pasted(slack_app, address)
    assert len(slack_app.peer.of("chat.postEphemeral")) == 1, "once in a while"
    renewed = await slack_app.ada.press(warning, "New address")
    assert "The old address does not work any more" in words(renewed)
    await pasted(slack_app, address, channel="C201")
    assert len(slack_app.peer.of("chat.postEphemeral")) == 1, "a revoked address harms nobody"


async def test_whoever_pastes_the_address_of_somebody_else_hears_nothing_and_the_owner_does(
    slack_app: SlackHarness,
) -> None:
    address = await own_address(slack_app, slack_app.ada)
    bob = Person(slack_app.ada.post, "U040", "bob")
    await bob.paste(address)
    await slack_app.quiet()
    assert [body["user"] for body in slack_app.peer.of("chat.postEphemeral")] == ["U031"]


async def test_where_hallway_is_not_in_the_channel_the_owner_gets_the_warning_directly(slack_app: SlackHarness) -> None:
    address = await own_address(slack_app, slack_app.ada)
    slack_app.peer.closed_to["C200"] = "not_in_channel"
    await pasted(slack_app, address)
    assert [message.channel for message in slack_app.peer.messages if "Your private address" in words(message)] == [
        "D031"
    ]


async def test_nobody_gets_a_direct_message_who_has_not_agreed_to_any(slack_app: SlackHarness) -> None:
    bob = Person(slack_app.ada.post, "U040", "bob")
    address = await own_address(slack_app, bob)
    slack_app.peer.closed_to["C200"] = "not_in_channel"
    await pasted(slack_app, address)
    assert slack_app.peer.messages == []


@pytest.mark.parametrize("where", [{"channel": "D031"}, {"source": "composer"}], ids=["with Hallway", "not sent yet"])
async def test_an_address_that_nobody_else_reads_is_no_reason_to_warn(
    slack_app: SlackHarness, where: dict[str, str]
) -> None:
    address = await own_address(slack_app, slack_app.ada)
    assert await pasted(slack_app, address, **where) == {}
    assert slack_app.peer.of("chat.postEphemeral") == []


async def test_an_address_of_another_workspace_says_nothing_about_its_owner(slack_app: SlackHarness) -> None:
    stranger = Person(slack_app.ada.post, "U077", "eve", "T999")
    address = await own_address(slack_app, stranger)
    await pasted(
        slack_app, address, "https://hallway.example.org/p/" + "a" * 26 + "/", "https://hallway.example.org/p/x/"
    )
    assert slack_app.peer.of("chat.postEphemeral") == []


STRANGE = [
    {},
    {"links": "x"},
    {"links": [None, 3, {"url": 5}, {}]},
    {"links": [{"url": SEC203}], "channel": None},
    {"links": [{"url": SEC203}], "source": "composer", "unfurl_id": None},
    {"links": [{"url": SEC203}], "user": None},
    {"links": [{"url": SEC203}], "bot_id": "B1"},
    {"links": [{"url": "https://[::1/c/cloud-club/s/sec203"}]},
    {"links": [{"url": "https://hallway.example.org:x/c/cloud-club/s/sec203"}]},
    {"links": [{"url": "https://evil.example/c/cloud-club/s/sec203"}]},
    {"links": [{"url": f"{SEC203}{'x' * 3_000}"}]},
]


@pytest.mark.parametrize("event", STRANGE, ids=range(len(STRANGE)))
async def test_what_is_no_link_of_ours_or_no_event_of_a_person_is_left_alone(
    slack_app: SlackHarness, event: dict[str, Any]
) -> None:
    about = {"type": "link_shared", "user": "U031", "channel": "C200", "message_ts": "1.2", **event}
    assert await slack_app.ada.post.event(slack_app.ada.event(about)) == (200, "")
    await slack_app.quiet()
    assert slack_app.peer.of("chat.unfurl") == []


async def test_without_pages_nothing_is_answered(slack: SlackPeer) -> None:
    async with slack_harness(slack, await AppHarness().publish()) as made:
        await made.ada.paste(SEC203)
        await made.quiet()
    assert slack.of("chat.unfurl") == []


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        (SEC203, PageLink("cloud-club", "sec203")),
        ("http://HALLWAY.example.org/c/cloud%20club/s/a%2Fb?x#y", PageLink("cloud club", "a/b")),
        ("https://hallway.example.org/c/club", PageLink("club")),
        ("https://hallway.example.org/c/club/else", PageLink("club", is_other=True)),
        ("https://hallway.example.org/p/abc/s/x", PageLink(secret="abc")),
        ("https://hallway.example.org/privacy", None),
        ("https://hallway.example.org.evil.example/c/club/", None),
        ("https://evil.example/?https://hallway.example.org/c/club/", None),
        ("https://hallway.example.org:444/c/club/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_where_an_address_leads(url: str, leads: PageLink | None) -> None:
    assert WEB.linked(url) == leads


def test_a_folder_before_the_pages_belongs_to_every_address() -> None:
    below = WebSide("https://example.org:8443/hallway")
    assert below.linked("https://example.org:8443/hallway/c/club/") == PageLink("club")
    assert below.linked("https://example.org:8443/c/club/") is None
    assert below.linked("https://example.org/hallway/c/club/") is None
    assert "abc" not in repr(below.linked("https://example.org:8443/hallway/p/abc/"))
