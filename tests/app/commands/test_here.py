"""`/here`."""

from tests.builders import at
from tests.fakes.app_harness import AppHarness


async def test_the_next_way_starts_where_one_is(app: AppHarness) -> None:
    answer = await app.all("/hotel MGM", "/attend ARC301", "/here forum")
    assert answer == (
        "Got it, you're at Caesars Forum. I'll plan your next walk from there.\n"
        'Now you leave by 08:22 for "Queues that never sleep", 31 min later than before.\n'
        "→ /nextsession"
    )
    assert "Leave Caesars Forum by 08:22: 18 min walk to Venetian" in await app.say("/nextsession")


async def test_the_nudge_is_timed_anew(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend SEC203", "/here Venetian")
    assert await app.wait(hours=3) == [("Mon 10:12", "ada", "leave-by")]


async def test_a_venue_is_needed(app: AppHarness) -> None:
    assert (await app.ask("/here")).is_error


async def test_the_answer_names_the_moment_only_if_it_has_moved(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    assert "Leave" not in await app.say("/here Venetian")
    assert 'Now you leave by 09:57 for "Keys, locks and doors", 25 min earlier than before.' in await app.say(
        "/here MGM"
    )


async def test_the_answer_says_to_leave_now_where_the_moment_has_passed(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    await app.rehearsal.jump(at(10, 30))
    answer = await app.say("/here MGM")
    assert 'Leave now for "Keys, locks and doors": the moment to leave was 09:57.' in answer


async def test_who_has_chosen_nothing_gets_no_moment(app: AppHarness) -> None:
    assert "Leave" not in await app.say("/here Venetian")


async def test_a_first_hotel_and_another_pace_name_the_moment_too(app: AppHarness) -> None:
    await app.say("/attend SEC203")
    assert 'Leave by 10:22 for "Keys, locks and doors".' in await app.say("/hotel Venetian")
    await app.say("/hotel MGM")
    assert 'Now you leave by 09:41 for "Keys, locks and doors", 15 min earlier than before.' in await app.say(
        "/pace slow"
    )
