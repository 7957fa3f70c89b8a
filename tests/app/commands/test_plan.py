"""`/plan`."""

from dataclasses import replace

from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.proposal import Proposal
from bot.domain.schedule.session import Recorded
from tests.builders import ARC, DAT, DAT_AGAIN, FORUM, KEY, MGM, SEC, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

OPS = session("OPS100", at(16, 30), MGM, title="Calm on call", track="Operations", recorded=Recorded.NO)
LATE = session("LATE200", at(14), FORUM, title="Late bloomers", track="Data")
SESSIONS = (ARC, SEC, DAT, DAT_AGAIN, OPS, LATE, KEY)


async def starred(app: AppHarness, *stars: str, musts: tuple[str, ...] = ()) -> AppHarness:
    """Ada has starred sessions by code."""
    await app.publish(schedule(SESSIONS))
    await app.say("/hotel Venetian")
    async with app.store.write_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        for code in (*stars, *musts):
            star = Attendance(code.casefold(), Choice.STARRED, must=code in musts, chosen_at=at(7))
            await work.attendances.put(ada.id, "cloud21", star)
    return app


async def chosen(app: AppHarness) -> dict[str, Attendance]:
    async with app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        return {attendance.session: attendance for attendance in await work.attendances.of_attendee(ada.id, "cloud21")}


async def test_a_day_with_reasons_lunch_a_backup_and_what_is_left_out(app: AppHarness) -> None:
    await starred(app, "ARC301", "SEC203", "DAT310", "OPS100", "LATE200")
    assert await app.say("/plan monday") == (
        "Mon 29 Nov: 4 sessions in 3 venues, 1 h 1 min on the way.\n"
        "It's a proposal: take all of it with /plan take, or some with /plan take 1.\n"
        "1. Queues that never sleep (ARC301)\n"
        "   09:00-10:00, Venetian, Room ARC301\n"
        "   300 · Architecture\n"
        "   You starred it, and it's the only sitting.\n"
        "2. Counting to infinity (DAT310)\n"
        "   11:30-12:30, Caesars Forum, Room DAT310\n"
        "   300 · Data · not recorded\n"
        "   You starred it, and it isn't recorded.\n"
        "   18 min from Venetian: leave by 10:52.\n"
        "Lunch\n"
        "   12:40-13:20 at Caesars Forum.\n"
        "3. Late bloomers (LATE200)\n"
        "   14:00-15:00, Caesars Forum, Room LATE200\n"
        "   Data\n"
        "   You starred it, and it's the only sitting.\n"
        "4. Calm on call (OPS100)\n"
        "   16:30-17:30, MGM Grand, Room OPS100\n"
        "   Operations · not recorded\n"
        "   You starred it, and it isn't recorded.\n"
        "   43 min from Caesars Forum: leave by 15:27.\n"
        "Left out\n"
        "   Keys, locks and doors (SEC203): overlaps number 2, and is recorded.\n"
        "→ /plan take · /plan take 1 · /plan take 2 · /plan take 3 · /plan take 4 · /plan 2021-11-30 · /plan week"
    )


async def test_all_is_taken_with_one_tap_and_given_back_with_another(app: AppHarness) -> None:
    await starred(app, "ARC301", musts=("DAT310",))
    await app.say("/plan")
    before = await chosen(app)
    assert await app.say("/plan take") == (
        "Done: 2 sessions are on your agenda for Mon 29 Nov.\n"
        "I'll message you 10 minutes before it's time to leave. To stop: /nudges off\n"
        "→ /plan undo · /agenda 2021-11-29"
    )
    assert {id_: (attendance.choice, attendance.must) for id_, attendance in (await chosen(app)).items()} == {
        "arc301": (Choice.GOING, False),
        "dat310": (Choice.GOING, True),
    }
    assert await app.say("/plan undo") == (
        "Undone. Off your agenda: Queues that never sleep (ARC301), Counting to infinity (DAT310).\n"
        "→ /plan take ARC301 DAT310 · /agenda"
    )
    after = await chosen(app)
    assert {id_: replace(attendance, chosen_at=None) for id_, attendance in after.items()} == {
        id_: replace(attendance, chosen_at=None) for id_, attendance in before.items()
    }
    assert "nothing to undo" in await app.say("/plan undo")


