"""`/skip`."""

from tests.fakes.app_harness import AppHarness


async def test_a_skipped_session_is_off_the_agenda_and_its_nudge_is_withdrawn(talk: AppHarness) -> None:
    skipped = await talk.all("/hotel MGM", "/attend ARC301", "/skip ARC301")
    assert skipped == ('I took "Queues that never sleep" off your agenda.\n→ /attend ARC301 · /agenda')
    assert await talk.wait(hours=12) == []


async def test_what_was_not_there_is_said(talk: AppHarness) -> None:
    assert (await talk.say("/skip ARC301")).startswith('"Queues that never sleep" was not on your agenda.')


async def test_the_button_puts_it_back(talk: AppHarness) -> None:
    await talk.say("/attend ARC301 reserved")
    assert (await talk.press(await talk.ask("/skip ARC301"), "Put it back")).startswith("You're going.")
