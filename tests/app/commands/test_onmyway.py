"""`/onmyway`."""

from tests.talk import Talk


async def test_who_has_left_is_not_called(talk: Talk) -> None:
    told = await talk.all("/hotel Venetian", "/attend SEC203", "/onmyway SEC203")
    assert told == (
        'Good walk! SEC203 Keys, locks and doors starts at 11:00. I won\'t call you for it.\n→ /here "Caesars Forum"'
    )
    assert await talk.wait(hours=4) == []


async def test_leaving_for_a_session_means_going(talk: Talk) -> None:
    assert "You are going." in await talk.all("/onmyway SEC203", "/session SEC203")