async def test_some_are_taken_by_their_numbers_and_a_search_in_between_changes_nothing(app: AppHarness) -> None:
    await starred(app, "ARC301", "DAT310", "OPS100")
    await app.all("/plan", "/find security", "/plan take 1, 3")
    assert sorted(id_ for id_, attendance in (await chosen(app)).items() if attendance.choice is Choice.GOING) == [
        "arc301",
        "ops100",
    ]
    assert "number 9" in await app.say("/plan take 9")


async def test_there_is_nothing_to_take_before_a_plan(app: AppHarness) -> None:
    assert await app.say("/plan take") == "There is no plan to take yet. Get one with /plan."


async def test_who_has_no_stars_is_asked_for_topics(app: AppHarness) -> None:
    await starred(app)
    assert await app.say("/plan tuesday") == (
        "I don't know yet what you'd like to see on Tue 30 Nov.\n"
        "Star sessions with /star CODE, or name topics: /plan tuesday security"
    )


async def test_topics_alone_make_a_plan(app: AppHarness) -> None:
    await starred(app)
    answer = await app.say("/plan monday security, operations track")
    assert "1. Keys, locks and doors (SEC203)" in answer
    assert "2. Calm on call (OPS100)" in answer
    assert "It fits what you asked for" in answer
    assert "I found nothing to plan with that." in await app.say("/plan monday zeppelins")


async def test_what_is_taken_already_is_fixed_and_not_offered_again(app: AppHarness) -> None:
    await starred(app, "SEC203", "DAT310")
    await app.say("/attend SEC203 reserved")
    reply = await app.ask("/plan")
    answer = app.text(reply)
    assert "You have a seat there" in answer
    assert "Counting to infinity (DAT310): overlaps number 1" in answer
    assert "All of it is on your agenda already." in answer
    assert not any(button.arguments.get("words") == "take" for button in reply.buttons)


async def test_one_who_is_late_gets_the_repeat_and_taking_it_replaces_the_lost_sitting(app: AppHarness) -> None:
    await starred(app)
    await app.say("/attend DAT310")
    app.clock.move_to(at(11, 25))
    await app.say("/here MGM Grand")
    answer = await app.say("/plan")
    assert answer.startswith("The rest of Mon 29 Nov, from 11:25 on: 1 session at MGM Grand.")
    assert "1. Counting to infinity (DAT310-R)" in answer
    await app.say("/plan take")
    assert [id_ for id_, attendance in (await chosen(app)).items() if attendance.choice is Choice.GOING] == ["dat310-r"]
    await app.say("/plan undo")
    assert [id_ for id_, attendance in (await chosen(app)).items() if attendance.choice is Choice.GOING] == ["dat310"]


async def test_the_week_has_each_talk_once(app: AppHarness) -> None:
    await starred(app, "ARC301", "DAT310", "DAT310-R", "KEY001")
    reply = await app.ask("/plan week")
    assert sorted(reply.listed) == ["arc301", "dat310", "key001"]
    assert "Mon 29 Nov to Tue 30 Nov: 3 sessions in 3 venues" in app.text(reply)


async def test_musts_that_clash_are_named(app: AppHarness) -> None:
    await starred(app, musts=("SEC203", "DAT310"))
    async with app.store.write_transaction() as work:
        made = schedule((ARC, SEC, DAT))
        await work.conferences.save(replace(made, conference=replace(made.conference, revision=2)))
    answer = await app.say("/plan")
    assert "Keys, locks and doors (SEC203), though it's a must: overlaps number 1" in answer


async def test_the_plan_is_part_of_ones_data(app: AppHarness) -> None:
    await starred(app, "ARC301")
    await app.say("/plan")
    async with app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
    assert ada
    assert ada.proposal == Proposal("cloud21", ("arc301",))
    (file,) = (await app.ask("/mydata")).files
    assert '"proposal"' in file.content


