"""Recordings: where a session can be watched later, and how those hear of it who want to."""

from dataclasses import replace

import pytest

from bot.domain.schedule.session import Session
from tests.builders import ARC, DAT, DAT_AGAIN, KEY, SEC, at
from tests.fakes.app_harness import AppHarness

ADDRESS = "https://cloud.example/schedule.json"
SEC_VIDEO, DAT_VIDEO = "https://video.example/sec203.mp4", "http://video.example/watch?v=(dat)"
HOUR = {"hours": 1}


def with_videos(*codes: str) -> tuple[Session, ...]:
    """The sessions, of which some have a recording."""
    links = {"SEC203": SEC_VIDEO, "DAT310": DAT_VIDEO, "KEY001": "https://video.example/key"}
    every = (ARC, SEC, DAT, DAT_AGAIN, KEY)
    return tuple(
        replace(session, recording_url=links[session.code]) if session.code in codes else session for session in every
    )


@pytest.fixture
async def followed(app: AppHarness) -> AppHarness:
    """A conference with a feed."""
    app.feed.publish(*with_videos())
    await app.say(f"/schedule import {ADDRESS}", organizer=True)
    return app


async def appear(app: AppHarness, *codes: str) -> str:
    app.feed.publish(*with_videos(*codes))
    return await app.say("/schedule refresh", organizer=True)


async def test_the_list_has_the_address_once_the_session_is_over(followed: AppHarness) -> None:
    await followed.all("/later SEC203", "/later DAT310", "/later ARC301")
    assert "1 changed" in await appear(followed, "SEC203")
    assert SEC_VIDEO not in await followed.say("/later")
    followed.clock.move_to(at(20))
    await appear(followed, "SEC203", "DAT310")
    assert await followed.say("/later") == (
        "3 sessions to watch later. To take the first off the list: /skip 1\n"
        "1. Queues that never sleep (ARC301)\n"
        "   Mon 29 Nov 09:00-10:00, Venetian, Room ARC301 · 300\n"
        "   The schedule does not say whether it is recorded.\n"
        "2. Keys, locks and doors (SEC203)\n"
        "   Mon 29 Nov 11:00-12:00, Caesars Forum, Room SEC203 · 200 · recorded\n"
        f"   {SEC_VIDEO}\n"
        "3. Counting to infinity (DAT310)\n"
        "   Mon 29 Nov 11:30-12:30, Caesars Forum, Room DAT310 · 300 · recorded\n"
        f"→ Watch it: {DAT_VIDEO}\n"
        "→ /agenda"
    )
    assert f"→ Watch it: {SEC_VIDEO}" in await followed.say("/session SEC203")
    assert "Watch it" not in await followed.say("/session ARC301")


async def test_the_evening_recap_says_it_once_and_no_message_comes_for_it_alone(followed: AppHarness) -> None:
    await followed.all("/attend ARC301", "/hotel Venetian", "/later SEC203", "/later DAT310")
    followed.clock.move_to(at(13))
    await appear(followed, "SEC203", "DAT310")
    assert await followed.wait(hours=10) == [("Mon 18:00", "ada", "evening-recap")]
    recap = followed.messages()[-1]
    assert (
        "You can watch these from your list now\n"
        "   Keys, locks and doors (SEC203), Mon 29 Nov 11:00-12:00, Caesars Forum\n"
        "   Counting to infinity (DAT310), Mon 29 Nov 11:30-12:30, Caesars Forum\n"
    ) in recap
    assert f"→ Watch Keys, locks and doors: {SEC_VIDEO}\n→ Watch Counting to infinity: {DAT_VIDEO}\n" in recap
    assert await followed.wait(days=3) == []


async def test_after_the_conference_one_quiet_message_comes_in_the_evening_for_all_of_a_day(
    followed: AppHarness,
) -> None:
    await followed.all("/attend ARC301", "/later SEC203", "/later DAT310")
    await followed.wait(days=6)
    await appear(followed, "SEC203")
    await followed.wait(hours=2)
    await appear(followed, "SEC203", "DAT310")
    assert await followed.wait(days=3) == [("Sun 18:00", "ada", "evening-recap")]
    assert followed.messages()[-1] == (
        "You can watch 2 sessions from your list now:\n"
        "Keys, locks and doors (SEC203), Mon 29 Nov 11:00-12:00, Caesars Forum\n"
        "Counting to infinity (DAT310), Mon 29 Nov 11:30-12:30, Caesars Forum\n"
        f"→ Watch Keys, locks and doors: {SEC_VIDEO}\n"
        f"→ Watch Counting to infinity: {DAT_VIDEO}\n"
        "→ /later"
    )


