"""`/room`: what somebody sees at the door helps those on their way."""

import pytest

from bot.domain.attendee.feedback import FeedbackCount, RoomTap, chance_of_room
from tests.builders import DAT, FORUM, SESSIONS, at, schedule, session
from tests.fakes.app_harness import AppHarness


@pytest.fixture
async def open_talk(app: AppHarness) -> AppHarness:
    """A community whose organizers want it."""
    await app.say("/settings feedback:on", organizer=True)
    return app


async def test_nobody_is_asked_until_organizers_want_it(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301")
    assert "/room" not in await app.say("/onmyway ARC301")
    assert "/room" not in await app.say("/here Venetian")
    assert await app.say("/room ARC301 full") == "The organizers here do not ask whether rooms are full."


async def test_the_buttons_come_on_the_way_and_at_the_venue_around_the_start(open_talk: AppHarness) -> None:
    await open_talk.all("/hotel MGM", "/attend ARC301")
    assert "/room" not in await open_talk.say("/here Venetian")
    assert (await open_talk.say("/onmyway ARC301")).endswith("→ /here Venetian · /room ARC301 full · /room ARC301 in")
    await open_talk.wait(minutes=45)
    assert "/room" not in await open_talk.say("/here MGM")
    assert "→ /room ARC301 full · /room ARC301 in · /nextsession" in await open_talk.say("/here Venetian")


async def test_those_on_their_way_see_it_with_the_repeat_that_fits(open_talk: AppHarness) -> None:
    await open_talk.all("/hotel MGM", "/attend DAT310")
    await open_talk.wait(hours=3, minutes=20)
    for who, state in (("bob", "full"), ("eve", "full"), ("joe", "in"), ("pia", "full"), ("pia", "in")):
        await open_talk.talk_to(who, f"/room DAT310 {state}")
    await open_talk.talk_to("pia", "/room DAT310 full")
    answer = await open_talk.say("/nextsession")
    assert "\n3 people say the room is full. 1 got in.\n" in answer
    assert "It's on again Mon 29 Nov, and that fits your plan: Counting to infinity (DAT310-R)" in answer
    assert "3 people say the room is full. 1 got in." in await open_talk.say("/session DAT310")
    await open_talk.talk_to("bob", "/attend ARC301")
    open_talk.user = "stranger"
    assert "say the room is full" not in await open_talk.say("/session DAT310")


async def test_after_the_start_only_those_who_left_see_it(open_talk: AppHarness) -> None:
    await open_talk.all("/hotel MGM", "/attend SEC203")
    await open_talk.talk_to("bob", "/attend SEC203")
    await open_talk.wait(hours=2, minutes=50)
    await open_talk.all("/onmyway SEC203")
    await open_talk.wait(minutes=15)
    await open_talk.talk_to("eve", "/room SEC203 full")
    assert "1 person says the room is full." in await open_talk.say("/session SEC203")
    open_talk.user = "bob"
    assert "says the room is full" not in await open_talk.say("/session SEC203")


async def test_who_stands_before_a_full_room_gets_the_repeat(open_talk: AppHarness) -> None:
    await open_talk.all("/hotel MGM", "/attend DAT310")
    await open_talk.wait(hours=3, minutes=20)
    assert await open_talk.say("/room DAT310 full") == (
        "Thank you. People on their way see it, without your name.\n"
        "It's on again Mon 29 Nov, and that fits your plan: Counting to infinity (DAT310-R), 15:00-16:00, MGM Grand.\n"
        "→ /attend DAT310-R · /gap"
    )
    assert await open_talk.say("/room DAT310 in") == (
        "Thank you. People on their way see it, without your name.\n→ /agenda"
    )
    assert await open_talk.say("/room DAT310") == (
        'How is it at "Counting to infinity"?\n→ /room DAT310 full · /room DAT310 in'
    )


async def test_it_is_too_early_or_too_late_to_say_it(open_talk: AppHarness) -> None:
    sentence = "You can tell me that from 30 minutes before its start until its end."
    assert await open_talk.say("/room SEC203 full") == sentence
    await open_talk.wait(hours=4)
    assert await open_talk.say("/room SEC203 full") == sentence


async def test_the_leave_by_message_says_how_often_there_was_room_from_five_people_on(open_talk: AppHarness) -> None:
    await open_talk.all("/hotel MGM", "/attend SEC203")
    await open_talk.wait(hours=1)
    assert "whether there is room, nobody knows" in await open_talk.say("/nextsession")
    async with open_talk.store.write_transaction() as work:
        for number in range(5):
            other = await work.people.join("console", "club", f"person{number}")
            await work.feedback.tap(other.id, "cloud21", DAT.id, _tap(number))
    assert "there was room in about 7 of 10 cases" in await open_talk.say("/nextsession")
    assert "there was room in about 7 of 10 cases" in await open_talk.say("/session SEC203")
    await open_talk.wait(hours=2)
    message = next(text for text in open_talk.messages() if "Keys, locks and doors" in text)
    assert "there was room in about 7 of 10 cases" in message
    assert "nobody knows" in await open_talk.say("/session KEY001")


def _tap(number: int) -> RoomTap:
    return RoomTap.FULL if number == 0 else RoomTap.IN


@pytest.mark.parametrize(
    ("counts", "people", "chance"),
    [
        ([], 0, None),
        ([FeedbackCount(full=2, got_in=2)], 4, None),
        ([FeedbackCount(full=2, got_in=2), FeedbackCount(useful=9, got_in=1)], 5, 4 / 7),
        ([FeedbackCount(full=8)], 8, 1 / 10),
        ([FeedbackCount(full=1)] * 8, 4, None),
    ],
)
def test_the_chance_is_the_mean_of_the_beta_distribution(
    counts: list[FeedbackCount], people: int, chance: float | None
) -> None:
    assert chance_of_room(counts, people) == chance


async def test_one_person_at_many_doors_is_one_person(open_talk: AppHarness) -> None:
    others = [session(f"TALK{number}", at(11), FORUM, title=f"Talk {number}") for number in range(6)]
    await open_talk.publish(schedule([*SESSIONS, *others]))
    await open_talk.all("/hotel MGM", "/attend SEC203")
    async with open_talk.store.write_transaction() as work:
        eager = await work.people.join("console", "club", "eager")
        for other in others:
            await work.feedback.tap(eager.id, "cloud21", other.id, RoomTap.FULL)
    assert "whether there is room, nobody knows" in await open_talk.say("/nextsession")


async def test_a_full_room_sends_people_to_the_overflow_room(open_talk: AppHarness) -> None:
    await open_talk.all("/hotel MGM", "/attend SEC203")
    assert await open_talk.say("/room SEC203 overflow Hall B", organizer=True) == (
        'If "Keys, locks and doors" is full, I send people on their way to Hall B.\n→ /room SEC203 overflow none'
    )
    assert "The overflow room is Hall B." in await open_talk.say("/session SEC203")
    await open_talk.wait(hours=2, minutes=50)
    open_talk.user = "bob"
    assert await open_talk.say("/room SEC203 full") == (
        "Thank you. People on their way see it, without your name.\nTry the overflow room: Hall B.\n→ /gap"
    )
    open_talk.user = "ada"
    full = "1 person says the room is full. The overflow room is Hall B."
    assert full in await open_talk.say("/nextsession")
    assert full in await open_talk.say("/session SEC203")
    assert full in await open_talk.say("/onmyway SEC203")
    undone = '"Keys, locks and doors" has no overflow room now.\n→ /room SEC203 overflow Hall B'
    assert await open_talk.say("/room SEC203 overflow none", organizer=True) == undone
    assert "overflow" not in await open_talk.say("/session SEC203")


async def test_only_organizers_name_an_overflow_room(open_talk: AppHarness) -> None:
    refused = "Only organizers can use /room overflow."
    assert await open_talk.say("/room SEC203 overflow Hall B") == refused
    assert await open_talk.say("/room code:SEC203 overflow:Hall") == refused
    assert "overflow" not in await open_talk.say("/session SEC203")


async def test_without_feedback_an_organizer_learns_that_nobody_can_say_that_it_is_full(app: AppHarness) -> None:
    assert await app.say("/room SEC203 overflow Hall B", organizer=True) == (
        'If "Keys, locks and doors" is full, I send people on their way to Hall B.\n'
        "They see that it is full only if feedback is on: /settings feedback:on\n"
        "→ /room SEC203 overflow none"
    )


async def test_an_overflow_room_survives_a_new_copy_and_nobody_gets_a_message(open_talk: AppHarness) -> None:
    open_talk.feed.publish(*SESSIONS)
    await open_talk.say("/schedule import https://cloud.example/schedule.json", organizer=True)
    await open_talk.all("/hotel MGM", "/attend SEC203")
    await open_talk.say("/room SEC203 overflow Hall B", organizer=True)
    open_talk.feed.publish(*SESSIONS, session("NEW1", at(15), FORUM, title="New"))
    assert "1 added" in await open_talk.say("/schedule refresh", organizer=True)
    assert "The overflow room is Hall B." in await open_talk.say("/session SEC203")
    assert await open_talk.wait(minutes=30) == []


async def test_without_a_code_it_is_the_session_at_whose_door_one_stands(open_talk: AppHarness) -> None:
    assert (await open_talk.say("/room full")).startswith("Which session? /room ARC301 full")
    await open_talk.all("/hotel Forum", "/attend SEC203")
    await open_talk.wait(hours=2, minutes=50)
    assert (await open_talk.say("/room full")).startswith(
        'Thank you. People on their way to "Keys, locks and doors" see that it is full, without your name.'
    )
    assert (await open_talk.say("/room in")).startswith(
        'Thank you. People on their way to "Keys, locks and doors" see that you got in, without your name.'
    )
