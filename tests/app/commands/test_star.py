"""`/star`, and the buttons of lists that star a session."""

from dataclasses import replace

import pytest

from bot.app.schedules.importer import ingest
from bot.domain.attendee.attendee import Attendance, Choice
from tests.builders import ARC, DAT, SESSIONS, VENETIAN, at, draft, schedule, session
from tests.fakes.app_harness import AppHarness


async def chosen(app: AppHarness) -> list[Attendance]:
    async with app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada is not None
        return list(await work.attendances.of_attendee(ada.id, "cloud21"))


async def test_a_starred_session_is_shown_and_no_message_comes_for_it(app: AppHarness) -> None:
    assert await app.say("/star ARC301") == (
        "Starred. I send no reminders for it until you're going.\n"
        "Queues that never sleep (ARC301)\n"
        "   Mon 29 Nov 09:00-10:00, Venetian, Room ARC301\n"
        "   300 · Architecture\n"
        "→ /attend ARC301 · /star ARC301 must · /skip ARC301 · /agenda"
    )
    await app.all("/nudges on", "/hotel MGM")
    assert await app.wait(hours=30) == []


async def test_a_star_is_no_consent_to_messages(app: AppHarness) -> None:
    await app.say("/star ARC301")
    async with app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
    assert ada is not None
    assert ada.agreed_at is None


async def test_starring_again_offers_to_remove_the_star(app: AppHarness) -> None:
    await app.say("/star ARC301")
    again = await app.ask("/star ARC301")
    assert app.text(again).startswith("You have starred this one already. To remove the star: /skip ARC301\n")
    assert await app.press(again, "Remove the star") == (
        'I removed the star of "Queues that never sleep".\n→ /star ARC301 · /agenda'
    )
    assert await chosen(app) == []


async def test_a_removed_star_comes_back_as_the_must_that_it_was(app: AppHarness) -> None:
    await app.say("/star ARC301 must")
    await app.press(await app.ask("/skip ARC301"), "Put it back")
    assert await chosen(app) == [Attendance("arc301", Choice.STARRED, chosen_at=at(8), must=True)]


async def test_a_star_becomes_a_must_and_stays_one_on_the_agenda(app: AppHarness) -> None:
    assert (await app.all("/star ARC301", "/star ARC301 must")).startswith("Starred as a must.")
    assert (await app.say("/session ARC301")).count("You starred it as a must.") == 1
    assert (await app.say("/star ARC301")).startswith("You have starred this one already.")
    assert (await app.say("/attend ARC301")).startswith("You're going.")
    assert await chosen(app) == [Attendance("arc301", chosen_at=at(8), must=True)]


async def test_what_is_on_the_agenda_needs_no_star_and_can_become_a_must(app: AppHarness) -> None:
    await app.say("/attend ARC301 reserved")
    assert await app.say("/star ARC301") == (
        '"Queues that never sleep" is on your agenda already, so it needs no star.\n→ /agenda · /skip ARC301'
    )
    assert (await app.say("/star ARC301 must")).startswith('"Queues that never sleep" is on your agenda, and now a')
    assert await chosen(app) == [Attendance("arc301", reserved=True, chosen_at=at(8), must=True)]


async def test_what_one_does_at_that_time_is_said(app: AppHarness) -> None:
    starred = await app.all("/attend SEC203", "/star DAT310")
    assert 'At that time you go to "Keys, locks and doors".' in starred


async def test_what_is_over_or_does_not_take_place_gets_no_star() -> None:
    off = replace(DAT, state=DAT.state.CANCELLED)
    app = await AppHarness(moment=at(10)).publish(schedule((ARC, off)))
    assert (await app.say("/star ARC301")).startswith('"Queues that never sleep" is already over.')
    assert (await app.say("/star DAT310")).startswith('"Counting to infinity" does not take place.')


@pytest.mark.parametrize(("line", "label"), [("/find queues", "☆ 1"), ("/nextsession", "☆ 1"), ("/now", "☆ 1")])
async def test_every_list_has_a_star_for_each_session(line: str, label: str) -> None:
    app = await AppHarness(moment=at(8, 50)).publish(schedule((*SESSIONS, session("OPEN1", at(8), VENETIAN))))
    starred = await app.press(await app.ask(line), label)
    assert starred.startswith("Starred. I send no reminders")
    assert len(await chosen(app)) == 1


