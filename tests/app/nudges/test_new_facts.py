"""New facts give new nudges: what is sent again after a leave-by nudge, when, and what becomes of the older message."""

from dataclasses import replace
from random import Random

import pytest

from bot.app.ports import DeliveryState, TemporaryError
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import Session
from tests.builders import ARC, FORUM, MGM, SEC, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

AWAY = ("/hotel MGM", "/attend SEC203")
"""Leave MGM Grand by 09:57 for 11:00: a walk of 43 minutes, and 20 for the line. The nudge comes at 09:47."""


async def reminded(*lines: str) -> AppHarness:
    """Somebody who was told at 09:47 to leave MGM Grand by 09:57; it is 09:50."""
    app = await AppHarness(moment=at(8)).publish(schedule([ARC, SEC]))
    await app.all(*(lines or AWAY))
    assert await app.wait(hours=1, minutes=50) == [("Mon 09:47", "ada", "leave-by")]
    return app


def first_lines(app: AppHarness) -> list[str]:
    return [message.split("\n")[0] for message in app.messages()]


async def change(app: AppHarness, *sessions: Session) -> None:
    """The organizers publish another version."""
    made = schedule(sessions)
    async with app.store.write_transaction() as work:
        old = await work.conferences.load("cloud21")
        assert old
    made = replace(made, conference=replace(made.conference, revision=old.conference.revision + 1))
    await app.publish(made)


async def test_somebody_who_is_elsewhere_gets_the_new_moment_and_the_older_message_says_so() -> None:
    app = await reminded()
    await app.say("/here Venetian")
    assert await app.wait(hours=2) == [("Mon 10:12", "ada", "leave-by")]
    assert first_lines(app) == [
        'Replaced: leave by 10:22 for "Keys, locks and doors", not by 09:57.',
        'Changed from 09:57. Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.',
    ]
    assert app.post.sent[0].content.buttons == ()


async def test_whoever_has_to_leave_at_once_is_told_at_once_when_they_arrive() -> None:
    app = await reminded("/hotel MGM", "/attend SEC203", "/here Venetian", "/here MGM")
    await app.wait(minutes=5)
    await app.say("/pace slow")
    assert await app.wait(minutes=1) == [("Mon 09:55", "ada", "leave-by")]
    lines = app.messages()[1].split("\n")
    assert lines[0] == 'Changed from 09:57. Leave MGM Grand by 09:41 for "Keys, locks and doors" at Caesars Forum.'
    assert lines[2] == "That was 13 min ago. Leave now to arrive just in time, at about 10:54."


@pytest.mark.parametrize(
    "lines",
    [
        ("/hotel MGM",),
        ("/here MGM",),
        ("/here Venetian", "/here MGM"),
        ("/nudges 20m",),
        # There already, and the line forms in a minute.
        ("/here forum",),
    ],
    ids=" ".join,
)
async def test_a_moment_that_stands_is_not_sent_again(lines: tuple[str, ...]) -> None:
    near = replace(SEC, starts_at=at(10, 20), ends_at=at(11, 20))
    app = await AppHarness(moment=at(8)).publish(schedule([near]))
    await app.all("/hotel MGM", "/attend SEC203")
    assert await app.wait(hours=1, minutes=10) == [("Mon 09:07", "ada", "leave-by")]
    if "forum" in lines[0]:
        await app.wait(minutes=45)
    before = app.messages()
    await app.all(*lines)
    assert await app.wait(hours=2) == []
    assert app.messages() == before


async def test_a_session_that_can_no_longer_be_reached_sends_nobody_away() -> None:
    app = await reminded()
    await app.wait(minutes=40)
    await app.say("/here MGM")
    await app.say("/pace slow")
    # 10:30 and 55 minutes.
    assert await app.wait(hours=2) == []


async def test_somebody_who_changes_their_mind_ten_times_in_a_minute_gets_two_messages_and_the_last_is_right() -> None:
    app = await reminded()
    await app.all("/nudges 40m")
    for number in range(10):
        await app.say(f"/here {('Venetian', 'MGM')[number % 2]}")
        await app.wait(seconds=6)
    await app.say("/here Venetian")
    await app.wait(minutes=30)
    assert len(app.post.sent) <= 3
    assert first_lines(app)[-1].endswith('Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.')


async def test_one_message_counts_from_the_last_one_that_was_sent() -> None:
    app = await reminded()
    await app.say("/here Venetian")
    await app.wait(minutes=30)
    await app.say("/here MGM")
    assert await app.wait(hours=1) == []


async def test_another_room_in_the_same_venue_is_a_change_and_no_new_order() -> None:
    app = await reminded()
    await app.wait(minutes=1)
    await change(app, ARC, replace(SEC, room="Room 9", revision=2))
    kinds = [kind for _, _, kind in await app.wait(hours=2)]
    assert kinds.count("leave-by") == 0


async def test_a_later_start_gives_a_later_moment_to_leave() -> None:
    app = await reminded()
    await change(app, ARC, replace(SEC, starts_at=at(12), ends_at=at(13), revision=2))
    await app.say("/pace normal")
    assert [sent for sent in await app.wait(hours=2) if sent[2] == "leave-by"] == [("Mon 10:47", "ada", "leave-by")]
    assert first_lines(app)[-1] == (
        'Changed from 09:57. Leave MGM Grand by 10:57 for "Keys, locks and doors" at Caesars Forum.'
    )


