"""`/find`."""

from tests.fakes.app_harness import AppHarness


async def test_the_best_matches_are_numbered(talk: AppHarness) -> None:
    assert await talk.say("/find byron") == (
        'I found 1 session for "byron". Add it with /attend 1:\n'
        "1. Queues that never sleep (ARC301)\n"
        "   Mon 29 Nov 09:00-10:00, Venetian, Room ARC301 · 300\n"
        "   Ada Byron"
    )


async def test_day_venue_and_level_filter_in_any_order(talk: AppHarness) -> None:
    assert "1. Keys, locks and doors (SEC203)" in await talk.say("/find keys 200 forum monday")
    assert "1. Counting to infinity (DAT310-R)" in await talk.say("/find counting MGM")
    assert (await talk.say("/find keys tuesday")).startswith('I found no "keys".')


async def test_a_typo_is_forgiven(talk: AppHarness) -> None:
    assert "1. Counting to infinity (DAT310)" in await talk.say("/find countign infinty")


async def test_words_are_needed(talk: AppHarness) -> None:
    assert (await talk.say("/find")).startswith("What should I look for?")