async def test_what_appears_after_the_evening_has_begun_is_said_on_the_next_one(followed: AppHarness) -> None:
    await followed.all("/attend ARC301", "/later SEC203")
    await followed.wait(hours=11)
    await appear(followed, "SEC203")
    assert await followed.wait(days=3) == [("Tue 18:00", "ada", "evening-recap")]


async def test_a_recording_that_was_there_before_is_no_news(followed: AppHarness) -> None:
    await followed.say("/attend ARC301")
    followed.clock.move_to(at(13))
    await appear(followed, "SEC203")
    assert (await followed.say("/later SEC203")).endswith(
        f"→ Watch it: {SEC_VIDEO}\n→ /later · /attend SEC203 · /agenda"
    )
    assert await followed.wait(days=1) == [("Mon 18:00", "ada", "evening-recap")]
    assert "You can watch" not in followed.messages()[-1]


async def test_an_address_that_changes_or_goes_and_comes_back_is_said_once(followed: AppHarness) -> None:
    await followed.all("/attend ARC301", "/later SEC203")
    followed.clock.move_to(at(13))
    await appear(followed, "SEC203")
    assert len(await followed.wait(days=1)) == 1
    await appear(followed)
    await appear(followed, "SEC203")
    assert await followed.wait(days=2) == []


async def test_who_turned_messages_off_hears_nothing(followed: AppHarness) -> None:
    await followed.all("/attend ARC301", "/later SEC203", "/nudges off")
    followed.clock.move_to(at(13))
    await appear(followed, "SEC203")
    assert await followed.wait(days=1) == []


async def test_an_organizer_adds_a_recording_and_no_copy_undoes_it(followed: AppHarness) -> None:
    await followed.all("/attend ARC301", "/later SEC203")
    followed.clock.move_to(at(13))
    reply = await followed.ask(f"/schedule edit SEC203 recording {SEC_VIDEO} overflow Hall B", organizer=True)
    assert followed.text(reply) == (
        "Shall I change Keys, locks and doors (SEC203)?\n"
        f"recording: {SEC_VIDEO}, overflow room: Hall B\n"
        "Nobody gets a message for that: time and place stay.\n"
        f"→ /schedule apply SEC203 recording {SEC_VIDEO} overflow Hall B"
    )
    assert (await followed.press(reply, "Apply", organizer=True)).startswith(
        "Keys, locks and doors (SEC203) is changed."
    )
    await appear(followed, "DAT310")
    assert f"→ Watch it: {SEC_VIDEO}" in await followed.say("/session SEC203")
    edits = f"Keys, locks and doors (SEC203): recording {SEC_VIDEO}, overflow room Hall B"
    assert edits in await followed.say("/schedule", organizer=True)
    assert await followed.wait(days=1) == [("Mon 18:00", "ada", "evening-recap")]
    assert "You can watch these from your list now" in followed.messages()[-1]
    await followed.say("/schedule apply SEC203 restore", organizer=True)
    assert "Watch it" not in await followed.say("/session SEC203")


async def test_an_address_that_no_button_can_open_is_refused(followed: AppHarness) -> None:
    assert await followed.say("/schedule edit SEC203 recording javascript:alert(1)", organizer=True) == (
        "'javascript:alert(1)' is not an address that I can link: type one such as https://…"
    )


async def test_the_blog_draft_links_what_was_seen_and_what_is_to_watch(followed: AppHarness) -> None:
    await followed.all("/attend DAT310 reserved", "/attend SEC203", "/hotel Venetian")
    followed.clock.move_to(at(20))
    await appear(followed, "SEC203", "DAT310")
    (draft,) = (await followed.ask("/recap")).files
    assert "\n\nRecording: <http://video.example/watch?v=(dat)>\n\n" in draft.content
    assert f"- Keys, locks and doors \\(SEC203\\): <{SEC_VIDEO}>" in draft.content
