"""`/schedule edit`: a preview, the change with its messages, and an edit that no later copy undoes."""

from dataclasses import replace

import pytest

from tests.builders import ARC, DAT, DAT_AGAIN, KEY, SEC, SESSIONS, at
from tests.fakes.app_harness import AppHarness

ADDRESS = "https://cloud.example/schedule.json"
OTHERS = (ARC, DAT, DAT_AGAIN, KEY)
STAYS = "The edit stays when the source of the schedule changes, until you restore the session."


async def ask(app: AppHarness, line: str) -> str:
    return await app.say(line, organizer=True)


@pytest.fixture
async def followed(app: AppHarness) -> AppHarness:
    """A conference with a feed; ada goes to a session of it."""
    app.feed.publish(*SESSIONS)
    await ask(app, f"/schedule import {ADDRESS}")
    await app.all("/hotel Venetian", "/attend SEC203")
    return app


async def test_a_preview_shows_the_change_and_for_how_many_people(followed: AppHarness) -> None:
    reply = await followed.ask("/schedule edit SEC203 room Palazzo 3 time 14:00", organizer=True)
    assert followed.text(reply) == (
        "Shall I change Keys, locks and doors (SEC203)?\n"
        "now Caesars Forum, Palazzo 3, 14:00-15:00 (was Caesars Forum, Room SEC203, 11:00-12:00)\n"
        "1 person has it on their agenda and gets a message.\n"
        "→ /schedule apply SEC203 room Palazzo 3 time 2021-11-29T22:00Z/23:00Z"
    )
    assert "11:00-12:00" in await followed.say("/session SEC203")
    assert await followed.press(reply, "Apply", organizer=True) == (
        "Keys, locks and doors (SEC203) is changed. I'll tell everyone who is affected.\n"
        "now Caesars Forum, Palazzo 3, 14:00-15:00 (was Caesars Forum, Room SEC203, 11:00-12:00)\n"
        f"{STAYS}\n"
        "→ /schedule edit SEC203 restore"
    )
    assert "14:00-15:00, Caesars Forum, Palazzo 3" in await followed.say("/session SEC203")
    assert ("Mon 08:05", "ada", "session-changed") in await followed.wait(minutes=10)


async def test_a_room_in_another_venue_moves_the_session_there(followed: AppHarness) -> None:
    await ask(followed, "/schedule apply SEC203 room MGM Grand, Grand 113")
    assert "11:00-12:00, MGM Grand, Grand 113" in await followed.say("/session SEC203")


async def test_a_later_copy_does_not_undo_an_edit(followed: AppHarness) -> None:
    await ask(followed, "/schedule apply SEC203 room Palazzo 3")
    followed.feed.publish(*OTHERS, SEC)
    assert (await ask(followed, "/schedule refresh")).startswith("Nothing has changed.")
    followed.feed.publish(*OTHERS, replace(SEC, title="Keys and doors"))
    assert "1 changed" in await ask(followed, "/schedule refresh")
    assert "Palazzo 3" in await followed.say("/session SEC203")
    assert "Edits in force\n   Keys and doors (SEC203): Palazzo 3 in Caesars Forum" in await ask(followed, "/schedule")


async def test_other_facts_of_an_edited_session_still_follow_the_source(followed: AppHarness) -> None:
    await ask(followed, "/schedule apply SEC203 room Palazzo 3")
    followed.feed.publish(*OTHERS, replace(SEC, starts_at=at(16), ends_at=at(17)))
    await ask(followed, "/schedule refresh")
    assert "16:00-17:00, Caesars Forum, Palazzo 3" in await followed.say("/session SEC203")
    assert [message.kind for message in followed.post.sent] == []


async def test_the_organizer_hears_once_that_the_source_says_something_else_now(followed: AppHarness) -> None:
    await ask(followed, "/schedule apply SEC203 time 14:00")
    await followed.wait(minutes=10)
    moved = replace(SEC, starts_at=at(17), ends_at=at(18))
    for title in ("Keys", "Locks"):
        followed.feed.publish(*OTHERS, replace(moved, title=title))
        await ask(followed, "/schedule refresh")
    followed.post.sent.clear()
    assert await followed.wait(minutes=10) == [("Mon 08:10", "ada", "edit-stands")]
    (text,) = followed.messages()
    assert text == (
        "The source of the schedule has changed Locks (SEC203): Mon 29 Nov 17:00-18:00.\n"
        "Your edit stays: Mon 29 Nov 14:00-15:00. To use what the source says, press Restore.\n"
        "→ /schedule edit SEC203 restore"
    )
    assert "14:00-15:00" in await followed.say("/session SEC203")


async def test_an_edit_ends_when_the_source_says_the_same(followed: AppHarness) -> None:
    await ask(followed, "/schedule apply SEC203 time 14:00")
    followed.feed.publish(*OTHERS, replace(SEC, starts_at=at(14), ends_at=at(15)))
    assert (await ask(followed, "/schedule refresh")).startswith("Nothing has changed.")
    assert "Edits in force" not in await ask(followed, "/schedule")
    followed.feed.publish(*OTHERS, replace(SEC, starts_at=at(15), ends_at=at(16)))
    await ask(followed, "/schedule refresh")
    assert "15:00-16:00" in await followed.say("/session SEC203")


