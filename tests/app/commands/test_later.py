"""`/later`, and the buttons that put a session on that list."""

from tests.builders import at
from tests.fakes.app_harness import AppHarness


async def test_the_list_is_shown_in_order_and_says_what_is_not_recorded(app: AppHarness) -> None:
    assert (await app.say("/later")).startswith(
        "Nothing to watch later yet. To put a session on this list: /later ARC301"
    )
    assert (await app.say("/later DAT310")).startswith(
        "It is on your list to watch later, and not on your agenda.\nThe schedule says that it is not recorded.\n"
    )
    assert await app.all("/later SEC203", "/later") == (
        "2 sessions to watch later. To take the first off the list: /skip 1\n"
        "1. Keys, locks and doors (SEC203)\n"
        "   Mon 29 Nov 11:00-12:00, Caesars Forum, Room SEC203 · 200 · recorded\n"
        "2. Counting to infinity (DAT310)\n"
        "   Mon 29 Nov 11:30-12:30, Caesars Forum, Room DAT310 · 300 · not recorded\n"
        "   The schedule says that it is not recorded.\n"
        "→ /agenda"
    )
    assert (await app.say("/skip 1")).startswith('I took "Keys, locks and doors" off your list to watch later.')
    assert (await app.say("/later")).startswith("1 session to watch later.")


async def test_where_two_sessions_clash_the_recorded_one_can_be_left_for_later(app: AppHarness) -> None:
    await app.all("/attend SEC203", "/attend DAT310")
    decided = await app.ask("/attend DAT310 only")
    left = await app.press(decided, "Watch Keys, locks and doors later")
    assert left.startswith("It is on your list to watch later, and not on your agenda.\nKeys, locks and doors (SEC203)")
    assert "Counting to infinity (DAT310)" in await app.say("/agenda")
    assert "Keys" not in await app.say("/agenda")


async def test_a_skipped_recorded_session_can_be_left_for_later_and_another_cannot(app: AppHarness) -> None:
    await app.all("/attend SEC203", "/attend ARC301")
    labels = [button.label for button in (await app.ask("/skip SEC203")).buttons]
    assert labels == ["Put it back", "Watch Keys, locks and doors later", "Agenda"]
    assert [button.label for button in (await app.ask("/skip ARC301")).buttons] == ["Put it back", "Agenda"]


async def test_what_was_missed_can_be_left_for_later_from_the_recap(app: AppHarness) -> None:
    await app.all("/attend DAT310 reserved", "/attend SEC203")
    app.clock.move_to(at(20))
    await app.press(await app.ask("/recap"), "Watch Keys, locks and doors later")
    assert "Keys, locks and doors" in await app.say("/later")


async def test_it_has_no_messages_and_becomes_going_again(app: AppHarness) -> None:
    await app.all("/attend SEC203", "/later SEC203")
    assert await app.wait(minutes=30) == []
    assert "It is on your list to watch later." in await app.say("/session SEC203")
    assert (await app.say("/attend SEC203")).startswith("You're going.")
    assert (await app.say("/later")).startswith("Nothing to watch later yet.")
