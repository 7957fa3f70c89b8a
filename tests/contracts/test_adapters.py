"""One suite for every platform: the same day, played on each, gives people the same facts."""

from dataclasses import replace

import pytest

from bot.domain.schedule.conference import Schedule
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.slack.harness import SlackHarness
from tests.builders import ARC, DAT, DAT_AGAIN, FORUM, KEY, SEC, at, schedule
from tests.contracts.attendees import (
    ConsoleAttendee,
    DiscordAttendee,
    Facts,
    PlatformAttendee,
    SlackAttendee,
    without_relative,
)
from tests.fakes.app_harness import AppHarness


async def newer(app: AppHarness, made: Schedule) -> None:
    """An organizer imports a newer version, and everybody is planned anew."""
    async with app.store.write_transaction() as work:
        await work.conferences.save(made)
        attendees = [attendee async for chunk in work.attendances.everyone("cloud21") for attendee, _ in chunk]
        assert attendees


async def day(ada: PlatformAttendee, app: AppHarness) -> list[Facts]:
    """Find, choose, ask for the next session, be nudged, be moved, and read the recap in the evening."""
    read = [
        await ada.type("find", words="queues"),
        await ada.type("hotel", venue="MGM"),
        await ada.type("attend", code="ARC301", seat="reserved"),
        await ada.type("attend", code="SEC203"),
        await ada.press("Agenda"),
        await ada.type("nextsession"),
        await ada.type("walk", **{"from": "Venetian", "to": "Forum"}),
        *await ada.wait(hours=2),
    ]
    moved = replace(SEC, starts_at=at(13), ends_at=at(14), venue=FORUM.name, room="Hall 9", revision=2)
    made = schedule([ARC, moved, DAT, DAT_AGAIN, KEY])
    await newer(app, replace(made, conference=replace(made.conference, revision=2)))
    read += [await ada.type("agenda"), await ada.type("nextsession")]
    read += await ada.wait(hours=9)
    return [without_relative(facts) for facts in read]


@pytest.fixture
async def console_day() -> list[Facts]:
    """The day as the console tells it: what every other platform is compared with."""
    app = await AppHarness().publish()
    return await day(ConsoleAttendee(app), app)


async def test_the_day_on_the_console_has_everything_in_it(console_day: list[Facts]) -> None:
    text = "\n".join("\n".join(facts) for facts in console_day)
    for expected in ("Leave Venetian by", "Leave MGM Grand by", "18 min walk", "13:00-14:00", "Your Monday", "Hall 9"):
        assert expected in text, expected


async def test_discord_gives_the_same_facts(discord_app: DiscordHarness, console_day: list[Facts]) -> None:
    assert await day(DiscordAttendee(discord_app), discord_app.app) == console_day


async def test_slack_gives_the_same_facts(slack_app: SlackHarness, console_day: list[Facts]) -> None:
    assert await day(SlackAttendee(slack_app), slack_app.app) == console_day


async def replaced(ada: PlatformAttendee) -> None:
    """Somebody is told to leave at 09:47 and is elsewhere, so they are told anew at 10:12."""
    await ada.type("hotel", venue="MGM")
    await ada.type("attend", code="SEC203")
    assert len(await ada.wait(hours=1, minutes=50)) == 1
    await ada.type("here", venue="Venetian")
    ((head, *_),) = await ada.wait(hours=1)
    assert head == 'Changed from 09:57. Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.'


REPLACED = ['Replaced: leave by 10:22 for "Keys, locks and doors", not by 09:57.']


async def test_discord_marks_the_message_to_leave_that_is_replaced(discord_app: DiscordHarness) -> None:
    ada = DiscordAttendee(discord_app)
    await replaced(ada)
    assert ada._words(discord_app.peer.messages[-2].body) == REPLACED


async def test_slack_marks_the_message_to_leave_that_is_replaced(slack_app: SlackHarness) -> None:
    ada = SlackAttendee(slack_app)
    await replaced(ada)
    assert ada._words(slack_app.peer.messages[-2].body) == REPLACED


REMOVED = ["No longer needed: you removed this entry from your agenda."]


async def removed(ada: PlatformAttendee, app: AppHarness) -> None:
    """Somebody is told to leave for lunch with a friend, and removes that entry from their agenda."""
    await ada.type("hotel", venue="MGM")
    await ada.type("block", what="11:00-12:00 Lunch with Ben at Forum")
    ((head, *_),) = await ada.wait(hours=2, minutes=30)
    assert head == 'Leave MGM Grand by 10:17 for "Lunch with Ben" at Caesars Forum.'
    async with app.store.read_transaction() as work:
        ((block,),) = (await work.blocks.of_attendees(range(1, 10), "cloud21")).values()
    await ada.type("block", what=f"remove {block.number}")
    assert await ada.wait(minutes=1) == []


async def test_the_console_takes_back_the_message_to_leave_for_an_entry_that_was_removed() -> None:
    app = await AppHarness().publish()
    await removed(ConsoleAttendee(app), app)
    assert app.messages() == REMOVED


async def test_discord_takes_back_the_message_to_leave_for_an_entry_that_was_removed(
    discord_app: DiscordHarness,
) -> None:
    ada = DiscordAttendee(discord_app)
    await removed(ada, discord_app.app)
    assert ada._words(discord_app.peer.messages[-1].body) == REMOVED


async def test_slack_takes_back_the_message_to_leave_for_an_entry_that_was_removed(slack_app: SlackHarness) -> None:
    ada = SlackAttendee(slack_app)
    await removed(ada, slack_app.app)
    assert ada._words(slack_app.peer.messages[-1].body) == REMOVED
