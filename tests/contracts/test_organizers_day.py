"""A day of an organizer on Discord and on Slack: sessions move, one is cancelled, and a second conference arrives.

Every request is real HTTP or WebSocket, and is held against the schema of the platform.
"""

from dataclasses import replace

import pytest

from bot.app.schedules.importer import ingest
from bot.domain.schedule.session import SessionState
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.discord.test_announcing import promote, refresh
from tests.adapters.slack.harness import SlackHarness
from tests.app.announcements.test_following import changed, moved
from tests.builders import DAT, DAT_AGAIN, KEY, SEC, draft
from tests.fake_servers.discord import CHANNEL, MANAGE_GUILD, Asked
from tests.fake_servers.discord import Message as DiscordMessage
from tests.fake_servers.discord import Person as DiscordPerson
from tests.fake_servers.slack import ADMIN, Person, words
from tests.fakes.app_harness import AppHarness

SECOND = replace(draft(KEY), title="FOSDEM")


async def arrives(app: AppHarness) -> None:
    """The operator imports a second conference."""
    await ingest(app.store, SECOND, "fosdem", app.clock.now())


@pytest.fixture
async def olga(discord_app: DiscordHarness) -> DiscordPerson:
    """She may manage the server, also when Discord is asked about her."""
    promote(discord_app, 32)
    await refresh(discord_app)
    return replace(discord_app.ada, id=32, name="olga", permissions=MANAGE_GUILD)


def text(answer: Asked) -> str:
    return str(answer.body["data"])


def posts(discord_app: DiscordHarness) -> list[str]:
    return [str(message.body["content"]) for message in discord_app.peer.messages if message.channel == str(CHANNEL)]


def asked(discord_app: DiscordHarness) -> list[DiscordMessage]:
    """The questions about announcements that are held."""
    return [message for message in discord_app.peer.messages if "is on hold" in str(message.body.get("content"))]


def labels(message: DiscordMessage) -> list[str]:
    return [button["label"] for row in message.body["components"] for button in row["components"]]


async def planned(olga: DiscordPerson, words: str, when: str) -> str:
    """Olga plans an announcement for the channel; gives its number."""
    preview = await olga.type("announce", text=words, channel=f"#{CHANNEL}", when=when)
    assert "and moves with it" in text(preview)
    await olga.press(preview, "Confirm")
    return str(preview.body["data"]["content"]).split()[1].strip("*,")


async def test_an_organizers_day_on_discord(discord_app: DiscordHarness, olga: DiscordPerson) -> None:
    first = await planned(olga, "Doors open", "10m before SEC203")
    await planned(olga, "Slides are online", "when DAT310 ends")
    await planned(olga, "Last seats", "10m before DAT310-R")
    await arrives(discord_app.app)
    assert "Cloud 21" in text(await discord_app.ada.type("conference"))
    assert "Which conference" not in text(await discord_app.ada.type("nextsession"))
    await discord_app.wait(hours=2)
    await changed(discord_app.app, moved(SEC, 12), moved(DAT, 8), replace(DAT_AGAIN, state=SessionState.CANCELLED))
    await discord_app.wait(minutes=30)
    late, off = asked(discord_app)
    assert posts(discord_app) == []
    assert [labels(message) for message in (late, off)] == [["Send now", "New time…", "Drop it"]] * 2
    assert "its session moved, and the time is over" in late.body["content"]
    assert "its session was cancelled" in off.body["content"]
    direct = replace(olga, direct=True)
    form = await direct.press(late, "New time…")
    await direct.press(await direct.fill_in(form, when="13:00"), "Confirm")
    assert "Nothing was sent" in text(await direct.press(off, "Drop it"))
    await discord_app.wait(hours=1, minutes=19)
    assert posts(discord_app) == []
    await discord_app.wait(minutes=2)
    assert posts(discord_app) == ["Doors open"]
    await discord_app.wait(hours=2)
    assert posts(discord_app) == ["Doors open", "Slides are online"]
    await olga.type("announce", action="recall", number=first)
    await discord_app.wait(minutes=1)
    assert posts(discord_app) == ["Slides are online"]
    shown = await olga.type("announce", action="show", number=first)
    assert "was recalled" in text(shown)
    assert shown.body["data"].get("components", []) == []


async def test_an_organizers_day_on_slack(slack_app: SlackHarness) -> None:
    olga = Person(slack_app.ada.post, ADMIN, "olga")

    async def planned(what: str, when: str) -> str:
        preview = await olga.type(f'/announce "{what}" at {when} in <#C200|general>')
        assert "and moves with it" in words(preview), words(preview)
        await olga.press(preview, "Confirm")
        return words(preview).split()[1].strip("*,")

    def posts() -> list[str]:
        return [str(message.body["text"]) for message in slack_app.peer.messages if message.channel == "C200"]

    first = await planned("Doors open", "10m before SEC203")
    await planned("Slides are online", "the end of DAT310")
    await planned("Last seats", "10m before DAT310-R")
    await arrives(slack_app.app)
    assert "Cloud 21" in words(await slack_app.ada.type("/conference"))
    assert "Which conference" not in words(await slack_app.ada.type("/nextsession"))
    await slack_app.wait(hours=2)
    await changed(slack_app.app, moved(SEC, 12), moved(DAT, 8), replace(DAT_AGAIN, state=SessionState.CANCELLED))
    await slack_app.wait(minutes=30)
    late, off = [message for message in slack_app.peer.messages if "is on hold" in words(message)]
    assert posts() == []
    assert "its session moved, and the time is over" in words(late)
    assert "its session was cancelled" in words(off)
    form = await olga.press(late, "New time…")
    await olga.press(await olga.fill_in(form, when="13:00"), "Confirm")
    assert "Nothing was sent" in words(await olga.press(off, "Drop it"))
    await slack_app.wait(hours=1, minutes=19)
    assert posts() == []
    await slack_app.wait(minutes=2)
    assert posts() == ["Doors open"]
    await slack_app.wait(hours=2)
    assert posts() == ["Doors open", "Slides are online"]
    await olga.type(f"/announce recall {first}")
    await slack_app.wait(minutes=1)
    assert posts() == ["Slides are online"]
    assert "was recalled" in words(await olga.type(f"/announce show {first}"))
