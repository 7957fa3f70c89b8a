"""`/attend`."""

from dataclasses import replace

from bot.domain.schedule.session import SessionState
from tests.builders import ARC, FORUM, MGM, at, schedule, session
from tests.fakes.app_harness import AppHarness


async def test_going_with_a_seat_says_when_to_leave_and_what_happens_next(app: AppHarness) -> None:
    assert await app.all("/hotel Venetian", "/attend SEC203 reserved") == (
        "You're going, with a reserved seat.\n"
        "I'll message you 10 minutes before it's time to leave. To stop: /nudges off\n"
        "Keys, locks and doors (SEC203)\n"
        "   Mon 29 Nov 11:00-12:00, Caesars Forum, Room SEC203\n"
        "   200 · Security · recorded\n"
        "   Leave Venetian by 10:32: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers) + 10 min for check-in.\n"
        "   Your reserved seat lapses at 10:50.\n"
        "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
        "&route=36.121638,-115.169601;36.118370,-115.166280\n"
        "→ /agenda · /skip SEC203"
    )


async def test_who_has_no_seat_needs_the_walk_up_line(app: AppHarness) -> None:
    answer = await app.all("/hotel Venetian", "/attend SEC203 reserved", "/attend SEC203 walk-up")
    assert (
        "Leave Venetian by 10:22: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line."
        in answer
    )
    assert "I'll message you" not in answer


async def test_two_that_clash_are_one_question_with_every_way_out(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    assert await app.say("/attend DAT310") == (
        "You're going.\n"
        '"Keys, locks and doors" and "Counting to infinity" clash: which one?\n'
        "Until you decide, I plan with the first: it starts first.\n"
        "Counting to infinity (DAT310)\n"
        "   Mon 29 Nov 11:30-12:30, Caesars Forum, Room DAT310\n"
        "   300 · Data · not recorded\n"
        "   Overlaps Keys, locks and doors (SEC203), 11:00-12:00, Caesars Forum. That one is recorded.\n"
        "   It's on again Mon 29 Nov, and that fits your plan: Counting to infinity (DAT310-R), 15:00-16:00, MGM Grand.\n"
        "→ /attend SEC203 only  Keys, locks and doors\n"
        "→ /attend DAT310 only  Counting to infinity\n"
        "→ /attend DAT310-R instead DAT310  Counting to infinity, Mon 15:00 instead\n"
        "→ /agenda 2021-11-29 · /agenda · /skip DAT310"
    )
    assert await app.say("/attend DAT310 only") == (
        "You're going.\n"
        'I took "Keys, locks and doors" off your agenda.\n'
        "Counting to infinity (DAT310)\n"
        "   Mon 29 Nov 11:30-12:30, Caesars Forum, Room DAT310\n"
        "   300 · Data · not recorded\n"
        "   Leave Venetian by 10:52: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line.\n"
        "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
        "&route=36.121638,-115.169601;36.118370,-115.166280\n"
        "→ /attend SEC203  Put Keys, locks and doors back\n→ /later SEC203 · /agenda · /skip DAT310"
    )


async def test_a_day_of_many_clashes_asks_about_three_at_a_time() -> None:
    first = [session(f"AAA{n}", at(9 + 3 * n), FORUM) for n in range(5)]
    second = [session(f"BBB{n}", at(9 + 3 * n, 30), MGM) for n in range(5)]
    app = await AppHarness().publish(schedule([*first, *second]))
    for talk in (*first, *second):
        await app.say(f"/attend {talk.code}")
    answer = await app.say("/agenda")
    assert answer.count("clash: which one?") == 3
    assert "2 more clashes follow." in answer


async def test_a_reserved_seat_is_kept_when_the_session_is_chosen_again(app: AppHarness) -> None:
    answer = await app.all("/attend SEC203 reserved", "/attend SEC203")
    assert answer.startswith("You're going, with a reserved seat.")


async def test_who_wants_no_alarms_is_told_what_will_not_come(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/nudges 22:00-07:15", "/nudges alarms off")
    answer = await app.say("/attend KEY001")
    assert "alarms are off" not in answer
    await app.say("/nudges 22:00-08:30")
    answer = await app.say("/attend KEY001")
    assert (
        'I won\'t remind you of "Opening keynote": Tue 30 Nov 07:11 is in your quiet hours, and alarms are off.'
        in answer
    )
    assert "/nudges alarms on" in answer


async def test_a_backup_stands_in_for_the_one_it_overlaps_or_for_the_one_named(app: AppHarness) -> None:
    assert (await app.all("/attend SEC203", "/attend DAT310 backup")).startswith('Added as a backup for "Keys, locks')
    assert (await app.say("/attend KEY001 backup of ARC301")).startswith('Added as a backup for "Queues')
    assert await app.say("/attend ARC301 backup") == ("A backup for which session? Type /attend ARC301 backup of CODE.")


async def test_what_is_over_cannot_be_attended(app: AppHarness) -> None:
    await app.wait(hours=3)
    assert await app.say("/attend ARC301") == '"Queues that never sleep" is already over. Find another one with /find.'


async def test_what_was_called_off_cannot_be_attended() -> None:
    app = await AppHarness().publish(schedule([replace(ARC, state=SessionState.CANCELLED)]))
    assert await app.say("/attend ARC301") == ('"Queues that never sleep" was cancelled. Find another one with /find.')


async def test_a_number_of_the_last_list_holds_until_the_next_list(app: AppHarness) -> None:
    await app.all("/nextsession forum", "/attend 1")
    assert "DAT310" in await app.say("/attend 2")


async def test_an_online_session_is_joined_at_its_start_without_a_walk_and_a_line() -> None:
    online = replace(ARC, venue="", room="https://meet.example/1")
    app = await AppHarness().publish(schedule([online]))
    answer = await app.all("/hotel Venetian", "/attend ARC301")
    assert "   Mon 29 Nov 09:00-10:00, https://meet.example/1\n" in answer
    assert "   It's online: join at 09:00.\n" in answer
    assert "walk" not in answer


async def test_a_backup_that_does_not_overlap_is_no_backup_and_says_so(app: AppHarness) -> None:
    answer = await app.all("/attend ARC301", "/attend SEC203 backup of ARC301")
    assert answer.startswith(
        'Added as a backup for "Queues that never sleep".\n'
        'It does not overlap "Queues that never sleep" (Mon 29 Nov 09:00-10:00). To go to both: /attend SEC203\n'
    )
    overlapping = await app.all("/attend SEC203", "/attend DAT310 backup of SEC203")
    assert "does not overlap" not in overlapping