async def test_a_clash_that_needs_two_other_sittings_is_solved_with_one_tap(app: AppHarness) -> None:
    one, two = session("ONE", at(9), MGM), session("TWO", at(9, 30), MGM)
    repeats = session("ONE-R", at(10, 15), FORUM), session("TWO-R", at(8, 30), MGM, 30)
    app.clock.move_to(at(6))
    await app.publish(schedule((one, two, *repeats)))
    await app.all("/attend ONE", "/attend TWO")
    (button,) = [item for item in (await app.ask("/agenda")).buttons if item.command == "plan"]
    assert button.label == "All about ONE-R Mon 10:15 + All about TWO-R Mon 08:30"
    assert (await app.say(f"/plan {button.arguments['words']}")).startswith("Done: 2 sessions are on your agenda")
    assert sorted(await chosen(app)) == ["one-r", "two-r"]
    await app.say("/plan undo")
    assert sorted(await chosen(app)) == ["one", "two"]


async def test_own_entries_are_fixed_and_a_lunch_of_ones_own_is_the_only_one(app: AppHarness) -> None:
    await starred(app, "ARC301", "SEC203", "DAT310")
    await app.all("/block monday 11:45-12:30 lunch at MGM")
    reply = await app.ask("/plan monday")
    answer = app.text(reply)
    assert reply.listed[0] == "arc301"
    assert reply.listed[1].startswith("block:")
    assert "It's on your agenda." in answer
    assert "Keys, locks and doors (SEC203): overlaps number 2" in answer
    assert "Lunch\n" not in answer


async def test_who_is_late_for_what_they_go_to_is_asked_to_leave_now(app: AppHarness) -> None:
    await starred(app)
    await app.say("/attend OPS100")
    app.clock.move_to(at(15, 40))
    await app.say("/here Forum")
    answer = await app.say("/plan")
    assert "43 min from Caesars Forum: leave now to be there at 16:23." in answer


async def test_two_themes_beside_each_other_are_either_of_them_and_an_expression_is_one(app: AppHarness) -> None:
    both = session("MIX100", at(9), VENETIAN, title="Security for serverless")
    other = session("SRV200", at(11), VENETIAN, title="Going serverless")
    third = session("SEC300", at(14), VENETIAN, title="Everyday security")
    learning = session("MLE100", at(15), VENETIAN, title="Machine learning at sea")
    ships = session("SEA100", at(17), VENETIAN, title="Learning to sail")
    await app.publish(schedule([both, other, third, learning, ships]))
    assert titles(await app.say("/plan monday serverless security")) == [
        "Security for serverless (MIX100)",
        "Going serverless (SRV200)",
        "Everyday security (SEC300)",
    ]
    assert titles(await app.say("/plan monday machine learning")) == ["Machine learning at sea (MLE100)"]


async def test_lunch_can_be_left_out(app: AppHarness) -> None:
    await starred(app, "ARC301", "DAT310", "LATE200")
    assert "\nLunch\n" in await app.say("/plan monday")
    assert "Lunch" not in await app.say("/plan monday no lunch")
    assert "Lunch" not in await app.say("/plan without lunch")


def titles(plan: str) -> list[str]:
    """The sessions of a plan, in order."""
    return [line.partition(". ")[2] for line in plan.splitlines() if line[:1].isdigit()]


async def test_what_is_left_to_watch_later_is_not_proposed_again(app: AppHarness) -> None:
    await starred(app, "ARC301", "DAT310")
    await app.say("/later DAT310")
    assert titles(await app.say("/plan monday")) == ["Queues that never sleep (ARC301)"]
    both = ["Queues that never sleep (ARC301)", "Late bloomers (LATE200)"]
    assert titles(await app.say("/plan monday data")) == both


async def test_a_hotel_of_another_conference_has_no_walk(app: AppHarness) -> None:
    await starred(app, "ARC301")
    async with app.store.write_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        await work.people.save(replace(ada, stay="Ibis Brussels"))
    assert "Ibis" not in await app.say("/plan monday")
