"""A schedule file on Discord: attached to the command, or chosen in a form."""

from dataclasses import replace

import pytest

from adapters.discord.attachments import FILE_REFUSED, is_cdn_url
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.discord.test_conversation import labels, words
from tests.fake_servers.discord import MANAGE_GUILD
from tests.support.uploaded import CHANGE, moves_a_session


@pytest.fixture
def uploading(discord_app: DiscordHarness) -> DiscordHarness:
    """ada manages the server, and the next file moves a session."""
    discord_app.ada = replace(discord_app.ada, permissions=MANAGE_GUILD)
    moves_a_session(discord_app.app)
    return discord_app


async def test_a_file_attached_to_the_command_is_shown_as_a_difference_and_applied(uploading: DiscordHarness) -> None:
    file = uploading.peer.attach("talks.xlsx", b"1")
    shown = await uploading.ada.type("schedule", action="upload", file=f"+{file}")
    assert words(shown).startswith("talks.xlsx would change the schedule:\n")
    assert CHANGE in words(shown)
    assert labels(shown) == ["Apply", "Keep old", "Status"]
    applied = await uploading.ada.press(shown, "Apply")
    assert words(applied).startswith("The schedule is updated.")
    again = await uploading.ada.press(shown, "Apply")
    assert words(again) == "This file is no longer waiting. Upload it again: /schedule upload"


async def test_without_a_file_a_form_takes_it(uploading: DiscordHarness) -> None:
    asked = await uploading.ada.type("schedule", action="upload")
    form = await uploading.ada.press(asked, "Choose a file")
    fields = [row["component"] for row in form.body["data"]["components"]]
    assert [(field["type"], field["custom_id"]) for field in fields] == [(19, "file"), (4, "as"), (4, "zone")]
    file = uploading.peer.attach("talks.xlsx", b"1")
    shown = await uploading.ada.fill_in(form, file=f"+{file}", zone="")
    assert CHANGE in words(shown)


async def test_a_large_file_is_refused_before_it_is_downloaded(uploading: DiscordHarness) -> None:
    file = uploading.peer.attach("talks.xlsx", bytes(8 * 1024**2 + 1))
    shown = await uploading.ada.type("schedule", action="upload", file=f"+{file}")
    assert words(shown) == "talks.xlsx is larger than 8 MB, the limit for a schedule: split it."


async def test_a_file_that_discord_does_not_give_is_said_and_nothing_is_changed(uploading: DiscordHarness) -> None:
    gone = uploading.peer.attach("talks.xlsx", b"1")
    uploading.peer.lost.add(gone)
    assert words(await uploading.ada.type("schedule", action="upload", file=f"+{gone}")) == FILE_REFUSED
    uploading.peer.lost.clear()
    uploading.peer.attachments_at = "https://evil.example"
    assert words(await uploading.ada.type("schedule", action="upload", file=f"+{gone}")) == FILE_REFUSED


async def test_only_organizers_upload(uploading: DiscordHarness) -> None:
    file = uploading.peer.attach("talks.xlsx", b"1")
    eve = replace(uploading.ada, id=32, name="eve", permissions=0)
    shown = await eve.type("schedule", action="upload", file=f"+{file}")
    assert words(shown) == "Only organizers can use /schedule."


async def test_a_session_is_edited_with_options(uploading: DiscordHarness) -> None:
    shown = await uploading.ada.type("schedule", action="edit", session="SEC203", room="Palazzo 3", time="14:00")
    assert words(shown).startswith("Shall I change Keys, locks and doors (SEC203)?\n")
    applied = await uploading.ada.press(shown, "Apply")
    assert labels(applied) == ["Restore"]
    assert "Palazzo 3" in words(await uploading.ada.type("session", code="SEC203"))


@pytest.mark.parametrize(
    "url, ours",
    [
        ("https://cdn.discordapp.com/ephemeral-attachments/1/2/talks.csv?ex=1", True),
        ("https://media.discordapp.net/attachments/1/2/talks.csv", True),
        ("http://cdn.discordapp.com/attachments/1/2/talks.csv", False),
        ("https://cdn.discordapp.com:8443/attachments/1/2/talks.csv", False),
        ("https://cdn.discordapp.com@evil.example/talks.csv", False),
        ("https://evil.example/cdn.discordapp.com", False),
        ("https://[bad", False),
        ("", False),
    ],
)
def test_files_come_from_hosts_of_discord_only(url: str, ours: bool) -> None:
    assert is_cdn_url(url) is ours
