"""`/onmyway`."""

from tests.builders import at
from tests.fakes.app_harness import AppHarness


async def test_who_has_left_is_not_called(app: AppHarness) -> None:
    answer = await app.all("/hotel Venetian", "/attend SEC203", "/onmyway SEC203")
    assert answer == (
        'Have a good walk! "Keys, locks and doors" starts at 11:00. No more reminders for this one.\n'
        "→ /here Caesars Forum"
    )
    assert await app.wait(hours=4) == [("Mon 08:18", "ada", "arrival")]


async def test_leaving_for_a_session_means_going(app: AppHarness) -> None:
    assert "You're going." in await app.all("/onmyway SEC203", "/session SEC203")


async def test_leaving_a_day_early_does_not_silence_tomorrow() -> None:
    app = await AppHarness(moment=at(19, day=28)).publish()
    answer = await app.all("/hotel Venetian", "/attend SEC203", "/onmyway SEC203")
    assert answer == (
        "\"Keys, locks and doors\" doesn't start until Mon 29 Nov 11:00, so I'll still remind you to leave. "
        "Tell me again when you go.\n"
        "→ /agenda 2021-11-29"
    )
    assert ("Mon 10:12", "ada", "leave-by") in await app.wait(hours=16)


async def test_leaving_counts_only_for_the_session_whose_moment_to_leave_is_near(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203", "/attend DAT310-R")
    assert "Have a good walk!" in await app.say("/onmyway SEC203")
    # At 08:00, seven hours before its start.
    assert "I'll still remind you" in await app.say("/onmyway DAT310-R")
    assert [kind for _, _, kind in await app.wait(hours=7)] == ["arrival", "leave-by"]


async def test_without_a_session_the_agenda_is_offered(app: AppHarness) -> None:
    assert await app.say("/onmyway") == "There is nothing left on your agenda to walk to.\n→ /nextsession"
    offered = await app.all("/attend SEC203", "/attend ARC301", "/onmyway SEC203", "/onmyway")
    assert offered == "Where are you going?\n→ /onmyway ARC301  Queues that never sleep (ARC301, Mon 09:00)"
