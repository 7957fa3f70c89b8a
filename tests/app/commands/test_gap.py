"""`/gap`."""

from bot.domain.attendee.attendee import Attendance, Choice
from tests.builders import ARC, FORUM, MGM, SEC, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

NEAR = session("NEAR1", at(10, 15), VENETIAN, 30, title="Right here")
BETTER = session("BETTER1", at(10, 15), VENETIAN, 45, title="Right here and longer")
FAR = session("FAR1", at(10, 30), MGM, 30, title="At the other end of town")
LONG = session("LONG1", at(10, 15), VENETIAN, 90, title="Too long")
EXPO = session("EXPO", at(9), VENETIAN, 480, title="Exhibition", kind="Expo")


async def between(app: AppHarness) -> AppHarness:
    """Ada has two sessions, and a gap between them."""
    await app.publish(schedule((ARC, NEAR, BETTER, FAR, LONG, EXPO, session("SEC203", at(12), FORUM, title=SEC.title))))
    await app.all("/attend ARC301", "/attend SEC203")
    app.clock.move_to(at(10, 2))
    return app


async def test_what_fits_is_listed_nearest_and_best_first_with_its_walk(app: AppHarness) -> None:
    await between(app)
    assert await app.say("/gap") == (
        '1 h 20 min until you leave for "Keys, locks and doors" at 11:22.\n'
        "These sessions fit, the best for you first:\n"
        "1. Right here and longer (BETTER1)\n"
        "   10:15-11:00, Venetian, Room BETTER1\n"
        '   10 min there, in the same venue, then 18 min to "Keys, locks and doors".\n'
        "2. Right here (NEAR1)\n"
        "   10:15-10:45, Venetian, Room NEAR1\n"
        '   10 min there, in the same venue, then 18 min to "Keys, locks and doors".\n'
        "Drop in when it suits you\n"
        "   Exhibition (EXPO), until 17:00, Venetian\n"
        "→ /attend BETTER1 · /attend NEAR1"
    )


async def test_in_a_session_the_gap_begins_at_its_end(app: AppHarness) -> None:
    await between(app)
    app.clock.move_to(at(9, 30))
    assert (await app.say("/gap")).startswith('1 h 22 min until you leave for "Keys, locks and doors" at 11:22.')


async def test_an_end_may_be_typed_as_minutes_or_a_time(app: AppHarness) -> None:
    await between(app)
    assert (await app.say("/gap 45")).startswith("45 min, until 10:47.\nOne session fits:\n1. Right here (NEAR1)")
    assert (await app.say("/gap 10:47")).startswith("45 min, until 10:47.\nOne session fits:\n1. Right here (NEAR1)")
    assert "No session fits into that." in await app.say("/gap 10 min")
    assert "not a number of minutes from 1 to 720" in await app.say("/gap 0")


async def test_a_starred_session_comes_first(app: AppHarness) -> None:
    await between(app)
    async with app.store.write_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada
        await work.attendances.put(ada.id, "cloud21", Attendance("near1", Choice.STARRED))
    answer = await app.say("/gap")
    assert "1. Right here (NEAR1)" in answer
    assert "You starred it. 10 min there, in the same venue" in answer


async def test_with_nothing_ahead_it_looks_at_the_next_hours(app: AppHarness) -> None:
    await app.publish(schedule((NEAR, BETTER, LONG)))
    app.clock.move_to(at(9, 30))
    answer = await app.say("/gap")
    assert answer.startswith(
        "Nothing on your agenda soon. I looked at what starts by 12:30.\n"
        "These sessions fit, the best for you first:\n1. Too long (LONG1)"
    )


async def test_when_it_is_time_to_leave_it_says_only_that(app: AppHarness) -> None:
    await between(app)
    app.clock.move_to(at(11, 30))
    assert await app.say("/gap") == (
        'It\'s time to leave for "Keys, locks and doors".\n'
        "That was 8 min ago. Leave now to arrive just in time, at about 11:48.\n"
        "→ /onmyway SEC203"
    )
