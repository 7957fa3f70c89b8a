"""`/recap`: the day at any time, as the answers of its attendee make it."""

from tests.fakes.app_harness import AppHarness


async def test_a_clash_is_asked_about_and_the_answer_makes_another_recap(talk: AppHarness) -> None:
    await talk.all("/hotel MGM", "/attend SEC203", "/attend DAT310")
    await talk.wait(hours=9)
    asked = await talk.say("/recap")
    assert 'Which one did you see: "Keys, locks and doors" or "Counting to infinity"?' in asked
    assert "You attended" not in asked
    assert await talk.say("/attend DAT310 only") == (
        'So you saw "Counting to infinity".\n'
        'I took "Keys, locks and doors" off your agenda.\n'
        "Counting to infinity (DAT310)\n"
        "   Mon 29 Nov 11:30-12:30, Caesars Forum, Room DAT310\n"
        "   300 · Data · not recorded\n"
        "→ /attend SEC203  Put Keys, locks and doors back\n"
        "→ /recap 2021-11-29"
    )
    again = await talk.say("/recap")
    assert "Which one" not in again
    assert "Keys, locks" not in again


async def test_what_was_tapped_counts_as_attended_and_the_rest_was_planned(talk: AppHarness) -> None:
    await talk.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    await talk.wait(minutes=50)
    await talk.say("/here Venetian")
    told = await talk.say("/recap")
    assert "You attended\n   Queues that never sleep (ARC301), 09:00-10:00, Venetian\nOn your agenda\n   Keys" in told


async def test_a_day_without_sessions_says_so(talk: AppHarness) -> None:
    assert await talk.say("/recap tuesday") == (
        "Nothing was on your agenda on Tue 30 Nov. Find sessions with /find.\n→ /agenda"
    )
