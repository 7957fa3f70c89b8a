"""`hallway conference`: what the operator sees of conferences, and does with them."""

from asyncio import to_thread
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.errors import HallwayError
from bot.domain.imports.feed import Feed
from bot.storage.unit_of_work import SqlStore
from tests.builders import CONFERENCE, at, schedule


@pytest.fixture
async def database(migrated: str) -> str:
    """Two conferences, one of them of a community, and one person with an agenda."""
    store = SqlStore.at(migrated)
    async with store.write_transaction() as work:
        ada = await work.people.join("discord", "100", "ada")
        other = await work.communities.add("slack", "T1")
        await work.communities.save(replace(ada.community, name="Cloud Club", conference="cloud21"))
        await work.conferences.save(schedule())
        await work.conferences.save(schedule(conference=replace(CONFERENCE, slug="mine", title="Mine")), owner=other.id)
        await work.attendances.put(ada.id, "cloud21", Attendance("arc301", Choice.GOING))
        await work.feeds.save(Feed("cloud21", "https://cloud.example/s.json", at(8)))
    await store.close()
    return migrated


def output(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["conference", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


async def test_all_are_listed_with_who_may_follow_them_and_who_does(database: str) -> None:
    assert await to_thread(output, "list") == (
        "cloud21  Cloud 21  2021-11-29 to 2021-11-30  5 sessions  published  followed by 1 community\n"
        "mine  Mine  2021-11-29 to 2021-11-30  5 sessions  only for slack:T1  followed by 0 communities\n"
    )


async def test_one_is_shown_in_full_without_its_people(database: str) -> None:
    assert await to_thread(output, "show", "cloud21") == (
        "name:        cloud21\n"
        "title:       Cloud 21\n"
        "state:       published\n"
        "zone:        America/Los_Angeles\n"
        "days:        2021-11-29 to 2021-11-30\n"
        "sessions:    5\n"
        "indoor map:  none\n"
        "source:      https://cloud.example/s.json, every 10 min: not asked yet\n"
        "followed by: discord:100 (Cloud Club)\n"
        "agendas:     1\n"
    )


async def test_one_is_published_archived_and_renamed(database: str) -> None:
    assert await to_thread(output, "publish", "mine") == (
        "Every community can follow mine now: /conference mine. A community that follows another conference keeps it.\n"
    )
    assert "mine  Mine  2021-11-29 to 2021-11-30  5 sessions  published" in await to_thread(output, "list")
    assert await to_thread(output, "title", "mine", "Our  own") == "mine is now called Our own.\n"
    assert (await to_thread(output, "archive", "cloud21")).startswith("cloud21 is archived. Communities that follow it")
    shown = await to_thread(output, "show", "cloud21")
    assert "state:       archived" in shown
    assert "source:      a file" in shown
    assert "followed by: discord:100 (Cloud Club)" in shown


async def test_one_that_is_followed_is_deleted_only_by_force(database: str) -> None:
    with pytest.raises(HallwayError, match=r"^cloud21 is followed by discord:100 .*: --force$"):
        await to_thread(output, "delete", "cloud21")
    assert await to_thread(output, "delete", "cloud21", "--force") == "cloud21 is deleted.\n"
    assert await to_thread(output, "delete", "mine") == "mine is deleted.\n"
    assert (await to_thread(output, "list")).startswith("No conferences.")


async def test_one_that_is_not_there_is_said_with_those_that_are(database: str) -> None:
    for action in (["show"], ["publish"], ["archive"], ["delete"]):
        with pytest.raises(HallwayError, match=r"^There is no conference 'nope'\. I know: cloud21, mine\.$"):
            await to_thread(output, *action, "nope")
    with pytest.raises(HallwayError, match=r"^A title has 1 to 200 characters\.$"):
        await to_thread(output, "title", "mine", " ")


async def test_rooms_are_linked_to_an_indoor_map_and_to_none(database: str) -> None:
    done = await to_thread(output, "c3nav", "cloud21", "https://nav.example.org/")
    assert done == "The rooms of cloud21 are linked to https://nav.example.org.\n"
    store = SqlStore.at(database)
    async with store.read_transaction() as work:
        conference = await work.conferences.get("cloud21")
    await store.close()
    assert conference == replace(CONFERENCE, c3nav="https://nav.example.org", revision=CONFERENCE.revision + 1)
    assert "indoor map:  https://nav.example.org\n" in await to_thread(output, "show", "cloud21")
    assert (
        await to_thread(output, "c3nav", "cloud21", "off") == "The rooms of cloud21 are not linked to a map any more.\n"
    )
    with pytest.raises(HallwayError, match=r"^Give the address of the indoor map itself"):
        await to_thread(output, "c3nav", "cloud21", "ftp://x")
