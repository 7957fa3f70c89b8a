"""The last message before quiet hours names the leave-by inside them."""

from tests.fakes.app_harness import AppHarness


async def test_the_evening_before_an_early_start_one_is_told_and_then_woken(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/nudges 22:00-08:00", "/attend KEY001")
    sent = await app.wait(hours=24)
    assert [(when, kind) for when, _, kind in sent] == [
        ("Mon 18:00", "evening-before"),
        ("Mon 21:59", "early-start"),
        ("Tue 07:11", "leave-by"),
        ("Tue 08:00", "morning-brief"),
    ]
    assert app.messages()[1] == (
        'Leave by Tue 30 Nov 07:21 for "Opening keynote".\n'
        "That is in your quiet hours. I'll wake you at 07:11.\n"
        "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
        "&route=36.121638,-115.169601;36.102487,-115.169914\n"
        "→ /nudges alarms off"
    )


async def test_without_alarms_it_says_that_nothing_will_come_and_nothing_comes(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/nudges 22:00-08:00", "/nudges alarms off", "/attend KEY001")
    kinds = [kind for _, _, kind in await app.wait(hours=24)]
    assert kinds == ["evening-before", "early-start", "morning-brief"]
    assert "alarms are off, so I won't message you then" in app.messages()[1]
