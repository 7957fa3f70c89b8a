"""`/skip`."""

import pytest

from bot.app.messages import Request
from tests.builders import FORUM, at, schedule, session
from tests.fakes.app_harness import AppHarness


async def test_a_skipped_session_is_off_the_agenda_and_its_nudge_is_withdrawn(app: AppHarness) -> None:
    skipped = await app.all("/hotel MGM", "/attend ARC301", "/skip ARC301")
    assert skipped == ('I took "Queues that never sleep" off your agenda.\n→ /attend ARC301 · /agenda')
    assert await app.wait(hours=12) == []


async def test_what_was_not_there_is_said(app: AppHarness) -> None:
    assert (await app.say("/skip ARC301")).startswith('"Queues that never sleep" was not on your agenda.')


async def test_the_button_puts_it_back_with_its_seat(app: AppHarness) -> None:
    await app.say("/attend ARC301 reserved")
    back = await app.press(await app.ask("/skip ARC301"), "Put it back")
    assert back.startswith("You're going, with a reserved seat.")


async def test_the_button_puts_back_a_backup(app: AppHarness) -> None:
    await app.say("/attend ARC301")
    await app.say("/attend SEC203 backup of ARC301")
    back = await app.press(await app.ask("/skip SEC203"), "Put it back")
    assert back.startswith('Added as a backup for "Queues that never sleep".')


async def test_without_a_session_the_agenda_is_offered_with_titles(app: AppHarness) -> None:
    empty = await app.say("/skip")
    assert empty == "Nothing is left on your agenda, so there is nothing to take off.\n→ /agenda"
    offered = await app.all("/attend SEC203", "/attend ARC301", "/skip")
    assert offered == (
        "Which session shall I take off your agenda?\n"
        "→ /skip ARC301  Queues that never sleep (ARC301, Mon 09:00)\n"
        "→ /skip SEC203  Keys, locks and doors (SEC203, Mon 11:00)\n"
        "→ /agenda"
    )


TWINS = (
    session("ARC301", at(13), FORUM, title="Queues that never sleep"),
    session("ARC301-R1", at(15), FORUM, title="Queues that never sleep"),
    session("BBB100", at(9), FORUM, title="Welcome to queues"),
    session("BBB200", at(10), FORUM, title="Welcome to locks"),
)


@pytest.mark.parametrize("command", ["skip", "onmyway"])
@pytest.mark.parametrize(
    ("mine", "typed"), [("ARC301-R1", "ARC301"), ("ARC301-R1", "queues"), ("BBB200", "welcome"), ("BBB200", "bbb200")]
)
async def test_words_are_looked_for_on_the_own_agenda_first(command: str, mine: str, typed: str) -> None:
    app = await AppHarness().publish(schedule(TWINS))
    await app.say(f"/attend {mine}")
    reply = await app.ask(f"/{command} {typed}")
    title = next(talk.title for talk in TWINS if talk.code == mine)
    assert not reply.is_error
    assert title in app.text(reply)
    assert "was not on your agenda" not in app.text(reply)


async def test_several_of_the_own_agenda_are_a_question(app: AppHarness) -> None:
    app = await AppHarness().publish(schedule(TWINS))
    asked = await app.all("/attend BBB100", "/attend BBB200", "/skip welcome")
    assert asked == (
        '2 sessions on your agenda match "welcome". Which one do you mean?\n'
        "→ /skip BBB100  Welcome to queues (BBB100, Mon 09:00)\n"
        "→ /skip BBB200  Welcome to locks (BBB200, Mon 10:00)"
    )


async def test_the_own_agenda_is_suggested_first() -> None:
    app = await AppHarness().publish(schedule(TWINS))
    await app.all("/attend ARC301-R1", "/attend BBB200")
    request = Request("console", "club", "ada", "skip")

    async def suggested(typed: str) -> list[str]:
        return [option.value for option in await app.dispatch.suggest(request, "code", typed)]

    assert await suggested("") == ["BBB200", "ARC301-R1"]
    assert await suggested("queue") == ["ARC301-R1", "BBB100", "ARC301"]
