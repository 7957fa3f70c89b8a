"""The question to organizers about a held copy."""

from dataclasses import replace

from tests.app.commands.test_schedule import ADDRESS, WHOLE
from tests.builders import ARC, SESSIONS, at, schedule
from tests.fakes.app_harness import AppHarness

MESSAGE = (
    "Shall I use the new schedule of Cloud 21? This import would remove 7 of 12 sessions.\n"
    "It looks wrong, so I still use the old one, and I have sent no messages about it.\n"
    "→ /schedule apply · /schedule keep · /schedule diff"
)


async def looked(app: AppHarness) -> list[tuple[str, str, str]]:
    """Ten minutes later the feed is due."""
    await app.rehearsal.wait(at(9) - at(8, 50))
    await app.feeds.poll_due()
    return await app.wait(minutes=1)


async def test_who_brought_the_feed_in_is_asked_once(app: AppHarness) -> None:
    app.feed.publish(*WHOLE)
    await app.say(f"/schedule import {ADDRESS}", organizer=True)
    await app.talk_to("bob", "/attend KEY100")
    app.feed.publish(*SESSIONS)
    assert await looked(app) == [("Mon 08:10", "ada", "schedule-held")]
    assert app.messages() == [MESSAGE]
    await app.say("/attend ARC301")
    app.feed.publish(*SESSIONS)
    assert await looked(app) == []
    app.feed.publish(ARC)
    assert await looked(app) == []
    (question,) = [message.content for message in app.post.sent if message.kind == "schedule-held"]
    assert [button.label for button in question.buttons] == ["Apply", "Keep old", "Show difference"]


async def test_who_follows_another_conference_by_then_is_not_asked(app: AppHarness) -> None:
    app.feed.publish(*WHOLE)
    await app.say(f"/schedule import {ADDRESS}", organizer=True)
    other = schedule()
    await app.publish(replace(other, conference=replace(other.conference, slug="other", title="Other")))
    await app.say("/conference other", organizer=True)
    app.feed.publish(*SESSIONS)
    assert await looked(app) == []