async def test_a_cancelled_session_is_cancelled_until_it_is_restored(followed: AppHarness) -> None:
    assert "cancelled (was Caesars Forum, Room SEC203, 11:00-12:00)" in await ask(
        followed, "/schedule edit SEC203 cancel"
    )
    await ask(followed, "/schedule apply SEC203 cancel")
    followed.feed.publish(*OTHERS, replace(SEC, title="Keys"))
    await ask(followed, "/schedule refresh")
    assert "CANCELLED: Keys (SEC203)" in await followed.say("/session SEC203")
    assert "Keys (SEC203): cancelled" in await ask(followed, "/schedule")
    reply = await followed.ask("/schedule edit SEC203 restore", organizer=True)
    assert followed.text(reply) == (
        "Shall I change Keys (SEC203)?\n"
        "back on: now Caesars Forum, Room SEC203, 11:00-12:00 (was Caesars Forum, Room SEC203, 11:00-12:00)\n"
        "1 person has it on their agenda and gets a message.\n"
        "→ /schedule apply SEC203 restore"
    )
    assert (await followed.press(reply, "Apply", organizer=True)).startswith("The edit is removed.\nback on: now ")
    assert "CANCELLED" not in await followed.say("/session SEC203")
    none = "Nobody has edited this session, so there is nothing to restore."
    assert await ask(followed, "/schedule edit SEC203 restore") == none


async def test_two_edits_of_one_session_add_up(followed: AppHarness) -> None:
    await ask(followed, "/schedule apply SEC203 room Palazzo 3")
    await ask(followed, "/schedule apply SEC203 time 14:00-14:30")
    assert "14:00-14:30, Caesars Forum, Palazzo 3" in await followed.say("/session SEC203")
    await ask(followed, "/schedule apply SEC203 restore")
    assert "11:00-12:00, Caesars Forum, Room SEC203" in await followed.say("/session SEC203")
    assert "Edits in force" not in await ask(followed, "/schedule")


async def test_an_edit_works_without_a_feed_and_stands_against_an_upload(app: AppHarness) -> None:
    await ask(app, "/schedule apply SEC203 room Palazzo 3")
    app.feed.publish(*OTHERS, replace(SEC, room="Hall 9"))
    app.attach("talks.csv", b"1")
    reply = await app.ask("/schedule upload talks.csv", organizer=True)
    assert "The edit of Keys, locks and doors (SEC203) stays: Palazzo 3 in Caesars Forum." in app.text(reply)
    await app.press(reply, "Apply", organizer=True)
    assert "Palazzo 3" in await app.say("/session SEC203")
    await ask(app, "/schedule apply SEC203 restore")
    assert "Hall 9" in await app.say("/session SEC203")


async def test_a_session_without_a_code_in_its_file_keeps_its_edit(app: AppHarness) -> None:
    """Such a session is recognised by its title and its time: by those of the file, not by the edited ones."""
    bare = [
        replace(session, id="", code="", speakers=())
        for session in (SEC, replace(SEC, starts_at=at(15), ends_at=at(16)))
    ]
    app.feed.publish(*bare)
    await ask(app, f"/schedule import {ADDRESS} as bare zone America/Los_Angeles")
    await ask(app, "/conference bare")
    schedule = await app.dispatch.schedule_of("console", "club")
    assert schedule
    code = schedule.sessions[0].code
    await ask(app, f"/schedule apply {code} time 17:00")
    app.feed.publish(*bare)
    assert (await ask(app, "/schedule refresh")).startswith("Nothing has changed.")
    assert "17:00-18:00" in await app.say(f"/session {code}")


@pytest.mark.parametrize(
    "line, answer",
    [
        ("/schedule edit", "Which session? Type /schedule edit CODE room ROOM."),
        (
            "/schedule edit SEC203",
            "What changes? Type /schedule edit SEC203 and room ROOM, time 14:00, recording https://…, overflow ROOM, cancel or restore.",
        ),
        ("/schedule edit SEC203 room Room SEC203", "The schedule says that already. Nothing changes."),
        (
            "/schedule edit SEC203 time soon",
            "'soon' is not a time: type one such as 14:00, 14:00-15:00 or tue 14:00.",
        ),
        (f"/schedule edit SEC203 room {'x' * 101}", "That room is too long: use at most 100 characters."),
    ],
)
async def test_what_is_missing_or_wrong_is_said(app: AppHarness, line: str, answer: str) -> None:
    assert await ask(app, line) == answer


async def test_a_session_by_keyword_and_a_change_without_an_action_are_understood(app: AppHarness) -> None:
    for line in ("/schedule edit session SEC203 cancel", "/schedule SEC203 cancel"):
        assert (await ask(app, line)).startswith("Shall I change Keys, locks and doors (SEC203)?")


async def test_only_organizers_edit(app: AppHarness) -> None:
    assert await app.say("/schedule edit SEC203 cancel") == "Only organizers can use /schedule."
