"""`/now`."""

from tests.fakes.app_harness import AppHarness


async def test_ones_own_session_comes_first(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend DAT310")
    await app.wait(hours=3, minutes=40)
    assert await app.say("/now") == (
        "2 sessions are running:\n"
        "1. Counting to infinity (DAT310)\n"
        "   11:30-12:30, Caesars Forum, Room DAT310\n"
        "   300 · Data · not recorded\n"
        "   Ends in 50 min. You're going.\n"
        "2. Keys, locks and doors (SEC203)\n"
        "   11:00-12:00, Caesars Forum, Room SEC203\n"
        "   200 · Security · recorded\n"
        "   Ends in 20 min.\n"
        "→ /star SEC203"
    )


async def test_one_venue_only_and_nothing_at_all(app: AppHarness) -> None:
    await app.wait(hours=1, minutes=30)
    assert (await app.say("/now Venetian")).startswith("1 session is running:\n1. Queues")
    assert (await app.say("/now MGM")).startswith("Nothing is running at MGM Grand.")
