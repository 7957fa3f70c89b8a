"""`/info`."""

from dataclasses import replace

from tests.builders import schedule
from tests.fakes.app_harness import AppHarness


async def test_all_topics_to_choose_from(app: AppHarness) -> None:
    asked = await app.ask("/info")
    assert [button.label for button in asked.buttons] == ["Wi-Fi", "Lunch"]
    assert await app.press(asked, "Wi-Fi") == "Wi-Fi\n   everywhere · all day\n   Network Cloud, no password."


async def test_a_topic_is_found_however_it_is_written(app: AppHarness) -> None:
    assert await app.say("/info wifi") == await app.say("/info WI FI") == await app.say("/info Wi-Fi")
    assert (await app.say("/info password")).startswith("Wi-Fi")


async def test_what_nobody_wrote_about(app: AppHarness) -> None:
    assert await app.say("/info parking") == (
        'I found nothing about "parking". Did you mean one of these?\n→ /info Wi-Fi · /info Lunch'
    )


async def test_without_any_topic_what_was_asked_for_is_searched() -> None:
    app = await AppHarness().publish(replace(schedule(), topics=()))
    assert await app.say("/info lunch") == ('The organizers have written nothing about "lunch" yet.\n→ /find lunch')


async def test_only_organizers_write_and_remove_topics(app: AppHarness) -> None:
    refused = "Only organizers can use /info edit and /info remove."
    assert await app.say("/info edit Lunch Nowhere.") == refused
    assert await app.say("/info rem Lunch") == refused
    assert await app.say("/info action:edit topic:Lunch text:Nowhere") == refused
    assert await app.say("/info topic:Lunch text:Nowhere action:edit") == refused
    assert await app.say("/info lunch") == "Lunch\n   In every hotel."


async def test_a_written_topic_is_read_by_everybody_with_its_place_and_hours(app: AppHarness) -> None:
    line = "/info edit Lunch In hall B today. place: Hall B, level 1 hours: 11:30-13:30"
    card = "Lunch\n   Hall B, level 1 · 11:30-13:30\n   In hall B today."
    assert await app.say(line, organizer=True) == (
        f"Saved. Everybody reads it with /info now:\n{card}\n→ /organizer undo change 2"
    )
    assert await app.say("/info lunch") == card
    await app.say("/info edit Lunch hours: none place: Hall C", organizer=True)
    assert await app.say("/info lunch") == "Lunch\n   Hall C\n   In hall B today."


async def test_a_topic_of_several_words_keeps_its_name_when_it_is_written_again(app: AppHarness) -> None:
    await app.say('/info edit "Badge pick-up" Bring a passport.', organizer=True)
    await app.say("/info edit badge pick-up At the Venetian.", organizer=True)
    assert await app.say("/info badge") == "Badge pick-up\n   At the Venetian."


async def test_a_change_of_a_topic_is_undone_with_one_button_and_no_later_change_with_it(app: AppHarness) -> None:
    first = await app.ask("/info edit Lunch Soup.", organizer=True)
    await app.say("/info edit Wi-Fi Cable only.", organizer=True)
    assert await app.press(first, "Undo", organizer=True) == "Undone: the change of Lunch."
    assert await app.press(first, "Undo", organizer=True) == (
        "There is nothing to undo: that change is gone, or nobody changed anything in the chat."
    )
    assert await app.say("/info lunch") == "Lunch\n   In every hotel."
    assert "Cable only." in await app.say("/info wi-fi")


async def test_a_removed_topic_is_gone_until_it_is_undone(app: AppHarness) -> None:
    removed = await app.ask("/info remove wi-fi", organizer=True)
    assert app.text(removed) == "Wi-Fi is removed: nobody finds it any more.\n→ /organizer undo change 2"
    assert await app.say("/info") == "What would you like to know about?\n→ /info Lunch"
    await app.press(removed, "Undo", organizer=True)
    assert await app.say("/info wi-fi") == "Wi-Fi\n   everywhere · all day\n   Network Cloud, no password."


async def test_what_an_organizer_writes_wrongly_is_explained(app: AppHarness) -> None:
    usage = "What shall everybody read? Type /info edit TOPIC TEXT."
    assert (await app.say("/info edit", organizer=True)).startswith(usage)
    assert await app.say("/info remove parking", organizer=True) == (
        'There is no topic "parking". The topics are: Wi-Fi, Lunch.'
    )
    assert await app.say(f"/info edit topic:{'x' * 81} text:y", organizer=True) == (
        "The topic is too long: use at most 80 characters."
    )
    assert await app.say("/info edit Parking place: Hall B", organizer=True) == (
        'There is no topic "Parking" yet. Write a text for it, too.'
    )


async def test_the_log_has_what_was_written(app: AppHarness) -> None:
    await app.say("/info edit Lunch Soup. hours: 12-13", organizer=True)
    assert "ada: /info edit Lunch Soup. hours: 12-13" in await app.say("/organizer log", organizer=True)
