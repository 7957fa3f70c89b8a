"""`/session`."""

from tests.fakes.app_harness import AppHarness


async def test_everything_about_a_session_and_the_way_to_it(app: AppHarness) -> None:
    assert await app.all("/hotel Venetian", "/session dat310") == (
        "Counting to infinity (DAT310)\n"
        "   Mon 29 Nov 11:30-12:30, Caesars Forum, Room DAT310\n"
        "   300 · Data · not recorded\n"
        "   Leave Venetian by 10:52: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line.\n"
        "   Leave by 11:12 at the latest, to be there at the start; whether there is room, nobody knows.\n"
        "   It's on again Mon 29 Nov: Counting to infinity (DAT310-R), 15:00-16:00, MGM Grand.\n"
        "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
        "&route=36.121638,-115.169601;36.118370,-115.166280\n"
        "→ /attend DAT310 · /attend DAT310 reserved · /star DAT310 · /whosgoing DAT310"
    )


async def test_whether_one_goes(app: AppHarness) -> None:
    assert "You're going, with a reserved seat." in await app.all("/attend ARC301 reserved", "/session ARC301")
    assert "This is one of your backups." in await app.all("/attend DAT310 backup of ARC301", "/session DAT310")


async def test_a_code_a_part_of_the_title_or_a_number_of_the_last_list(app: AppHarness) -> None:
    wanted = await app.say("/session SEC203")
    for typed in ("sec203", "locks and", "Keys, locks and doors"):
        assert await app.say(f"/session {typed}") == wanted
    assert await app.all("/find keys", "/session 1") == wanted


async def test_unclear_words_get_the_nearest_three(app: AppHarness) -> None:
    assert await app.say("/session counting") == (
        '2 sessions match "counting". Which one do you mean?\n'
        "→ /session DAT310  Counting to infinity (DAT310, Mon 11:30)\n"
        "→ /session DAT310-R  Counting to infinity (DAT310-R, Mon 15:00)"
    )
    none = await app.ask("/session sec2o3")
    assert none.is_error
    assert none.buttons[0].line == "/session SEC203"
    assert len(none.buttons) == 3
    assert await app.say("/session 7") == "Your last list has no number 7. Get a new list with /find."
