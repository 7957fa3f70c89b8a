"""`/block`."""

import json
import re

import pytest

from bot.app.schedules.blocks import own_schedules
from tests.builders import attendee, schedule
from tests.fakes.app_harness import AppHarness


def without_numbers(text: str) -> str:
    return re.sub(r"(block:|remove )\d+", r"\1N", text)


async def number_of(app: AppHarness, title: str) -> str:
    """The id of the own entry with this title."""
    (button,) = [item for item in (await app.ask("/block")).buttons if item.label.startswith(title)]
    return button.arguments["code"]


async def test_lunch_with_a_place_has_a_walk_and_a_message(app: AppHarness) -> None:
    answer = await app.all("/hotel MGM", "/attend ARC301", "/block 12:00-13:00 lunch with Ana at Forum")
    assert without_numbers(answer) == (
        "I keep Mon 29 Nov, 12:00-13:00, free for that. Only you see it.\n"
        "lunch with Ana\n"
        "   Mon 29 Nov 12:00-13:00, Caesars Forum\n"
        "   Leave Venetian by 11:42: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers).\n"
        "→ /block remove N · /agenda"
    )
    sent = await app.wait(hours=4)
    assert ("Mon 11:32", "ada", "leave-by") in sent
    assert 'Leave Venetian by 11:42 for "lunch with Ana" at Caesars Forum.' in app.messages()[-1]


async def test_the_agenda_has_it_between_the_sessions(app: AppHarness) -> None:
    answer = await app.all("/attend ARC301", "/block 10:15-10:45 call home", "/attend SEC203", "/agenda")
    assert answer.startswith("Mon 29 Nov: 2 sessions and 1 own entry")
    assert "2. call home\n   10:15-10:45, your own time\n3. Keys" in answer


async def test_a_clash_with_a_session_is_a_question_and_either_can_be_chosen(app: AppHarness) -> None:
    await app.say("/attend SEC203")
    asked = await app.ask("/block 11:30-12:30 lunch")
    assert '"Keys, locks and doors" and "lunch" clash: which one?' in app.text(asked)
    answer = await app.press(asked, "lunch")
    assert 'I took "Keys, locks and doors" off your agenda.' in answer
    again = await app.ask("/attend SEC203")
    chosen = await app.ask("/attend SEC203 only")
    assert '"Keys, locks and doors" and "lunch" clash: which one?' in app.text(again)
    assert 'I took "lunch" off your agenda.' in app.text(chosen)
    assert (await app.press(chosen, "Put lunch back")).startswith("I keep Mon 29 Nov, 11:30-12:30, free for that.")


async def test_it_is_removed_by_its_button_and_comes_back_by_another(app: AppHarness) -> None:
    made = await app.ask("/block 12:00-13:00 lunch at Forum")
    await app.press(made, "Remove")
    assert await app.wait(hours=12) == []
    made = await app.ask("/block tomorrow 12:00-13:00 lunch at Forum")
    skipped = await app.ask("/skip lunch")
    assert app.text(skipped).startswith('I took "lunch" off your agenda.')
    back = await app.press(skipped, "Put it back")
    assert back.startswith("I keep Tue 30 Nov, 12:00-13:00, free for that. Only you see it.\nlunch\n")
    assert "Caesars Forum" in back


async def test_all_own_entries_are_listed_with_a_button_for_each(app: AppHarness) -> None:
    assert (await app.say("/block")).startswith("Keep time for yourself, with or without a place, such as /block")
    listed = await app.all("/block 12:00-13:00 lunch at Forum", "/block 10:00-11:00", "/block")
    assert without_numbers(listed) == (
        "Your own entries. To remove one, press it:\n"
        "Blocked, Mon 29 Nov 10:00-11:00, your own time\n"
        "lunch, Mon 29 Nov 12:00-13:00, Caesars Forum\n"
        "→ /skip block:N  Blocked (Mon 10:00)\n"
        "→ /skip block:N  lunch (Mon 12:00)\n"
        "→ /agenda"
    )


