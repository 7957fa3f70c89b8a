"""`/find`."""

import unicodedata

import pytest

from bot.app.messages import Reply
from bot.domain.schedule.conference import Topic
from tests.builders import FORUM, MGM, SESSIONS, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

MANY = tuple(session(f"MAN{n:02}", at(9 + n // 4, 15 * (n % 4)), title=f"Queues, part {n}") for n in range(12))
LUNCH = session("LUN01", at(12), FORUM, title="Lunch", kind="Meal")
DARK = session("DAR01", at(10), FORUM, title="Inside LaunchDarkly")
QUOTED = (
    session("QUO1", at(9), title="It's five o'clock somewhere"),
    session("QUO2", at(9), title="Monday after 14:00 in the Venetian"),
    session("QUO3", at(9), title="Die „Überraschung“ des Jahres"),
    session("QUO4", at(9), title="«Bonjour» tout le monde"),
    session("QUO5", at(9), title="???"),
    session("QUO6", at(9), title="To be or not to be"),
)


def buttons(reply: Reply) -> dict[str, str]:
    return {button.label: button.arguments["words"] for button in reply.buttons if button.command == "find"}


def titles(reply: Reply) -> list[str]:
    return [card.title.rpartition(" (")[0] for card in reply.cards]


async def test_the_best_matches_are_numbered(app: AppHarness) -> None:
    assert await app.say("/find byron") == (
        "About byron: 1 session.\n"
        "Add it with /attend 1:\n"
        "1. Queues that never sleep (ARC301)\n"
        "   Mon 29 Nov 09:00-10:00, Venetian, Room ARC301 · 300\n"
        "   Ada Byron\n"
        "→ /star ARC301"
    )


@pytest.mark.parametrize(
    "line",
    ["keys 200 forum monday", "monday in the forum: keys, level 200", "200 monday keys forum", "forum keys mon L200"],
)
async def test_day_venue_and_level_are_understood_in_any_order(app: AppHarness, line: str) -> None:
    assert (await app.say(f"/find {line}")).startswith(
        "Level 200 · Monday 29 Nov · in Caesars Forum · about keys: 1 session.\nAdd it with /attend 1:\n1. Keys, locks"
    )


async def test_what_was_chosen_in_fields_counts_like_what_was_typed(app: AppHarness) -> None:
    typed = await app.say("/find counting MGM")
    assert typed == await app.say("/find counting venue:MGM")
    assert typed.startswith("In MGM Grand · about counting: 1 session.")
    assert "1. Counting to infinity (DAT310-R)" in typed


async def test_each_part_has_a_button_that_searches_without_it(app: AppHarness) -> None:
    reply = await app.ask("/find counting monday level 300 at MGM")
    assert buttons(reply) == {
        "✕ level 300": "monday at MGM Grand counting",
        "✕ Monday 29 Nov": "level 300 at MGM Grand counting",
        "✕ in MGM Grand": "level 300 monday counting",
        "✕ about counting": "level 300 monday at MGM Grand",
    }
    assert (await app.press(reply, "✕ in MGM Grand")).startswith(
        "Level 300 · Monday 29 Nov · about counting: 2 sessions."
    )


async def test_if_nothing_fits_the_answer_says_what_to_leave_out(app: AppHarness) -> None:
    reply = await app.ask("/find keys MGM monday")
    assert app.text(reply).startswith(
        "Monday 29 Nov · in MGM Grand · about keys: I found no sessions.\n"
        "You could leave out: in MGM Grand (1), about keys (1)."
    )
    assert list(buttons(reply)) == ["✕ Monday 29 Nov (0)", "✕ in MGM Grand (1)", "✕ about keys (1)"]


async def test_a_day_without_the_conference_is_answered_with_its_days(app: AppHarness) -> None:
    assert "Cloud 21 is from Mon 29 Nov to Tue 30 Nov." in await app.say("/find keys on 4 dec")


async def test_a_typo_is_forgiven_and_said(app: AppHarness) -> None:
    reply = await app.ask("/find countign infinty monday")
    assert app.text(reply).startswith(
        'Showing results for "counting, infinity".\n'
        "Monday 29 Nov · about counting infinity: 2 sessions.\n"
        "Add the first with /attend 1:\n"
        "1. Counting to infinity (DAT310)"
    )
    assert buttons(reply)['Search for "countign"'] == "monday about:countign infinity"
    assert (await app.press(reply, 'Search for "countign"')).startswith(
        "Monday 29 Nov · about countign infinity: none.\n2 sessions fit a part of it:"
    )


async def test_plain_words_are_corrected_too(app: AppHarness) -> None:
    assert (await app.say("/find keys mondya aftrenoon")).startswith(
        'Showing results for "monday, afternoon".\nMonday 29 Nov · afternoon · about keys: I found no sessions.'
    )


async def test_pages_are_turned_with_buttons(app: AppHarness) -> None:
    await app.publish(schedule((*SESSIONS, *MANY)))
    first = await app.ask("/find queues part")
    assert app.text(first).startswith("About queues part: 12 sessions.\n1-5. Add the first of these with /attend 1:\n")
    assert "◀ Previous" not in buttons(first)
    assert buttons(first)["Next ▶"] == "queues part page 2"
    second = await app.ask("/find queues part page 2")
    assert "6-10." in app.text(second)
    assert buttons(second)["◀ Previous"] == "queues part"
    last = await app.ask('/find "queues part page 3"')
    assert "11-12." in app.text(last)
    assert "Next ▶" not in buttons(last)
    assert len({*titles(first), *titles(second), *titles(last)}) == 12
    assert app.text(await app.ask("/find queues part page 99")) == app.text(last)


async def test_a_number_means_the_session_on_the_page_that_was_shown_last(app: AppHarness) -> None:
    await app.publish(schedule((*SESSIONS, *MANY)))
    second = await app.ask("/find queues part page 2")
    assert titles(second)[0] in await app.say("/attend 1")


async def test_lunch_is_lunch_and_not_launchdarkly(app: AppHarness) -> None:
    await app.publish(schedule((*SESSIONS, LUNCH, DARK)))
    assert titles(await app.ask("/find lunch")) == ["Lunch"]
    without = await AppHarness().publish(schedule((*SESSIONS, DARK), topics=(Topic("Lunch", "In every hotel."),)))
    reply = await without.ask("/find lunch")
    assert without.text(reply) == "About lunch: I found no sessions.\nTry other words.\n→ /info Lunch"


async def test_what_one_drops_in_to_comes_last_unless_it_is_asked_for(app: AppHarness) -> None:
    early = session("LUN02", at(8), FORUM, title="Breakfast", kind="Meal")
    await app.publish(schedule((*SESSIONS, LUNCH, early)))
    assert titles(await app.ask("/find monday forum"))[-2:] == ["Breakfast", "Lunch"]
    assert titles(await app.ask("/find meals monday")) == ["Breakfast", "Lunch"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("title", [talk.title for talk in QUOTED])
async def test_a_title_typed_exactly_is_found_first(app: AppHarness, title: str, form: str) -> None:
    await app.publish(schedule((*SESSIONS, *QUOTED)))
    typed = unicodedata.normalize(form, title)  # type: ignore[arg-type]
    for line in (typed, f'"{typed}"', f"“{typed}”", typed.upper(), typed.replace("'", "’")):
        assert titles(await app.ask(f"/find {line}"))[:1] == [title], line


async def test_a_word_in_quotes_is_only_a_word(app: AppHarness) -> None:
    later = session("LAT01", at(14, day=30), VENETIAN, title="The monday of a queue")
    await app.publish(schedule((*SESSIONS, later)))
    assert titles(await app.ask('/find "monday" queue')) == ["The monday of a queue"]
    assert titles(await app.ask("/find about:monday")) == ["The monday of a queue"]


async def test_a_track_alone_is_the_track_and_with_other_topics_a_topic(app: AppHarness) -> None:
    reply = await app.ask("/find security")
    assert app.text(reply).startswith("Security track: 1 session.")
    assert buttons(reply) == {"All about security": "about:security"}
    assert (await app.say("/find security keys")).startswith("About security keys: 1 session.")


async def test_recorded_sessions(app: AppHarness) -> None:
    assert titles(await app.ask("/find recorded")) == ["Keys, locks and doors", "Opening keynote"]
    assert titles(await app.ask("/find not recorded at MGM")) == ["Counting to infinity"]


async def test_free_for_me_is_what_fits_between_my_sessions(app: AppHarness) -> None:
    await app.say("/attend SEC203")
    assert (await app.say("/find free for me monday")).startswith("Monday 29 Nov · free for you: 2 sessions.")
    assert titles(await app.ask("/find monday free for me")) == ["Queues that never sleep", "Counting to infinity"]
    app.clock.move_to(at(10))
    assert titles(await app.ask("/find when I'm free monday")) == ["Counting to infinity"]


async def test_near_me_is_what_is_around_the_place_where_i_am(app: AppHarness) -> None:
    assert await app.say("/find near me") == "I don't know where you are. Tell me, such as /here Venetian."
    await app.say("/here MGM")
    assert (await app.say("/find nearby monday")).startswith("Monday 29 Nov · near you: 1 session.")
    assert titles(await app.ask("/find near the forum")) == ["Keys, locks and doors", "Counting to infinity"]


async def test_what_is_over_comes_last(app: AppHarness) -> None:
    app.clock.move_to(at(13))
    assert [card.title for card in (await app.ask("/find counting")).cards] == [
        "Counting to infinity (DAT310-R)",
        "Counting to infinity (DAT310)",
    ]


async def test_a_session_with_the_typed_title_is_first_even_if_it_is_over(app: AppHarness) -> None:
    app.clock.move_to(at(13))
    more = session("MOR01", at(16), title="Keys, locks and doors, continued")
    await app.publish(schedule((*SESSIONS, more)))
    assert titles(await app.ask("/find Keys, locks and doors")) == ["Keys, locks and doors", more.title]


async def test_words_are_needed(app: AppHarness) -> None:
    assert (await app.say("/find")).startswith("What should I look for?")
    assert (await app.say("/find ,,, !")).startswith("What should I look for?")


async def test_a_room_is_found_by_its_number(app: AppHarness) -> None:
    rooms = tuple(
        session(f"ROO{n}", at(9 + n), MGM, title=f"Talk {n}", room=room)
        for n, room in enumerate(("K.1.105 (La Fontaine)", "K.1.106", "K.2.105"))
    )
    await app.publish(schedule((*SESSIONS, *rooms)))
    assert titles(await app.ask("/find K.1.105")) == ["Talk 0"]
    assert titles(await app.ask("/find la fontaine")) == ["Talk 0"]
    assert titles(await app.ask("/find monday room k.1")) == ["Talk 0", "Talk 1"]


async def test_a_line_that_is_too_long_for_a_button_says_how_to_turn_the_page(app: AppHarness) -> None:
    await app.publish(schedule((*SESSIONS, *MANY)))
    line = "queues or zebras part or chapter monday in the forum not about:sponsored before 22:00"
    text = await app.say(f"/find {line}")
    assert "\nFor the next page, add page 2 to your search.\n1-5." in text
    assert "\n6-10." in await app.say(f"/find {line} page 2")


async def test_no_button_has_a_line_that_is_longer_than_the_command_takes(app: AppHarness) -> None:
    reply = await app.ask("/find " + " or ".join(f"{letter * 14}" for letter in "abcdefghij"))
    assert all(len(line) <= 200 for line in buttons(reply).values())
