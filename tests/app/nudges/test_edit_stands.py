"""The notice that the source changed what an organizer had edited. Its text is tested with `/schedule edit`."""

from dataclasses import replace

from tests.builders import SEC, SESSIONS, at
from tests.fakes.app_harness import AppHarness


async def overruled(app: AppHarness) -> None:
    app.feed.publish(*SESSIONS)
    await app.say("/schedule import https://cloud.example/s.json", organizer=True)
    await app.say("/schedule apply SEC203 time 14:00", organizer=True)
    others = [session for session in SESSIONS if session is not SEC]
    app.feed.publish(*others, replace(SEC, starts_at=at(17), ends_at=at(18)))
    await app.say("/schedule refresh", organizer=True)


async def test_it_has_a_button_that_restores_the_session(app: AppHarness) -> None:
    await overruled(app)
    assert await app.wait(minutes=1) == [("Mon 08:00", "ada", "edit-stands")]
    (button,) = app.post.sent[0].content.buttons
    assert button.line == "/schedule edit SEC203 restore"


async def test_no_notice_goes_to_an_organizer_who_turned_messages_off(app: AppHarness) -> None:
    await app.say("/nudges off")
    await overruled(app)
    assert await app.wait(minutes=1) == []


async def test_the_first_edit_says_that_a_direct_message_may_follow_and_the_next_ones_do_not(app: AppHarness) -> None:
    answers = [await app.say(f"/schedule apply SEC203 time {hour}:00", organizer=True) for hour in (14, 15)]
    assert ["I'll ask you by direct message" in answer for answer in answers] == [True, False]


async def test_nothing_is_sent_about_an_edit_that_was_removed_meanwhile(app: AppHarness) -> None:
    await overruled(app)
    await app.say("/schedule apply SEC203 restore", organizer=True)
    assert await app.wait(minutes=1) == []


async def test_the_organizers_of_the_feed_hear_of_it_if_the_one_who_edited_is_gone(app: AppHarness) -> None:
    app.user = "ben"
    await overruled(app)
    async with app.store.write_transaction() as work:
        (edit,) = await work.session_edits.of_conference("cloud21")
        await work.session_edits.replace("cloud21", [replace(edit, organizer=None)])
    others = [session for session in SESSIONS if session is not SEC]
    app.feed.publish(*others, replace(SEC, starts_at=at(18), ends_at=at(19)))
    app.clock.move_to(at(8, 1))
    await app.say("/schedule refresh", organizer=True)
    assert [message[1:] for message in await app.wait(minutes=1)] == [("ben", "edit-stands"), ("ben", "edit-stands")]
