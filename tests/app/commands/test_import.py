"""`/import me`: a file in the chat, what it was matched with, and a button to take it."""

from dataclasses import replace

import pytest

from bot.domain.attendee.attendee import Attendance, Choice
from tests.builders import ARC, DAT, SEC, at, session
from tests.fakes.app_harness import AppHarness

PRIVATE = session("", at(20), title="Dinner with Ana", room="")
SHOWN = (
    "mine.ics: I found 2 sessions of the schedule.\n"
    "In the schedule\n"
    "   Queues that never sleep (ARC301), Mon 29 Nov 09:00-10:00, Venetian\n"
    "   Keys, locks and doors (SEC203), Mon 29 Nov 11:00-12:00, Caesars Forum\n"
    "Not found\n"
    "   Dinner with Ana\n"
)


async def chosen(app: AppHarness) -> list[Attendance]:
    async with app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada is not None
        return list(await work.attendances.of_attendee(ada.id, "cloud21"))


@pytest.fixture
def exported(app: AppHarness) -> AppHarness:
    """`mine.ics` names two sessions, and a dinner."""
    app.feed.publish(SEC, ARC, PRIVATE)
    app.attach("mine.ics", b"1")
    return app


async def test_what_was_matched_is_shown_and_nothing_is_taken_before_the_button(exported: AppHarness) -> None:
    app = exported
    assert (await app.say("/import me mine.ics")).startswith(SHOWN)
    assert await chosen(app) == []
    taken = await app.press(await app.ask("/import me file mine.ics"), "I have reserved seats")
    assert taken.startswith("2 sessions are on your agenda.\nI'll message you before it's time to leave.")
    going = [Attendance(id_, reserved=True, chosen_at=at(8)) for id_ in ("arc301", "sec203")]
    assert await chosen(app) == going
    assert ("Mon 10:22", "ada", "leave-by") in [
        (at_, *rest) for at_, *rest in await app.wait(hours=4)
    ] or app.messages()


async def test_they_can_be_starred_and_that_is_no_consent(exported: AppHarness) -> None:
    app = exported
    starred = await app.press(await app.ask("/import me mine.ics"), "Only star them")
    assert starred == "2 sessions are starred.\n→ /agenda"
    assert [attendance.choice for attendance in await chosen(app)] == [Choice.STARRED] * 2
    assert await app.wait(minutes=30) == []
    assert "To stop: /nudges off" in await app.say("/attend SEC203")


async def test_what_is_on_the_agenda_stays_as_it_is_and_gets_its_seat(exported: AppHarness) -> None:
    app = exported
    await app.say("/attend ARC301")
    shown = await app.ask("/import me mine.ics")
    assert "1 is on your agenda already." in app.text(shown)
    assert await app.press(shown, "Only star them") == "1 session is starred.\n→ /agenda"
    await app.press(await app.ask("/import me mine.ics"), "I have reserved seats")
    assert [(attendance.session, attendance.reserved) for attendance in await chosen(app)] == [
        ("arc301", True),
        ("sec203", True),
    ]
    again = await app.press(await app.ask("/import me mine.ics"), "I'm going")
    assert again == "Nothing has changed: you had them all.\n→ /agenda"


async def test_a_button_takes_only_the_list_that_it_was_shown_with(exported: AppHarness) -> None:
    app = exported
    shown = await app.ask("/import me mine.ics")
    await app.say("/find counting")
    assert (await app.press(shown, "I'm going")).startswith("You have a newer list now: send the file again.")
    assert await chosen(app) == []


async def test_what_is_over_or_off_is_counted_and_not_taken(app: AppHarness) -> None:
    app.clock.move_to(at(10, 30))
    app.feed.publish(ARC, DAT)
    app.attach("mine.ics", b"1")
    shown = await app.ask("/import me mine.ics")
    assert "1 is over or does not take place." in app.text(shown)
    await app.press(shown, "I'm going")
    assert [attendance.session for attendance in await chosen(app)] == ["dat310"]


async def test_without_a_file_there_is_a_form(app: AppHarness) -> None:
    reply = await app.ask("/import me")
    assert reply.is_error
    (button,) = reply.buttons
    assert (button.command, button.asks) == ("import", ("file",))
    assert (await app.say("/import me none.ics")).startswith('I see no file "none.ics": choose it again.')


async def test_a_file_that_is_too_large_cannot_be_read_or_is_no_personal_one_is_refused(app: AppHarness) -> None:
    app.attach("large.ics", b"1", size=2 * 1024**2)
    assert (await app.say("/import me large.ics")).startswith("large.ics is larger than 1 MB")
    app.attach("odd.ics", b"what")
    assert "odd.ics is in no format that is known here." in await app.say("/import me odd.ics")
    app.feed.publish(*(replace(PRIVATE, title=f"Talk {number}") for number in range(301)))
    app.attach("all.ics", b"1")
    assert "has 301 entries, more than one person has" in await app.say("/import me all.ics")
