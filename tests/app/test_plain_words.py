"""Plain words through the dispatcher: what is answered, with which sentence, and what is not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.app.dispatcher import CommandLimits
from bot.app.messages import Reply, Request
from bot.app.registry import all_commands
from bot.domain.errors import StoreError
from tests.fakes.app_harness import AppHarness
from tests.fakes.memory_store import MemoryStore
from tests.fakes.memory_store.store import MemoryUnitOfWork

EXAMPLES = "what's next, where is ARC301 or my agenda tomorrow. All commands: help"


def words(line: str, **more: str) -> Request:
    return Request("console", more.get("tenant", "club"), "ada", "words", line)


async def answer(app: AppHarness, line: str) -> str | None:
    """The text of the answer to plain words; None for silence."""
    meant = await app.dispatch.interpret(words(line))
    reply = await app.dispatch.handle_admitted(meant) if isinstance(meant, Request) else meant
    return app.text(reply) if reply else None


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("what's next", "/nextsession"),
        ("when do I have to leave?", "/nextsession"),
        ("where is ARC301", "/session ARC301"),
        ("my agenda tomorrow", "/agenda tomorrow"),
        ("help", "/help"),
        ("/next", "/nextsession"),
        ("/tomorrow", "/agenda tomorrow"),
        ("/agenda  tomorrow ", "/agenda tomorrow"),
    ],
)
async def test_words_are_answered_as_the_command_that_they_mean(app: AppHarness, line: str, same: str) -> None:
    assert await answer(app, line) == await app.say(same)


async def test_a_change_in_plain_words_is_a_change(app: AppHarness) -> None:
    await answer(app, "please put ARC301 on my agenda, I have a reserved seat")
    assert "You're going, with a reserved seat." in await app.say("/session ARC301")
    await answer(app, "I can't make ARC301 after all")
    assert "You're going" not in await app.say("/session ARC301")


async def test_a_number_is_one_of_the_last_list(app: AppHarness) -> None:
    await answer(app, "any talks about keys?")
    assert (await answer(app, "add the first one") or "").startswith("You're going.")
    assert "SEC203" in await app.say("/agenda")


async def test_a_walk_begins_where_the_attendee_is_or_sleeps(app: AppHarness) -> None:
    assert (await answer(app, "how far is the MGM?") or "").startswith("Where do you start?")
    await app.say("/hotel Venetian")
    assert (await answer(app, "how do I get to the MGM") or "").startswith("49 min walk from Venetian to MGM Grand")
    await app.say("/here Forum")
    assert "from Caesars Forum to MGM Grand" in (await answer(app, "how far is the MGM?") or "")


async def test_hello_and_what_is_not_understood_get_one_line_with_questions_that_work_here(app: AppHarness) -> None:
    assert await answer(app, "hi") == f"Hello! Ask me, for example: {EXAMPLES}"
    assert await answer(app, "where can I wash my elephant") == (
        f'I did not understand "where can I wash my elephant". Try: {EXAMPLES}'
    )


async def test_what_may_mean_several_things_is_asked_with_buttons(app: AppHarness) -> None:
    reply = await app.dispatch.interpret(words("add ARC301 and SEC203"))
    assert isinstance(reply, Reply)
    assert app.text(reply) == ("I'm not sure what you mean. Is it one of these?\n→ /attend ARC301 · /attend SEC203")
    assert (await app.press(reply, "/attend SEC203")).startswith("You're going.")


@pytest.mark.parametrize("line", ["thanks", "lol", "see you tomorrow", "", "🎉"])
async def test_small_talk_is_not_answered(app: AppHarness, line: str) -> None:
    assert await answer(app, line) is None


async def test_the_budget_of_commands_counts_words_too_and_a_flood_gets_one_refusal(app: AppHarness) -> None:
    now = [0.0]
    app.dispatch = replace(app.dispatch, limits=CommandLimits(lambda: now[0]))
    answers = [await answer(app, "help") for _ in range(40)]
    assert [text is not None for text in answers] == [True] * 11 + [False] * 29
    assert answers[10] == "That was a lot at once: try again in 1 s."
    now[0] = 60.0
    assert await answer(app, "help") == answers[0]


class BrokenStore(MemoryStore):
    """A database that cannot be reached."""

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        raise StoreError("disk")
        yield


async def test_a_database_that_fails_is_said_in_one_sentence(app: AppHarness) -> None:
    app.dispatch = replace(app.dispatch, store=BrokenStore())
    assert await answer(app, "what's next") == "Hallway cannot reach its data at this moment: try again in a minute."


async def test_words_before_any_conference_get_the_answer_of_the_command() -> None:
    app = AppHarness()
    assert (await answer(app, "what's next") or "").startswith("There is no conference yet.")


def test_an_alias_is_no_command_and_means_one_thing() -> None:
    commands = all_commands()
    aliases = [alias for command in commands.values() for alias in command.aliases]
    assert sorted(aliases) == ["me", "next", "today", "tomorrow"]
    assert not set(aliases) & set(commands)
