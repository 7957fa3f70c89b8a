"""`/feedback`: one answer for each person and session, counts for the organizers."""

import json
from dataclasses import replace

import pytest

from tests.builders import DAT, SEC, at, schedule
from tests.fakes.app_harness import AppHarness


@pytest.fixture
async def open_talk(app: AppHarness) -> AppHarness:
    """A community whose organizers ask for feedback."""
    await app.talk_to("boss", "/nextsession")
    app.user = "boss"
    assert "Saved." in await app.say("/settings feedback:on", organizer=True)
    app.user = "ada"
    return app


async def test_nobody_is_asked_until_organizers_want_it(app: AppHarness) -> None:
    await app.all("/attend ARC301", "/onmyway ARC301")
    await app.wait(hours=9)
    assert "seful" not in await app.say("/recap")
    assert await app.say("/feedback ARC301 useful") == "The organizers here do not ask for feedback."
    settings = await app.say("/settings", organizer=True)
    assert "Feedback: off. To ask people: /settings feedback:on" in settings
    await app.say("/settings feedback:on", organizer=True)
    settings = await app.say("/settings", organizer=True)
    assert "Feedback: on. /settings numbers shows counts of five people or more." in settings
    assert "Useful: Queues" in str((await app.ask("/recap")).buttons)
    await app.say("/settings feedback:off", organizer=True)
    assert "seful" not in await app.say("/recap")


async def test_the_evening_recap_asks_about_what_ended_until_it_is_answered(open_talk: AppHarness) -> None:
    await open_talk.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    await open_talk.wait(hours=3)
    early = [button.label for button in (await open_talk.ask("/recap")).buttons]
    assert early[:2] == ["Useful: Queues that never sleep", "Not useful: Queues that never sleep"]
    assert "Keys" not in " ".join(label for label in early if "seful" in label)
    await open_talk.wait(hours=8)
    sent = open_talk.post.sent[-1]
    assert sent.kind == "evening-recap"
    assert await open_talk.press(sent.content, "Not useful: Keys, locks and doors") == (
        'Thank you. "Keys, locks and doors" was not useful.\n'
        "The organizers see only counts of five people or more. To change your answer, answer again.\n"
        "→ /recap"
    )
    labels = [button.label for button in (await open_talk.ask("/recap")).buttons]
    assert [label for label in labels if "seful" in label] == early[:2]


async def test_what_has_not_begun_cannot_be_judged_and_a_form_asks(open_talk: AppHarness) -> None:
    assert await open_talk.say("/feedback SEC203 useful") == (
        '"Keys, locks and doors" doesn\'t begin until Mon 29 Nov 11:00.'
    )
    await open_talk.wait(hours=4)
    assert await open_talk.say("/feedback SEC203") == (
        'Was "Keys, locks and doors" useful?\n→ /feedback SEC203 useful · /feedback SEC203 not'
    )


async def test_organizers_see_counts_and_words_from_five_people_on_and_no_names(open_talk: AppHarness) -> None:
    await open_talk.wait(hours=5)
    people = [f"person{n}" for n in range(5)]
    for who in people[:4]:
        await open_talk.talk_to(who, "/feedback ARC301 useful clear", "/feedback SEC203 not")
    open_talk.user = "boss"
    few = await open_talk.ask("/settings numbers", organizer=True)
    assert "Feedback\n   None with 5 people or more." in open_talk.text(few)
    assert few.files[1].content == "session,day,title,useful,not useful,words\r\n"
    await open_talk.talk_to("person4", f"/feedback ARC301 not =1+1 {'long ' * 60}", "/feedback SEC203 not")
    some = await open_talk.ask("/settings numbers", organizer=True)
    assert "Mon 29 Nov 09:00 Queues that never sleep: useful 4, not useful 1" in open_talk.text(some)
    cut = f"=1+1 {'long ' * 60}"[:200].strip()
    assert some.files[1].content.split("\r\n") == [
        "session,day,title,useful,not useful,words",
        f"ARC301,2021-11-29,Queues that never sleep,4,1,'{cut} | clear | clear | clear | clear",
        'SEC203,2021-11-29,"Keys, locks and doors",0,5,',
        "",
    ]
    assert not any(who in open_talk.text(some) + some.files[1].content for who in people)


async def test_answering_again_replaces_and_mydata_and_forgetme_take_it_along(open_talk: AppHarness) -> None:
    await open_talk.wait(hours=4)
    await open_talk.all("/feedback SEC203 not dull", "/feedback SEC203 useful")
    (file,) = (await open_talk.ask("/mydata")).files
    assert json.loads(file.content)["feedback"] == [{"session": "sec203", "useful": True, "word": "", "room": None}]
    await open_talk.all("/forgetme yes", "/nextsession")
    (file,) = (await open_talk.ask("/mydata")).files
    assert json.loads(file.content)["feedback"] == []


async def test_a_session_removed_from_the_schedule_is_in_no_count() -> None:
    app = await AppHarness().publish(schedule([SEC, replace(DAT, starts_at=at(9))]))
    await app.say("/settings feedback:on", organizer=True)
    await app.wait(hours=4)
    for number in range(5):
        await app.talk_to(f"person{number}", "/feedback DAT310 useful")
    async with app.store.write_transaction() as work:
        await work.conferences.delete("cloud21")
    await app.publish(schedule([SEC]))
    assert "useful 5" not in await app.say("/settings numbers", organizer=True)


async def test_without_a_session_it_is_the_last_one_of_the_agenda(app: AppHarness) -> None:
    await app.say("/settings feedback:on", organizer=True)
    await app.all("/attend ARC301", "/attend DAT310")
    assert (await app.say("/feedback useful")).startswith("Which session? /feedback ARC301 useful")
    await app.wait(hours=2, minutes=30)
    assert (await app.say("/feedback useful")).startswith('Thank you. "Queues that never sleep" was useful.')
    await app.wait(hours=1, minutes=20)
    assert (await app.say("/feedback useful")).startswith('Thank you. "Queues that never sleep" was useful.')
    await app.wait(minutes=20)
    assert (await app.say("/feedback not")).startswith('Thank you. "Counting to infinity" was not useful.')
    assert await app.say("/feedback") == (
        "What was useful?\n"
        "→ /feedback DAT310 useful · /feedback DAT310 not · /feedback ARC301 useful · /feedback ARC301 not"
    )


async def test_of_two_that_clash_it_is_the_planned_one(app: AppHarness) -> None:
    await app.say("/settings feedback:on", organizer=True)
    await app.all("/attend SEC203", "/attend DAT310")
    await app.wait(hours=4, minutes=10)
    assert (await app.say("/feedback useful")).startswith('Thank you. "Keys, locks and doors" was useful.')
