"""The morning brief."""

from tests.builders import at
from tests.fakes.app_harness import AppHarness


async def test_it_comes_at_seven_with_the_agenda() -> None:
    talk = await AppHarness(moment=at(20, day=28)).publish()
    await talk.all("/hotel Venetian", "/attend ARC301 reserved", "/attend SEC203")
    assert (await talk.wait(hours=12))[0] == ("Mon 07:00", "ada", "morning-brief")
    (letter,) = talk.letters()
    assert letter.startswith(
        "Good morning! 2 sessions on your agenda today, and about 3,500 steps between venues:\n1. Queues that never sleep (ARC301)"
    )
    assert "Leave by 08:40: 10 min inside Venetian + 10 min for check-in." in letter


async def test_it_comes_before_the_first_nudge_where_the_day_starts_early() -> None:
    talk = await AppHarness(moment=at(20, day=28)).publish()
    await talk.all("/hotel MGM", "/pace slow", "/attend ARC301", "/nudges 60m")
    assert [(when, kind) for when, _, kind in await talk.wait(hours=13)] == [
        ("Mon 06:07", "morning-brief"),
        ("Mon 06:37", "leave-by"),
    ]
