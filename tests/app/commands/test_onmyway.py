"""`/onmyway`."""

from tests.fakes.app_harness import AppHarness


async def test_who_has_left_is_not_called(talk: AppHarness) -> None:
    told = await talk.all("/hotel Venetian", "/attend SEC203", "/onmyway SEC203")
    assert told == (
        'Have a good walk! "Keys, locks and doors" starts at 11:00. No more reminders for this one.\n'
        '→ /here "Caesars Forum"'
    )
    assert await talk.wait(hours=4) == []


async def test_leaving_for_a_session_means_going(talk: AppHarness) -> None:
    assert "You're going." in await talk.all("/onmyway SEC203", "/session SEC203")
