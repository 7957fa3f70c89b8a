"""What organizers know, typed and filled in on Discord and on Slack: stored, refused to others, and undone by a press.

Every request is real HTTP or WebSocket, and is held against the schema of the platform.
"""

from dataclasses import replace

import pytest

from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.discord.test_announcing import promote, refresh
from tests.adapters.slack.harness import SlackHarness
from tests.fake_servers.discord import MANAGE_GUILD, Asked
from tests.fake_servers.discord import Person as DiscordPerson
from tests.fake_servers.slack import ADMIN, Person, words
from tests.fake_servers.slack import Asked as SlackAsked

REFUSED = "Only organizers can use /info edit and /info remove."


@pytest.fixture
async def olga(discord_app: DiscordHarness) -> DiscordPerson:
    """She may manage the server, also when Discord is asked about her."""
    promote(discord_app, 32)
    await refresh(discord_app)
    return replace(discord_app.ada, id=32, name="olga", permissions=MANAGE_GUILD)


def text(answer: Asked) -> str:
    return str(answer.body["data"])


def read_text(answer: SlackAsked) -> str:
    """What is read on Slack, without the marks that keep `:00-19:` from being an emoji."""
    return words(answer).replace("\u200b", "")


async def test_topics_are_written_read_and_undone_on_discord(discord_app: DiscordHarness, olga: DiscordPerson) -> None:
    assert REFUSED in text(await discord_app.ada.type("info", action="edit", topic="Lunch", text="Nowhere."))
    saved = await olga.type("info", action="edit", topic="Lunch", text="Soup.", place="Hall B", hours="12:00-13:00")
    assert "Hall B · 12:00-13:00" in text(saved)
    assert "Soup." in text(await discord_app.ada.type("info", topic="lunch"))
    await olga.press(saved, "Undo")
    assert "In every hotel." in text(await discord_app.ada.type("info", topic="lunch"))
    form = await olga.press(await olga.type("info", action="edit"), "Write")
    assert "Saved." in text(await olga.fill_in(form, topic="Badge pick-up", text="Bring a passport.\nAnd a coat."))
    assert "And a coat." in text(await discord_app.ada.type("info", topic="badge"))


async def test_ways_venues_and_settings_are_told_on_discord(discord_app: DiscordHarness, olga: DiscordPerson) -> None:
    ride = {"from": "Venetian", "to": "MGM Grand", "mode": "monorail", "minutes": "20", "p90": "30", "wait": "4"}
    saved = await olga.type("legtime", **ride, hours="07:00-19:00")
    assert "by monorail, 20 min, 30 min for 9 in 10, wait 4 min, 07:00-19:00, both ways" in text(saved)
    assert "by monorail" in text(await discord_app.ada.type("walk", **{"from": "Venetian", "to": "MGM Grand"}))
    await olga.press(saved, "Undo")
    assert "by monorail" not in text(await discord_app.ada.type("walk", **{"from": "Venetian", "to": "MGM Grand"}))
    assert "at 36.121500, -115.173900" in text(
        await olga.type("venue", action="add", name="Hall 5", value="36.1215, -115.1739")
    )
    asked = await olga.type("venue", action="move", name="Hall 5", value="36.1215, 115.1739")
    assert "km from" in text(asked)
    assert "at 36.121500, 115.173900" in text(await olga.press(asked, "Use it anyway"))
    assert "25 min" in text(await olga.type("settings", walkup="25"))
    assert "Only organizers" in text(await discord_app.ada.type("venue", action="remove", name="Hall 5"))


async def test_topics_are_written_read_and_undone_on_slack(slack_app: SlackHarness) -> None:
    olga = Person(slack_app.ada.post, ADMIN, "olga")
    assert REFUSED in read_text(await slack_app.ada.type("/info edit Lunch Nowhere."))
    saved = await olga.type("/info edit Lunch Soup. place: Hall B hours: 12:00-13:00")
    assert "Hall B · 12:00-13:00" in read_text(saved)
    assert "Soup." in read_text(await slack_app.ada.type("/info lunch"))
    await olga.press(saved, "Undo")
    assert "In every hotel." in read_text(await slack_app.ada.type("/info lunch"))
    form = await olga.type("/info edit")
    await olga.fill_in(form, topic="Badge pick-up", text="Bring a passport.\nAnd a coat.")
    assert "And a coat." in read_text(await slack_app.ada.type("/info badge"))
    assert REFUSED in read_text(await slack_app.ada.type("/info edit"))


async def test_ways_venues_and_settings_are_told_on_slack(slack_app: SlackHarness) -> None:
    olga = Person(slack_app.ada.post, ADMIN, "olga")
    saved = await olga.type("/legtime Venetian to MGM Grand monorail 20 30 wait 4 hours 07:00-19:00")
    assert "by monorail, 20 min, 30 min for 9 in 10, wait 4 min, 07:00-19:00, both ways" in read_text(saved)
    assert "by monorail" in read_text(await slack_app.ada.type("/walk Venetian to MGM Grand"))
    await olga.press(saved, "Undo")
    assert "by monorail" not in read_text(await slack_app.ada.type("/walk Venetian to MGM Grand"))
    assert "at 36.121500, -115.173900" in read_text(await olga.type("/venue add Hall 5 36.1215, -115.1739"))
    asked = await olga.type("/venue move Hall 5 36.1215, 115.1739")
    assert "km from" in read_text(asked)
    assert "at 36.121500, 115.173900" in read_text(await olga.press(asked, "Use it anyway"))
    assert "25 min" in read_text(await olga.type("/settings walk-up 25"))
    assert "Only organizers" in read_text(await slack_app.ada.type("/venue remove Hall 5"))
