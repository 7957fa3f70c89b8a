"""The logs: what went wrong and where, and nothing of whom it happened to."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import logs
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
    told = [each for each in line["exception"].splitlines() if not each.startswith("  ")]
    assert told == ["KeyError", "ExceptionGroup", "ValueError"]
    assert "test_logs.py" in line["exception"]


def test_a_fault_of_our_own_keeps_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    try:
        failing(StoreError("The database is gone."))
    except StoreError:
        structlog.get_logger("test").exception("it failed")
    (line,) = lines(capsys)
    assert [each for each in line["exception"].splitlines() if each[0] != " "] == ["StoreError: The database is gone."]


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
