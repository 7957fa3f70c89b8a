"""What holds for every command."""

from pathlib import Path

import pytest

from bot.app import commands
from bot.app.registry import all_commands
from tests.fakes.app_harness import AppHarness

FILES = sorted(path.stem.rstrip("_") for path in Path(commands.__path__[0]).glob("[a-z]*.py"))
WANTED = "nextsession now find session attend skip agenda walk hotel here whosgoing nudges timezone info privacy mydata forgetme help"


def test_a_command_is_one_file_of_its_name_with_a_test_of_its_name() -> None:
    assert sorted(all_commands()) == FILES
    here = Path(__file__).parent
    assert [name for name in FILES if not (here / f"test_{name}.py").exists()] == []


def test_attendees_have_every_command_they_were_promised() -> None:
    assert set(WANTED.split()) <= set(all_commands())


@pytest.mark.parametrize("name", FILES)
def test_help_fits_on_a_phone_and_examples_are_of_the_command(name: str) -> None:
    command = all_commands()[name]
    assert len(command.help) <= 60
    assert all(example.startswith(f"/{name}") for example in command.examples)


@pytest.mark.parametrize("name", FILES)
async def test_every_command_answers_whatever_follows_it(app: AppHarness, name: str) -> None:
    for rest in (
        "",
        "x",
        "999",
        "@everyone <b>",
        "\x00\x1b[2J",
        "'; DROP TABLE session; --",
        "é" * 3000,
        "of of of",
        '"',
    ):
        reply = await app.ask(f"/{name} {rest}")
        assert reply.lines or reply.cards
        assert "log id" not in app.text(reply)
