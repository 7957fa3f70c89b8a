"""`/recap`: the day at any time, as the answers of its attendee make it."""

from dataclasses import replace

from bot.app.messages import File
from bot.app.ports import Look
from bot.domain.travel.way import LegSource, Way
from tests.builders import FORUM, MGM, VENETIAN, schedule
from tests.fakes.app_harness import AppHarness


async def test_a_clash_is_asked_about_and_the_answer_makes_another_recap(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend SEC203", "/attend DAT310")
    await app.wait(hours=9)
    asked = await app.say("/recap")
    assert 'Which one did you see: "Keys, locks and doors" or "Counting to infinity"?' in asked
    assert "You attended" not in asked
    assert await app.say("/attend DAT310 only") == (
        'So you saw "Counting to infinity".\n'
        'I took "Keys, locks and doors" off your agenda.\n'
        "Counting to infinity (DAT310)\n"
        "   Mon 29 Nov 11:30-12:30, Caesars Forum, Room DAT310\n"
        "   300 · Data · not recorded\n"
        "→ /attend SEC203  Put Keys, locks and doors back\n"
        "→ /recap 2021-11-29"
    )
    again = await app.say("/recap")
    assert "Which one" not in again
    assert "Keys, locks" not in again


async def test_before_the_day_begins_a_clash_and_what_it_costs_are_still_to_come(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend SEC203", "/attend DAT310")
    asked = await app.say("/recap")
    assert 'Which one will you see: "Keys, locks and doors" or "Counting to infinity"?' in asked
    assert "You missed" not in asked


async def test_a_session_given_up_for_another_is_missed_only_when_it_has_begun(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend DAT310", "/attend SEC203", "/attend DAT310 only", "/attend SEC203 backup")
    answer = await app.say("/recap")
    assert "You'll miss these for another session; they'll be recorded\n   Keys, locks and doors" in answer
    await app.wait(hours=9)
    answer = await app.say("/recap")
    assert "You missed these for another session; they're recorded\n   Keys, locks and doors" in answer


async def test_what_was_tapped_counts_as_attended_and_the_rest_was_planned(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    await app.wait(minutes=50)
    await app.say("/here Venetian")
    answer = await app.say("/recap")
    assert "You attended\n   Queues that never sleep (ARC301), 09:00-10:00, Venetian\nOn your agenda\n   Keys" in answer


async def test_a_day_without_sessions_says_so(app: AppHarness) -> None:
    assert await app.say("/recap tuesday") == (
        "Nothing was on your agenda on Tue 30 Nov. Find sessions with /find.\n→ /agenda"
    )


async def the_file(app: AppHarness, line: str) -> File:
    (file,) = (await app.ask(line)).files
    return file


async def test_the_week_is_summed_up_day_by_day_with_one_draft(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    answer = await app.say("/recap week")
    assert answer.startswith("Your Cloud 21: 2 sessions in 2 venues (Venetian, Caesars Forum), about ")
    assert "Day by day\n   Mon 29 Nov: " in answer
    assert "/recap week picture" in answer
    draft = await the_file(app, "/recap week")
    assert draft.name == "cloud21-week.md"
    assert draft.content.startswith("# Cloud 21\n\n2 sessions in ")
    assert "\n\n## Monday, 29 November\n\n" in draft.content
    assert draft.content.count("\n### ") == 2


async def test_the_picture_has_a_description_and_the_other_look_as_a_button(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    await app.wait(hours=4)
    assert await app.say("/recap picture") == (
        "Here is your picture to post. Your hotel is not on it.\n→ /recap 2021-11-29 dark\n"
        "[2021-11-29-cloud21.png, 9 bytes; :show describes it]"
    )
    file = await the_file(app, "/recap monday dark picture")
    assert (file.name, file.media_type, file.data) == ("2021-11-29-cloud21.png", "image/png", b"a picture")
    assert file.description.startswith("Cloud 21, Monday, 29 November 2021: 2 sessions in 2 venues (Venetian, ")
    assert [picture.look for picture in app.pictures] == [Look.LIGHT, Look.DARK]
    assert "MGM Grand" not in [venue.name for venue in app.pictures[0].venues]


async def test_the_picture_follows_the_streets_and_names_the_authors_of_the_map() -> None:
    outline = ((36.122, -115.17), (36.122, -115.169), (36.121, -115.169))
    line = ((36.1216, -115.1696), (36.12, -115.168), (36.1184, -115.1663))
    way = Way("Venetian", "Caesars Forum", 18, LegSource.ROUTED, line=line)
    mapped = schedule(venues=(replace(VENETIAN, outline=outline), FORUM, MGM), ways=(way,))
    app = await AppHarness().publish(mapped)
    await app.all("/attend ARC301", "/attend SEC203")
    await app.wait(hours=4)
    await app.ask("/recap picture")
    (picture,) = app.pictures
    assert (picture.path, picture.credit) == ((line,), "© OpenStreetMap contributors, ODbL")
    assert [venue.outline for venue in picture.venues] == [outline, ()]


async def test_a_picture_of_nothing_is_not_drawn(app: AppHarness) -> None:
    assert "Nothing was on your agenda" in await app.say("/recap tuesday picture")
    assert "Nothing was on your agenda." in await app.say("/recap week picture")
    assert app.pictures == []


async def test_a_wrong_picture_is_one_sentence(app: AppHarness) -> None:
    assert "is not" in await app.say("/recap monday pink")


async def test_a_group_is_summed_up_from_five_people_who_agreed_and_without_names(app: AppHarness) -> None:
    people = [f"person{n}" for n in range(6)]
    for who in people[:5]:
        await app.talk_to(who, "/attend ARC301", "/attend SEC203")
    for who in people[:4]:
        await app.talk_to(who, "/privacy community")
    assert (await app.say("/recap group")).startswith("Fewer than 5 people here share their sessions")
    await app.talk_to("person4", "/privacy community")
    reply = await app.ask("/recap group")
    answer = app.text(reply)
    assert answer.startswith("5 of us at Cloud 21: 10 visits to 2 sessions in 2 venues.")
    assert not any(who in answer for who in people)
    assert not reply.private
