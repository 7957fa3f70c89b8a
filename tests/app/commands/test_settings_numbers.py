"""`/settings numbers`: counts without names, and nothing about few people."""

from dataclasses import replace
from datetime import timedelta

from bot.app.ports import NudgeCount, NudgeOutcome, PeopleCount, RecipientUnreachableError
from bot.app.text.numbers import CommunityNumbers, numbers_file, protected_count
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.hours import MOST_HOURS, hours_of
from tests.builders import ARC, KEY, SEC, at, schedule, session
from tests.fakes.app_harness import AppHarness


async def crowd(app: AppHarness, people: int, *lines: str) -> None:
    for number in range(people):
        await app.talk_to(f"user{number}", "/hotel Venetian", *lines)


async def test_only_organizers_see_them(app: AppHarness) -> None:
    assert await app.say("/settings numbers") == "Only organizers can use /settings."


async def test_people_promises_and_the_fullest_sessions_are_a_message_and_a_file() -> None:
    app = await AppHarness().publish(schedule([ARC, SEC, replace(KEY, title="=Opening")]))
    await crowd(app, 5, "/attend SEC203")
    await crowd(app, 4, "/attend KEY001")
    app.post.faults = [RecipientUnreachableError("closed")]
    await app.wait(hours=3)
    reply = await app.ask("/settings numbers", organizer=True)
    assert app.text(reply) == (
        "Cloud 21 in numbers:\n"
        "The file has every session and hour. It shows no number below 5.\n"
        "People\n"
        "   Use Hallway: 6\n"
        "   Get reminders: 5\n"
        "   Have an agenda: 5\n"
        "Reminders\n"
        "   Promised and sent on time: 4 of 5 (80 %)\n"
        "   Sent late: 0\n"
        "   Refused by the platform: 1\n"
        "   Too late to be sent: 0\n"
        "   Failed: 0\n"
        "   Perhaps sent: 0\n"
        "Fullest sessions\n"
        "   Mon 29 Nov 11:00 Keys, locks and doors: 5 people\n"
        "Busiest hours\n"
        "   Mon 29 Nov 11:00: 5 people\n"
        "[numbers-cloud21.csv, 565 bytes; :show prints it]"
    )
    assert reply.private
    (file,) = reply.files
    assert file.content.split("\r\n") == [
        "measure,about,day,start,end,title,count",
        "people,,,,,,6",
        "people with reminders,,,,,,5",
        "agendas,,,,,,5",
        "reminders promised,,,,,,5",
        "reminders on-time,leave-by,,,,,4",
        "reminders refused,leave-by,,,,,1",
        "session,ARC301,2021-11-29,09:00,10:00,Queues that never sleep,fewer than 5",
        'session,SEC203,2021-11-29,11:00,12:00,"Keys, locks and doors",5',
        "session,KEY001,2021-11-30,08:30,09:30,'=Opening,fewer than 5",
        "hour,,2021-11-29,09:00,10:00,,fewer than 5",
        "hour,,2021-11-29,11:00,12:00,,5",
        "hour,,2021-11-30,08:00,09:00,,fewer than 5",
        "hour,,2021-11-30,09:00,10:00,,fewer than 5",
        "",
    ]


async def test_another_community_is_not_counted(app: AppHarness) -> None:
    await crowd(app, 5, "/attend SEC203")
    app.tenant = "elsewhere"
    answer = await app.say("/settings numbers", organizer=True)
    assert "Use Hallway: 1\n" in answer
    assert "Reminders\n   None were due yet.\n" in answer
    assert "Fullest sessions\n   None with 5 people or more.\nBusiest hours\n   None with 5 people or more." in answer


async def test_a_share_is_100_only_if_every_promise_was_kept(app: AppHarness) -> None:
    await crowd(app, 1, "/attend SEC203")
    await app.wait(hours=3)
    assert "1 of 1 (100 %)" in await app.say("/settings numbers", organizer=True)


async def test_without_a_conference_it_says_what_to_do() -> None:
    answer = await AppHarness().say("/settings numbers", organizer=True)
    assert answer == "Choose a conference first with /conference: the numbers are about one conference."


def test_nobody_is_a_small_number_too() -> None:
    assert [protected_count(count) for count in (0, 1, 4, 5, 12)] == [*["fewer than 5"] * 3, "5", "12"]


def test_the_file_names_each_kind_of_message() -> None:
    nudges = [NudgeCount("console", kind, NudgeOutcome.LATE, 2) for kind in (NudgeKind.LEAVE_BY, NudgeKind.MISSED)]
    numbers = CommunityNumbers(schedule(), PeopleCount("console", 9, 8, 7), nudges, [], [])
    assert numbers_file(numbers).content.split("\r\n")[4:7] == [
        "reminders promised,,,,,,4",
        "reminders late,leave-by,,,,,2",
        "reminders late,missed,,,,,2",
    ]


def test_a_session_is_counted_in_each_hour_in_which_it_takes_place() -> None:
    zone = schedule().conference.tz
    half = session("A", at(9, 30), minutes=60)
    assert list(hours_of(half, zone)) == [at(9), at(10)]
    assert list(hours_of(replace(half, ends_at=at(10)), zone)) == [at(9)]
    assert list(hours_of(replace(half, ends_at=half.starts_at), zone)) == [at(9)]
    assert len(list(hours_of(replace(half, ends_at=at(9) + timedelta(days=9)), zone))) == MOST_HOURS
