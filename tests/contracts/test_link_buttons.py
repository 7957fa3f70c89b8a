"""One suite for every platform: an address is a button or a title, and a press of it needs no answer."""

from dataclasses import replace
from typing import Any

from adapters.console.messages import Message
from adapters.console.output import as_json
from bot.app.text.web_side import WebSide
from tests.adapters.discord.conftest import Stage
from tests.adapters.slack.stage import Stage as Scene
from tests.builders import ARC, SEC, ZONE, schedule
from tests.fake_servers.discord import items
from tests.fake_servers.slack import buttons
from tests.fakes.app_harness import AppHarness

URL = "https://meet.example/1?pwd=a&b=c"
ONLINE = schedule([replace(ARC, venue="", room=URL, revision=2), SEC])
ONLINE = replace(ONLINE, conference=replace(ONLINE.conference, revision=2))


def opening(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(str(each.get("label") or each["text"]["text"]), each["url"]) for each in found if "url" in each]


async def test_the_console_writes_the_address() -> None:
    app = await AppHarness().publish(ONLINE)
    reply = await app.ask("/session ARC301")
    shown = as_json(Message(app.clock.now(), ZONE, "ada", "reply", "session", reply))
    assert shown["links"] == [{"label": "Join", "url": URL}]
    assert f"→ Join: {URL}" in app.text(reply).split("\n")


async def test_discord_opens_the_address(stage: Stage) -> None:
    await stage.app.publish(ONLINE)
    shown = await stage.ada.type("session", code="ARC301")
    await stage.ada.type("attend", code="ARC301")
    (posted,) = await stage.wait(hours=1)
    for body in (shown, posted):
        (first, *others) = items(body)
        assert (first["style"], first["label"], first["url"], first.get("custom_id")) == (5, "Join", URL, None)
        assert all("url" not in each and each["custom_id"] for each in others)


async def test_slack_opens_the_address_and_hears_of_the_press(scene: Scene) -> None:
    await scene.app.publish(ONLINE)
    shown = await scene.ada.type("/session ARC301")
    await scene.ada.type("/attend ARC301")
    (posted,) = await scene.wait(hours=1)
    assert opening(buttons(shown.body)) == opening(buttons(posted.body)) == [("Join", URL)]
    before = len(scene.peer.asked)
    assert await scene.ada.post.payload(scene.ada.presses(posted, "Join")) == (200, "")
    await scene.quiet()
    assert scene.peer.asked[before:] == []


async def test_slacks_home_tab_opens_the_address(scene: Scene) -> None:
    await scene.app.publish(ONLINE)
    await scene.ada.type("/attend ARC301")
    assert opening(buttons(dict(await scene.ada.open_home()))) == [("Join", URL)] * 2


WEB = WebSide("https://hallway.example.org")
PUBLIC = "https://hallway.example.org/c/cloud-club/s/"


async def paged(app: AppHarness, platform: str) -> None:
    """The community has a public page."""
    app.scheduler.web = WEB
    object.__setattr__(app.dispatch, "web", WEB)
    async with app.store.write_transaction() as work:
        (known,) = await work.communities.on_platform(platform)
        await work.communities.save(replace(known, page="cloud-club"))


async def test_discord_opens_a_session_on_the_web_by_its_button_and_its_title(stage: Stage) -> None:
    await stage.app.publish()
    await stage.ada.type("attend", code="SEC203")
    await paged(stage.app, "discord")
    stage.rehearsal.scheduler.web = WEB
    shown, found = await stage.ada.type("session", code="SEC203"), await stage.ada.type("find", words="keys")
    assert [each["url"] for each in items(shown) if each.get("label") == "On the web"] == [f"{PUBLIC}sec203"]
    assert [each.get("url") for each in found.body["data"]["embeds"]] == [f"{PUBLIC}sec203"]
    (posted,) = await stage.wait(hours=3)
    assert opening(items(posted))[0] == ("On the web", f"{PUBLIC}sec203")


async def test_slack_opens_a_session_on_the_web_by_its_button_and_its_title(scene: Scene) -> None:
    await scene.app.publish()
    await scene.ada.type("/attend SEC203")
    await paged(scene.app, "slack")
    scene.rehearsal.scheduler.web = WEB
    shown, found = await scene.ada.type("/session SEC203"), await scene.ada.type("/find keys")
    assert ("On the web", f"{PUBLIC}sec203") in opening(buttons(shown.body))
    texts = [block["text"]["text"].split("\n")[0] for block in found.body["blocks"] if block.get("accessory")]
    assert texts == [f"*<{PUBLIC}sec203|1 · Keys, locks and doors (SEC203)>*"]
    assert f"{PUBLIC}sec203" not in found.body["text"], "a lock screen shows no address"
    (posted,) = await scene.wait(hours=3)
    assert opening(buttons(posted.body))[0] == ("On the web", f"{PUBLIC}sec203")
