"""The conversation at a terminal: completion, pacing and the prompt."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console import terminal
from adapters.console.terminal import WordsCompleter, chat_at_terminal, history_in
from tests.adapters.test_console_chat import chat_session
from tests.builders import at
from tests.fakes.app_harness import AppHarness

COMPLETER = WordsCompleter((("attend", "go"), ("agenda", "day")), ("ARC301", "ARC302", "MGM Grand"))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/a", ["/attend ", "/agenda "]),
        ("/at", ["/attend "]),
        ("/attend arc", ["ARC301", "ARC302"]),
        ("/here m", ["MGM Grand"]),
        (":w", [":wait 30m"]),
        ("/attend ", []),
    ],
)
def test_commands_codes_and_venues_are_completed(typed: str, offered: list[str]) -> None:
    found = COMPLETER.get_completions(Document(typed), CompleteEvent())
    assert [completion.text for completion in found] == offered


async def test_lines_are_played_until_quit_and_remembered(app: AppHarness, tmp_path: Path) -> None:
    session, written = chat_session(app)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("/hotel Venetian\r/attend SEC203\r:wait 3h\r:quit\r")
        await chat_at_terminal(session, [("hotel", "sleep")], tmp_path / "data")
    assert "● Mon 10:12  leave-by  (to ada)" in written
    history = tmp_path / "data" / "console-history"
    assert history.stat().st_mode & 0o077 == 0
    assert "+/attend SEC203" in history.read_text()


async def test_a_silent_person_is_shown_the_day_event_by_event(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "READING", 0.0)
    await app.all("/hotel Venetian", "/attend SEC203")
    session, written = chat_session(app)
    ended = asyncio.Event()
    note = session.sink.note

    def noted(text: str) -> None:
        note(text)
        if text == "the end":
            ended.set()

    monkeypatch.setattr(type(session.sink), "note", lambda _, text: noted(text))
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        talking = asyncio.create_task(chat_at_terminal(session, [], None, at(8) + timedelta(hours=20), "the end"))
        await asyncio.wait_for(ended.wait(), 60)
        keys.send_text(":quit\r")
        await talking
    heads = [line for line in written if line.startswith(("──", "●"))]
    assert [head.split("─")[-1] if head[0] == "●" else head[:15] for head in heads] == [
        "── Monday 10:12",
        "● Mon 10:12  leave-by  (to ada)",
        "── Monday 18:00",
        "● Mon 18:00  evening-recap  (to ada)",
    ]


def test_without_a_folder_history_is_forgotten() -> None:
    assert not hasattr(history_in(None), "filename")
