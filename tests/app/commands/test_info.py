"""`/info`."""

from dataclasses import replace

from tests.builders import schedule
from tests.fakes.app_harness import AppHarness


async def test_all_topics_to_choose_from(talk: AppHarness) -> None:
    asked = await talk.ask("/info")
    assert [button.label for button in asked.buttons] == ["Wi-Fi", "Lunch"]
    assert await talk.press(asked, "Wi-Fi") == "Wi-Fi\n   everywhere · all day\n   Network Cloud, no password."


async def test_a_topic_is_found_however_it_is_written(talk: AppHarness) -> None:
    assert await talk.say("/info wifi") == await talk.say("/info WI FI") == await talk.say("/info Wi-Fi")
    assert (await talk.say("/info password")).startswith("Wi-Fi")


async def test_what_nobody_wrote_about(talk: AppHarness) -> None:
    assert await talk.say("/info parking") == (
        'I found nothing about "parking". Did you mean one of these?\n→ /info Wi-Fi · /info Lunch'
    )


async def test_without_any_topic_what_was_asked_for_is_searched() -> None:
    talk = await AppHarness().publish(replace(schedule(), topics=()))
    assert await talk.say("/info lunch") == ('The organizers have written nothing about "lunch" yet.\n→ /find lunch')
