"""The notice to organizers that the source of the schedule fails."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.errors import FetchError
from tests.app.commands.test_schedule import ADDRESS
from tests.builders import SESSIONS, schedule
from tests.fakes.app_harness import AppHarness

MESSAGE = (
    "I can't update the schedule of Cloud 21 since Mon 29 Nov 08:11. cloud.example is out of order (503): try again later.\n"
    "The last good version stays, and I keep trying. I'll tell you when it works again.\n"
    "→ /schedule status · /schedule refresh"
)


async def failing(app: AppHarness, faults: int) -> AppHarness:
    """A feed of ada's that works at 08:00, and fails from 08:10 on."""
    app.feed.publish(*SESSIONS)
    await app.say(f"/schedule import {ADDRESS}", organizer=True)
    await app.talk_to("bob", "/attend KEY100")
    app.feed.faults = [FetchError("cloud.example is out of order (503): try again later.")] * faults
    app.feed.tagged = False
    return app


async def passing(app: AppHarness, minutes: int) -> list[tuple[str, str, str]]:
    """What is sent while the feed is polled every minute."""
    sent = []
    for _ in range(minutes):
        app.clock.move_to(app.clock.now() + timedelta(seconds=30))
        await app.feeds.poll_due()
        sent += await app.wait(seconds=30)
    return [message for message in sent if message[2].startswith("schedule-")]


async def test_who_brought_the_feed_in_hears_once_and_nobody_else(app: AppHarness) -> None:
    await failing(app, 99)
    assert await passing(app, 120) == [("Mon 08:13", "ada", "schedule-failing")]
    assert [text for text in app.messages() if "can't update" in text] == [MESSAGE]


async def test_what_works_again_by_then_is_not_said(app: AppHarness) -> None:
    await failing(app, 4)
    await app.say("/nudges quiet 07:00-12:00")
    assert await passing(app, 300) == []


async def test_who_follows_another_conference_by_then_is_not_told(app: AppHarness) -> None:
    await failing(app, 99)
    other = schedule()
    await app.publish(replace(other, conference=replace(other.conference, slug="other", title="Other")))
    await app.say("/conference other", organizer=True)
    assert await passing(app, 60) == []