async def test_a_place_alone_and_an_unknown_place(app: AppHarness) -> None:
    assert "\nCaesars Forum\n   Mon 29 Nov 12:00-13:00, Caesars Forum\n" in await app.say("/block 12-13 at Forum")
    unknown = await app.say("/block 14-15 tea at the Ritz")
    assert 'I don\'t know the place "the Ritz", so I plan no walk to it.' in unknown
    assert "\ntea at the Ritz\n   Mon 29 Nov 14:00-15:00, your own time\n" in unknown


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/block lunch", "When? Type a time such as 12:00-13:00, or tomorrow 1pm to 2pm."),
        ("/block 14:00-13:00", "The end has to come after the start: type them such as 12:00-13:00, at most 16 hours."),
        (f"/block 12:00-13:00 {'x' * 101}", "That is too long: use at most 100 characters."),
        ("/block remove 9", "You have no such entry. To see yours: /block"),
    ],
)
async def test_what_is_wrong_is_said_in_one_sentence(app: AppHarness, line: str, sentence: str) -> None:
    assert await app.say(line) == sentence


async def test_there_are_at_most_fifty(app: AppHarness) -> None:
    for number in range(50):
        await app.say(
            f"/block {8 + number // 10}:{number % 10}0-{9 + number // 10}:30" if number % 10 < 6 else "/block 8-9"
        )
    assert (await app.say("/block 12-13")).startswith("You have 50 own entries already")


async def test_times_are_read_by_the_clock_of_the_person(app: AppHarness) -> None:
    answer = await app.all("/timezone 12h", "/block 1-2 coffee")
    assert "1:00 pm-2:00 pm" in answer


async def test_nobody_else_sees_them(app: AppHarness) -> None:
    await app.say("/privacy community")
    await app.say("/block 12:00-13:00 hush hush at Forum")
    id_ = await number_of(app, "hush")
    assert (await app.say(f"/whosgoing {id_}")).startswith("That is your own entry: nobody else sees it.")
    app.user = "bob"
    await app.say("/block 12:00-13:00 mine")
    for line in (f"/skip {id_}", f"/session {id_}", f"/whosgoing {id_}", f"/block remove {id_}", "/agenda", "/block"):
        assert "hush" not in await app.say(line)
    app.user = "ada"
    assert "hush hush" in await app.say("/agenda")


async def test_an_organizer_cannot_name_one_in_an_announcement(app: AppHarness) -> None:
    await app.say("/block 12:00-13:00 lunch at Forum")
    id_ = await number_of(app, "lunch")
    refused = await app.ask(f"/announce Hello to going {id_}", organizer=True)
    assert refused.is_error


async def test_they_are_in_the_own_data_and_forgotten_with_it(app: AppHarness) -> None:
    await app.say("/block 12:00-13:00 lunch at Forum")
    id_ = await number_of(app, "lunch")
    (file,) = (await app.ask("/mydata")).files
    assert json.loads(file.content)["blocks"] == [
        {
            "id": id_,
            "title": "lunch",
            "starts_at": "2021-11-29T20:00:00+00:00",
            "ends_at": "2021-11-29T21:00:00+00:00",
            "venue": "Caesars Forum",
        }
    ]
    await app.say("/forgetme yes")
    assert (await app.say("/block")).startswith("Keep time for yourself")


async def test_they_are_neither_starred_nor_in_the_recap(app: AppHarness) -> None:
    await app.all("/attend ARC301", "/block 12:00-13:00 lunch at Forum")
    assert (await app.say(f"/star {await number_of(app, 'lunch')}")).startswith("That is your own entry")
    recap = await app.ask("/recap")
    assert "lunch" not in app.text(recap)
    assert "lunch" not in recap.files[0].content


async def test_a_message_about_a_moved_session_counts_with_them(app: AppHarness) -> None:
    await app.all("/attend ARC301", "/block 10:00-10:30 call", "/attend SEC203")
    assert (await app.say("/session SEC203")).count("Leave Venetian by 10:22") == 1


class NoQuery:
    """A unit of work in which nothing may be read."""


async def test_people_without_blocks_cost_no_query() -> None:
    work: object = NoQuery()
    assert await own_schedules(work, [attendee(1), attendee(2)], schedule()) == {}  # type: ignore[arg-type]