async def test_what_cannot_be_edited_is_left_and_the_new_message_comes() -> None:
    app = await reminded()
    await app.say("/here Venetian")
    await app.rehearsal.jump(at(10, 11))
    app.post.faults.append(TemporaryError("not now"))
    assert await app.wait(minutes=5) == [("Mon 10:12", "ada", "leave-by")]
    assert first_lines(app)[0].startswith("Leave MGM Grand by 09:57")


async def test_one_that_waited_for_its_turn_is_not_sent_after_a_newer_one_was_planned() -> None:
    """The process that claimed it is gone; meanwhile its reader goes elsewhere."""
    app = await AppHarness(moment=at(8)).publish(schedule([SEC]))
    await app.all("/hotel MGM", "/attend SEC203")
    async with app.store.write_transaction() as work:
        (claimed,) = await work.deliveries.claim(app.scheduler.scopes, at(9, 47), at(9, 49), 1)
        assert claimed.nudge.kind is NudgeKind.LEAVE_BY
    app.clock.move_to(at(9, 48))
    await app.say("/here Venetian")
    assert await app.wait(hours=1) == [("Mon 10:12", "ada", "leave-by")]
    async with app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        ends = [
            (delivery.state, delivery.error)
            for delivery in await work.deliveries.of_attendee(ada.id)
            if delivery.settled_at
        ]
    # What its lease lost may have been sent.
    assert ends[0] == (DeliveryState.UNCERTAIN, "perhaps sent")
    assert first_lines(app) == [
        'Changed from 09:57. Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.'
    ]


async def test_a_day_in_one_room_is_one_message_to_stay() -> None:
    room = "Janson"
    talks = [session(f"T{number}", at(9 + number), VENETIAN, 50, room=room) for number in range(4)]
    after_lunch = session("T9", at(14, 30), VENETIAN, 50, room=room)
    app = await AppHarness(moment=at(8)).publish(schedule([*talks, after_lunch]))
    await app.all("/hotel Venetian", *(f"/attend {talk.code}" for talk in (*talks, after_lunch)))
    assert [sent for sent in await app.wait(hours=10) if sent[2] == "leave-by"] == [
        ("Mon 08:15", "ada", "leave-by"),
        ("Mon 09:30", "ada", "leave-by"),
        ("Mon 13:45", "ada", "leave-by"),
    ]
    lines = app.messages()[1].split("\n")
    assert lines[0] == 'Stay where you are for "All about T1": it\'s in the same room.'
    assert lines[2] == 'After it, stay there for "All about T2" at 11:00, "All about T3" at 12:00.'


async def test_a_session_that_is_chosen_after_the_message_to_stay_has_one_of_its_own() -> None:
    talks = [session(f"T{number}", at(9 + number), VENETIAN, 50, room="Janson") for number in range(4)]
    app = await AppHarness(moment=at(8)).publish(schedule(talks))
    await app.all("/hotel Venetian", "/attend T0", "/attend T1", "/attend T2")
    await app.wait(hours=1, minutes=40)
    await app.say("/attend T3")
    assert [sent for sent in await app.wait(hours=3) if sent[2] == "leave-by"] == [("Mon 11:30", "ada", "leave-by")]
    assert first_lines(app)[-1] == 'Stay where you are for "All about T3": it\'s in the same room.'


async def test_a_hotel_that_is_told_late_counts_too() -> None:
    app = await AppHarness(moment=at(8)).publish(schedule([session("PTY1", at(11), FORUM)]))
    await app.all("/hotel MGM", "/attend PTY1")
    await app.wait(hours=1, minutes=50)
    await app.say("/hotel Venetian")
    assert await app.wait(hours=1) == [("Mon 10:12", "ada", "leave-by")]


async def test_another_venue_at_the_same_distance_is_sent_again() -> None:
    app = await reminded()
    await change(app, ARC, replace(SEC, venue=MGM.name, revision=2))
    await app.say("/hotel Venetian")
    assert "leave-by" in [kind for _, _, kind in await app.wait(hours=2)]


COMMUTING = (
    "/hotel MGM",
    "/here Venetian",
    "/pace slow",
    "/nudges 20m early 25m",
    "/nudges 22:00-07:00",
    "/attend ARC301 reserved",
    "/attend SEC203",
    "/attend DAT310",
    "/attend DAT310-R backup of DAT310",
    "/attend KEY001",
    "/timezone Europe/Berlin",
)


@pytest.mark.parametrize("seed", range(20))
async def test_the_plan_is_the_same_whatever_the_order_of_the_commands_that_led_to_it(seed: int) -> None:
    """All in one moment: of sessions that clash, the one that was chosen at an earlier moment is assumed."""
    random = Random(seed)
    lines = random.sample(COMMUTING, random.randrange(3, len(COMMUTING)))
    plans = []
    for order in (lines, random.sample(lines, len(lines)), lines[::-1]):
        app = await AppHarness(moment=at(6)).publish()
        await app.all(*order)
        async with app.store.read_transaction() as work:
            ada = await work.people.find("console", "club", "ada")
            assert ada
            plans.append({delivery.nudge.key: delivery.nudge for delivery in await work.deliveries.of_attendee(ada.id)})
    assert plans[0] == plans[1] == plans[2]
