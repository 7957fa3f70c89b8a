"""One suite for every platform: an address is a button or a title, and a press of it needs no answer."""

from dataclasses import replace
from typing import Any

from adapters.console.messages import Message
from adapters.console.output import as_json
from bot.app.text.web_side import WebSide
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.slack.harness import SlackHarness
from tests.builders import ARC, SEC, ZONE, schedule
from tests.fake_servers.discord import items
from tests.fake_servers.slack import buttons
from tests.fakes.app_harness import AppHarness

URL = "https://meet.example/1?pwd=a&b=c"
ONLINE = schedule([replace(ARC, venue="", room=URL, revision=2), SEC])
ONLINE = replace(ONLINE, conference=replace(ONLINE.conference, revision=2))


def opening(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(str(item.get("label") or item["text"]["text"]), item["url"]) for item in found if "url" in item]


async def test_the_console_writes_the_address() -> None:
    app = await AppHarness().publish(ONLINE)
    reply = await app.ask("/session ARC301")
    shown = as_json(Message(app.clock.now(), ZONE, "ada", "reply", "session", reply))
    assert shown["links"] == [{"label": "Join", "url": URL}]
    assert f"→ Join: {URL}" in app.text(reply).split("\n")


async def test_discord_opens_the_address(discord_app: DiscordHarness) -> None:
    await discord_app.app.publish(ONLINE)
    shown = await discord_app.ada.type("session", code="ARC301")
    await discord_app.ada.type("attend", code="ARC301")
    (posted,) = await discord_app.wait(hours=1)
    for body in (shown, posted):
        (first, *others) = items(body)
        assert (first["style"], first["label"], first["url"], first.get("custom_id")) == (5, "Join", URL, None)
        assert all("url" not in item and item["custom_id"] for item in others)


async def test_slack_opens_the_address_and_hears_of_the_press(slack_app: SlackHarness) -> None:
    await slack_app.app.publish(ONLINE)
    shown = await slack_app.ada.type("/session ARC301")
    await slack_app.ada.type("/attend ARC301")
    (posted,) = await slack_app.wait(hours=1)
    assert opening(buttons(shown.body)) == opening(buttons(posted.body)) == [("Join", URL)]
    before = len(slack_app.peer.asked)
    assert await slack_app.ada.post.payload(slack_app.ada.presses(posted, "Join")) == (200, "")
    await slack_app.quiet()
    assert slack_app.peer.asked[before:] == []


async def test_slacks_home_tab_opens_the_address(slack_app: SlackHarness) -> None:
    await slack_app.app.publish(ONLINE)
    await slack_app.ada.type("/attend ARC301")
    assert opening(buttons(dict(await slack_app.ada.open_home()))) == [("Join", URL)] * 2


WEB = WebSide("https://hallway.example.org")
PUBLIC = "https://hallway.example.org/c/cloud-club/s/"


async def paged(app: AppHarness, platform: str) -> None:
    """The community has a public page."""
    app.scheduler.web = WEB
    object.__setattr__(app.dispatch, "web", WEB)
    async with app.store.write_transaction() as work:
        (community,) = await work.communities.on_platform(platform)
        await work.communities.save(replace(community, page="cloud-club"))


async def test_discord_opens_a_session_on_the_web_by_its_button_and_its_title(discord_app: DiscordHarness) -> None:
    await discord_app.app.publish()
    await discord_app.ada.type("attend", code="SEC203")
    await paged(discord_app.app, "discord")
    discord_app.rehearsal.scheduler.web = WEB
    shown, found = (
        await discord_app.ada.type("session", code="SEC203"),
        await discord_app.ada.type("find", words="keys"),
    )
    assert [item["url"] for item in items(shown) if item.get("label") == "On the web"] == [f"{PUBLIC}sec203"]
    assert [embed.get("url") for embed in found.body["data"]["embeds"]] == [f"{PUBLIC}sec203"]
    (posted,) = await discord_app.wait(hours=3)
    assert opening(items(posted))[0] == ("On the web", f"{PUBLIC}sec203")


async def test_slack_opens_a_session_on_the_web_by_its_button_and_its_title(slack_app: SlackHarness) -> None:
    await slack_app.app.publish()
    await slack_app.ada.type("/attend SEC203")
    await paged(slack_app.app, "slack")
    slack_app.rehearsal.scheduler.web = WEB
    shown, found = await slack_app.ada.type("/session SEC203"), await slack_app.ada.type("/find keys")
    assert ("On the web", f"{PUBLIC}sec203") in opening(buttons(shown.body))
    texts = [block["text"]["text"].split("\n")[0] for block in found.body["blocks"] if block.get("accessory")]
    assert texts == [f"*<{PUBLIC}sec203|1 · Keys, locks and doors (SEC203)>*"]
    assert f"{PUBLIC}sec203" not in found.body["text"], "a lock screen shows no address"
    (posted,) = await slack_app.wait(hours=3)
    assert opening(buttons(posted.body))[0] == ("On the web", f"{PUBLIC}sec203")
