"""`/here`."""

from tests.builders import at
from tests.fakes.app_harness import AppHarness


async def test_the_next_way_starts_where_one_is(talk: AppHarness) -> None:
    told = await talk.all("/hotel MGM", "/attend ARC301", "/here forum")
    assert told == (
        "Got it, you're at Caesars Forum. I'll plan your next walk from there.\n"
        'Now you leave by 08:22 for "Queues that never sleep", 31 min later than before.\n'
        "→ /nextsession"
    )
    assert "Leave Caesars Forum by 08:22: 18 min walk to Venetian" in await talk.say("/nextsession")


async def test_the_nudge_is_timed_anew(talk: AppHarness) -> None:
    await talk.all("/hotel MGM", "/attend SEC203", "/here Venetian")
    assert await talk.wait(hours=3) == [("Mon 10:12", "ada", "leave-by")]


async def test_a_venue_is_needed(talk: AppHarness) -> None:
    assert (await talk.ask("/here")).is_error


async def test_the_answer_names_the_moment_only_if_it_has_moved(talk: AppHarness) -> None:
    await talk.all("/hotel Venetian", "/attend SEC203")
    assert "Leave" not in await talk.say("/here Venetian")
    assert 'Now you leave by 09:57 for "Keys, locks and doors", 25 min earlier than before.' in await talk.say(
        "/here MGM"
    )


async def test_the_answer_says_to_leave_now_where_the_moment_has_passed(talk: AppHarness) -> None:
    await talk.all("/hotel Venetian", "/attend SEC203")
    await talk.rehearsal.jump(at(10, 30))
    told = await talk.say("/here MGM")
    assert 'Leave now for "Keys, locks and doors": the moment to leave was 09:57.' in told


async def test_who_has_chosen_nothing_gets_no_moment(talk: AppHarness) -> None:
    assert "Leave" not in await talk.say("/here Venetian")


async def test_a_first_hotel_and_another_pace_name_the_moment_too(talk: AppHarness) -> None:
    await talk.say("/attend SEC203")
    assert 'Leave by 10:22 for "Keys, locks and doors".' in await talk.say("/hotel Venetian")
    await talk.say("/hotel MGM")
    assert 'Now you leave by 09:41 for "Keys, locks and doors", 15 min earlier than before.' in await talk.say(
        "/pace slow"
    )
