"""The question to organizers about a held copy."""

from dataclasses import replace

from tests.app.commands.test_schedule import ADDRESS, WHOLE
from tests.builders import ARC, SESSIONS, at, schedule
from tests.fakes.app_harness import AppHarness

LETTER = (
    "Shall I use the new schedule of Cloud 21? This import would remove 7 of 12 sessions.\n"
    "It looks wrong, so I still use the old one, and I have sent no messages about it.\n"
    "→ /schedule apply · /schedule keep · /schedule diff"
)


async def looked(talk: AppHarness) -> list[tuple[str, str, str]]:
    """Ten minutes later the feed is due."""
    await talk.rehearsal.wait(at(9) - at(8, 50))
    await talk.desk.poll_due()
    return await talk.wait(minutes=1)


async def test_who_brought_the_feed_in_is_asked_once(talk: AppHarness) -> None:
    talk.feed.publish(*WHOLE)
    await talk.say(f"/schedule import {ADDRESS}", organizer=True)
    await talk.talk_to("bob", "/attend KEY100")
    talk.feed.publish(*SESSIONS)
    assert await looked(talk) == [("Mon 08:10", "ada", "schedule-held")]
    assert talk.letters() == [LETTER]
    await talk.say("/attend ARC301")
    talk.feed.publish(*SESSIONS)
    assert await looked(talk) == []
    talk.feed.publish(ARC)
    assert await looked(talk) == []
    (letter,) = [each.content for each in talk.post.sent if each.kind == "schedule-held"]
    assert [button.label for button in letter.buttons] == ["Apply", "Keep old", "Show difference"]


async def test_who_follows_another_conference_by_then_is_not_asked(talk: AppHarness) -> None:
    talk.feed.publish(*WHOLE)
    await talk.say(f"/schedule import {ADDRESS}", organizer=True)
    other = schedule()
    await talk.publish(replace(other, conference=replace(other.conference, slug="other", title="Other")))
    await talk.say("/conference other", organizer=True)
    talk.feed.publish(*SESSIONS)
    assert await looked(talk) == []
