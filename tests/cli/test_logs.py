"""The logs: what went wrong and where, and nothing of whom it happened to."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import logs
from bot.cli.repeats import MOST_KINDS, MOST_LINES, SUMMARY, WINDOW, RepeatFilter
from bot.config import Settings
from bot.domain.errors import StoreError

SECRET = "ada sleeps in the Venetian"


@pytest.fixture(autouse=True)
def left_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    before = {name: logging.getLogger(name).handlers for name in logs.FOREIGN}
    yield
    structlog.reset_defaults()
    for name, handlers in before.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = handlers, True


def failing(error: Exception, cause: Exception | None = None) -> None:
    raise error from cause


def configured(**more: str) -> None:
    logs.configure(Settings(log_level="debug", log_format="json", **more))  # type: ignore[arg-type]  # its literals


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def test_an_exception_is_told_by_type_and_place_and_not_by_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    try:
        failing(ValueError(SECRET), ExceptionGroup("several", [KeyError(SECRET)]))
    except ValueError:
        structlog.get_logger("test").exception("it failed", id=7)
    (line,) = lines(capsys)
    assert SECRET not in json.dumps(line)
    assert (line["event"], line["id"]) == ("it failed", 7)
    shown = [text for text in line["exception"].splitlines() if not text.startswith("  ")]
    assert shown == ["KeyError", "ExceptionGroup", "ValueError"]
    assert "test_logs.py" in line["exception"]


def test_a_fault_of_our_own_keeps_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    try:
        failing(StoreError("The database is gone."))
    except StoreError:
        structlog.get_logger("test").exception("it failed")
    (line,) = lines(capsys)
    assert [text for text in line["exception"].splitlines() if text[0] != " "] == ["StoreError: The database is gone."]


def test_what_a_library_warns_of_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    logger = logging.getLogger("discord.http")
    logger.warning("POST /channels/%s failed", SECRET)
    logger.debug("%s", SECRET)
    try:
        failing(OSError(SECRET))
    except OSError:
        logger.exception("so it went")
    first, second = lines(capsys)
    assert (first["event"], first["fault"], first["level"]) == ("a library warned", "", "warning")
    assert first["where"].startswith("discord.http:")
    assert second["fault"] == "OSError"


def test_a_line_that_repeats_is_counted_and_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    now = [100.0]
    logs.configure(Settings(log_level="info", log_format="json"), lambda: now[0])
    library, ours = logging.getLogger("asyncio"), structlog.get_logger("test")
    for _ in range(300_000 // 100):
        library.error("socket.accept() out of system resource")
    ours.info("something else", id=1)
    shown = lines(capsys)
    assert [line["event"] for line in shown] == ["a library warned"] * MOST_LINES + ["something else"]
    assert [line.get("note") for line in shown[MOST_LINES - 2 :]] == [
        None,
        "more lines like this are counted for up to 60 s",
        None,
    ]
    now[0] += WINDOW
    ours.info("something else", id=2)
    summary, last = lines(capsys)
    assert (summary["event"], summary["line"], summary["times"]) == (SUMMARY, "a library warned", 3_000 - MOST_LINES)
    assert (last["event"], last["id"]) == ("something else", 2)


def test_warnings_from_other_places_are_lines_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_level="info", log_format="json"), lambda: 0.0)
    for number in range(100):
        structlog.get_logger("test").warning("a library warned", where=f"aiohttp.server:{number}")
    assert len(lines(capsys)) == 100


def test_the_memory_of_repeated_lines_is_bounded() -> None:
    repeat_filter = RepeatFilter(lambda: 0.0, lambda event, times: None)
    for number in range(10_000):
        repeat_filter(None, "info", {"event": f"event {number}"})
    assert len(repeat_filter._windows) == MOST_KINDS
