"""The morning brief."""

from tests.builders import at
from tests.fakes.app_harness import AppHarness


async def test_it_comes_at_seven_with_the_agenda() -> None:
    app = await AppHarness(moment=at(20, day=28)).publish()
    await app.all("/hotel Venetian", "/attend ARC301 reserved", "/attend SEC203")
    assert (await app.wait(hours=12))[-1] == ("Mon 07:00", "ada", "morning-brief")
    message = app.messages()[-1]
    assert message.splitlines() == [
        "Good morning! 2 sessions on your agenda today, and about 3,500 steps on the way:",
        "1. 09:00-10:00 Queues that never sleep, Venetian. Leave by 08:36.",
        "2. 11:00-12:00 Keys, locks and doors, Caesars Forum. Leave Venetian by 10:22.",
        "→ /agenda 2021-11-29 · /nextsession",
    ]


async def test_it_comes_before_the_first_nudge_where_the_day_starts_early() -> None:
    app = await AppHarness(moment=at(20, day=28)).publish()
    await app.all("/hotel MGM", "/pace slow", "/attend ARC301", "/nudges 60m")
    assert [(when, kind) for when, _, kind in await app.wait(hours=13)] == [
        ("Sun 20:10", "evening-before"),
        ("Mon 06:03", "morning-brief"),
        ("Mon 06:33", "leave-by"),
    ]