async def test_the_agenda_shows_going_free_and_starred_apart(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend ARC301", "/attend SEC203", "/star DAT310", "/star DAT310-R must")
    agenda = await app.ask("/agenda")
    assert app.text(agenda) == (
        "Mon 29 Nov: 2 sessions, about 3,500 steps on the way.\n"
        "2 starred sessions, from number 3 on: to add one, /attend 3\n"
        "Then home: 18 min walk from Caesars Forum to Venetian (enough for 9 in 10, set by the organizers).\n"
        "1. Queues that never sleep (ARC301)\n"
        "   09:00-10:00, Venetian, Room ARC301\n"
        "   300 · Architecture\n"
        "   Leave by 08:26: 14 min inside Venetian + 20 min for the walk-up line.\n"
        "2. Keys, locks and doors (SEC203)\n"
        "   11:00-12:00, Caesars Forum, Room SEC203\n"
        "   200 · Security · recorded\n"
        "   Leave Venetian by 10:22: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line.\n"
        "Free time\n"
        "   10:00-10:22, 22 min, then number 2\n"
        "3. ☆ Counting to infinity (DAT310)\n"
        "   11:30-12:30, Caesars Forum, Room DAT310 · 300 · not recorded\n"
        '   Overlaps "Keys, locks and doors".\n'
        "4. ★ Counting to infinity (DAT310-R)\n"
        "   15:00-16:00, MGM Grand, Room DAT310-R · 300 · not recorded\n"
        "   It fits your agenda.\n"
        "→ /agenda calendar"
    )
    assert (await app.say("/attend 4")).startswith("You're going.\nCounting to infinity (DAT310-R)")


async def test_a_day_with_stars_alone_is_shown(app: AppHarness) -> None:
    answer = await app.all("/star ARC301", "/agenda")
    assert answer.startswith("Nothing planned on Mon 29 Nov yet.\n1 starred session, number 1: to add it, /attend 1\n")


async def test_a_starred_repeat_is_still_offered_where_two_sessions_clash(app: AppHarness) -> None:
    asked = await app.all("/attend SEC203", "/star DAT310-R", "/attend DAT310")
    assert "/attend DAT310-R instead DAT310" in asked


async def test_a_starred_session_is_free_for_me(app: AppHarness) -> None:
    assert "Queues that never sleep" in await app.all("/star ARC301", "/find queues free for me")


async def test_a_change_of_a_starred_session_is_said_on_the_agenda_and_is_no_message(app: AppHarness) -> None:
    await app.all("/nudges on", "/attend SEC203", "/star DAT310", "/skip SEC203")
    moved = replace(DAT, starts_at=at(14), ends_at=at(15))
    await ingest(app.store, draft(*(moved if talk is DAT else talk for talk in SESSIONS)), "cloud21", at(8))
    app.clock.move_to(at(9))
    assert "Since you starred it: now Caesars Forum, Room DAT310, 14:00-15:00 (was " in await app.say("/agenda")
    assert "Since you starred it: now" in await app.say("/session DAT310")
    assert await app.wait(hours=24) == []


async def test_on_my_way_to_a_starred_session_puts_it_on_the_agenda(app: AppHarness) -> None:
    await app.all("/star ARC301", "/onmyway ARC301")
    assert await chosen(app) == [Attendance("arc301", chosen_at=at(8), left_at=at(8))]


async def test_what_is_only_starred_is_not_offered_to_be_skipped_and_is_in_no_recap(app: AppHarness) -> None:
    assert (await app.all("/star ARC301", "/skip")).startswith("Nothing is left on your agenda")
    assert (await app.say("/recap")).startswith("Nothing was on your agenda on Mon 29 Nov.")
    assert (await app.say("/agenda calendar")).startswith("There is nothing on your agenda yet.")
    assert (await app.say("/whosgoing ARC301")).startswith("Nobody here is going to")
