"""A workbook uploaded to `hallway run` as a process: the difference, the button, and the schedule afterwards."""

from dataclasses import replace
from datetime import date, time

import pytest

from tests.adapters.discord.test_conversation import words as read
from tests.e2e import test_discord as on_discord
from tests.e2e import test_slack as on_slack
from tests.e2e.hallway import Hallway
from tests.e2e.test_main_job import SCHEDULE, VENUES
from tests.fake_servers.discord import MANAGE_GUILD, discord_peer
from tests.fake_servers.discord import Person as DiscordPerson
from tests.fake_servers.slack import ADMIN, slack_peer, words
from tests.fake_servers.slack_spec import slack_spec
from tests.support.workbooks import workbook

DAY = date(2021, 11, 29)
TALKS = workbook(
    {
        "Talks": (
            ("code", "title", "date", "start", "end", "room"),
            ("ARC1", "Queues", DAY, time(9), time(10), "Wynn | Level 1 | A"),
            ("SEC2", "Keys", DAY, time(14), time(15), "MGM | Level 3 | B"),
        )
    }
)
CHANGE = "changed: Keys (SEC2) (time Mon 11:00 → Mon 14:00)"
EARLY = "2021-11-29T07:00-08:00"


@pytest.fixture
def imported(hallway: Hallway) -> Hallway:
    (hallway.home / "schedule.csv").write_text(SCHEDULE)
    (hallway.home / "venues.csv").write_text(VENUES)
    arguments = ("schedule.csv", "--conference", "tiny", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
    assert hallway.run("import", *arguments).returncode == 0
    return hallway


@pytest.mark.slow
async def test_a_workbook_on_discord_changes_the_schedule_after_the_button(imported: Hallway) -> None:
    async with discord_peer() as peer, on_discord.running(imported, peer, "--at", EARLY):
        ada = DiscordPerson(peer, permissions=MANAGE_GUILD)
        shown = await ada.type("schedule", action="upload", file=f"+{peer.attach('talks.xlsx', TALKS)}")
        # A slow answer is announced first, and filled in later.
        shown = shown if shown.body["type"] == 4 else await peer.edited(ada)
        text = read(shown)
        assert text.startswith("talks.xlsx would change the schedule:\n0 added, 1 changed, 0 removed (xlsx)\n")
        assert CHANGE in text
        applied = await ada.press(shown, "Apply")
        applied = applied if applied.body["type"] == 4 else await peer.edited(ada)
        assert read(applied).startswith("The schedule is updated.")


@pytest.mark.slow
async def test_a_workbook_on_slack_changes_the_schedule_after_the_button(imported: Hallway) -> None:
    async with slack_peer(slack_spec().check) as peer, on_slack.running(imported, peer, "--at", EARLY) as run:
        ada = replace(run.person(), id=ADMIN)
        form = await ada.type("/schedule upload")
        shown = await ada.fill_in(form, file=peer.choose("talks.xlsx", TALKS))
        assert words(shown).startswith("talks.xlsx would change the schedule:\n0 added, 1 changed, 0 removed (xlsx)\n")
        assert CHANGE in words(shown)
        assert words(await ada.press(shown, "Apply")).startswith("The schedule is updated.")
        assert peer.broken == []
