"""Files are parsed in a child process: whatever one does there costs one refused file."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest

from bot.domain.errors import EmptyScheduleError, ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession, Remark
from bot.domain.schedule.session import Recorded
from bot.sources import parse_draft
from bot.sources.field_map import parse_map
from bot.sources.sandbox import wire
from bot.sources.sandbox.limits import MIB, ParserLimits
from bot.sources.sandbox.parser import SandboxedParser, command
from tests.sources.seeds import MAP, SEEDS

ROW = DraftSession(
    "line 2",
    "Half a pair \ud83d, \u202e and \x00",
    datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
    timedelta(minutes=20),
    "Hall",
    speakers=("Ada", "Bob"),
    recorded=Recorded.NO,
    cancelled=True,
    wall=clock_time(10, 30),
)
WHOLE = Draft(
    "frab-xml",
    "a.xml",
    "Tiny",
    "Europe/Brussels",
    "Hall",
    [ROW, DraftSession("line 3", "Naive", datetime(2026, 1, 31, 9), timedelta(), "")],
    [Remark("line 4", "it has no title")],
    [Remark("line 5", "'x' is in the year 9999")],
    [Remark("line 6", "a guess")],
)
SECONDS = ParserLimits(seconds=1)


def running(code: str) -> Callable[[ParserLimits], list[str]]:
    """A child that runs `code` as its parser, with the same limits and the same way out."""
    parser = f"import bot.sources.sandbox.child as child\ndef parse(data, *rest):\n {code}\nchild.parse_draft = parse\n"

    def start(limits: ParserLimits) -> list[str]:
        return [
            part.replace("from bot.sources.sandbox.child", f"{parser}from bot.sources.sandbox.child")
            for part in command(limits)
        ]

    return start


async def refused(parse: SandboxedParser, data: bytes = b"x") -> str:
    with pytest.raises(ScheduleImportError) as raised:
        await parse(data, "evil.xml")
    return str(raised.value)


def test_a_draft_travels_unchanged() -> None:
    assert wire.decoded(wire.encoded(WHOLE)) == WHOLE


@pytest.mark.parametrize("name", SEEDS)
async def test_the_child_reads_what_the_process_itself_would_read(name: str) -> None:
    fields = parse_map(MAP, "map.toml") if name == "mapped" else None
    assert await SandboxedParser()(SEEDS[name], "file", "", fields) == parse_draft(SEEDS[name], "file", "", fields)


async def test_an_error_for_people_is_the_same_error() -> None:
    with pytest.raises(EmptyScheduleError, match=r"^a\.ics is empty: export the schedule again\.$"):
        await SandboxedParser()(b" ", "a.ics")
    assert (await refused(SandboxedParser(), b"{")).startswith("evil.xml is in no format that is known here")


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import re; re.match('(a*)*b', 'a' * 64)",
    ],
)
async def test_a_parser_that_never_ends_is_killed_and_others_are_answered_meanwhile(code: str) -> None:
    answers = 0

    async def answer() -> None:
        nonlocal answers
        while True:
            await asyncio.sleep(0.01)
            answers += 1

    others = asyncio.create_task(answer())
    assert await refused(SandboxedParser(SECONDS, running(code))) == (
        "evil.xml takes longer than 1 s to read, the limit for a schedule, so it is refused: export it again, or split it."
    )
    others.cancel()
    assert answers >= 10


async def test_a_parser_that_sleeps_is_killed_too() -> None:
    parse = SandboxedParser(ParserLimits(patience=1), running("import time; time.sleep(600)"))
    assert await refused(parse) == (
        "evil.xml could not be read within 1 s, because it is very large or this machine is busy: try again later, or "
        "split it."
    )


async def test_a_parser_that_wants_all_memory_gets_none() -> None:
    parse = SandboxedParser(
        ParserLimits(memory=256 * MIB), running("return [bytes(MIB) for MIB in [1 << 20] * 10_000]")
    )
    assert "evil.xml needs more than 256 MiB of memory to read" in await refused(parse)


async def test_a_parser_that_never_stops_writing_is_cut_off() -> None:
    endless = "import sys; [sys.stdout.buffer.write(bytes(1 << 20)) for _ in range(10_000)]"
    assert "has more than 1 MiB of text in its sessions" in await refused(
        SandboxedParser(ParserLimits(output=MIB), running(endless))
    )


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("return {}['secret']", "KeyError, <string> line 7"),
        ("import os; os._exit(3)", "exit status 3"),
        ("import os; os.kill(os.getpid(), 11)", "exit status -11"),
    ],
)
async def test_a_parser_that_breaks_is_one_sentence_without_the_text_of_the_file(code: str, where: str) -> None:
    assert await refused(SandboxedParser(SECONDS, running(code))) == (
        f"evil.xml cannot be read, because Hallway's parser fails on it ({where}): please report it with the file."
    )


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"{}"],
        [b"\xff"],
        [b"[" * 100_000],
        [b'{"draft":{}}'],
        [b'{"session":{}}'],
        [*list(wire.encoded(WHOLE))[:1], b'{"session":{}}'],
        [*list(wire.encoded(WHOLE))[:1], b'{"session":["line 1","too short"]}'],
        [line.replace(b'"Hall",', b'"Hall","Hall",') for line in wire.encoded(WHOLE)],
        [b'{"fault":["SystemExit","x"]}'],
        [b'{"__class__":"os.system"}'],
        list(wire.encoded(WHOLE))[:-1],
        [line.replace(b'"Hall"', b"7") for line in wire.encoded(WHOLE)],
        [line.replace(b"2026-01-31T", b"then ") for line in wire.encoded(WHOLE)],
        [line.replace(b"1200.0", b"1e999") for line in wire.encoded(WHOLE)],
        [line.replace(b'"Ada"', b"null") for line in wire.encoded(WHOLE)],
        [line.replace(b"true", b"1") for line in wire.encoded(WHOLE)],
        [line.replace(b'{"end":2}', b'{"end":3}') for line in wire.encoded(WHOLE)],
    ],
)
def test_what_a_child_should_not_write_is_not_believed(lines: list[bytes]) -> None:
    with pytest.raises(wire.WireError):
        wire.decoded(lines)


async def test_the_child_knows_no_secret_and_can_write_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HALLWAY_DISCORD_TOKEN", "secret")
    shown = "import json, os; raise child.ScheduleImportError(json.dumps([sorted(os.environ), os.getcwd()]))"
    names, folder = json.loads(await refused(SandboxedParser(SECONDS, running(shown))))
    assert set(names) <= {"LC_CTYPE", "LD_LIBRARY_PATH"}
    assert folder == "/"
    file = tmp_path / "x"
    written = f"import os; os.write(os.open({str(file)!r}, os.O_WRONLY | os.O_CREAT), b'x')"
    assert "OSError" in await refused(SandboxedParser(SECONDS, running(written)))
    assert file.read_text() == ""


async def test_a_child_ends_with_the_task_that_waits_for_it(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    code = f"import os, time; os.system(f'echo {{os.getpid()}} > {fifo}'); time.sleep(600)"
    waiting = asyncio.create_task(SandboxedParser(ParserLimits(), running(code))(b"x", "slow.xml"))
    child = int(await asyncio.to_thread(fifo.read_text))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(child, signal.SIGCONT)


async def test_many_files_at_once_use_few_processes() -> None:
    parse = SandboxedParser()
    drafts = await asyncio.gather(*(parse(SEEDS["frab-xml"], f"{number}.xml") for number in range(6)))
    assert [draft.source for draft in drafts] == [f"{number}.xml" for number in range(6)]


async def test_a_row_of_comments_is_read_at_once() -> None:
    """It took longer than the age of the universe, and no thread of the process went on meanwhile."""
    begun = time.process_time()
    assert "is in no format that is known here" in await refused(SandboxedParser(), b"<!-- -->" * 1_000_000 + b"x")
    assert "is a web page and no schedule" in await refused(SandboxedParser(), b"<!-- -->" * 1_000_000 + b"<html>")
    assert time.process_time() - begun < 60


def test_the_command_starts_without_settings_of_the_user() -> None:
    assert command(ParserLimits())[:4] == [sys.executable, "-I", "-S", "-B"]


@pytest.mark.parametrize("zone", ["A" * 200_000, "A/" * 100_000, ";" * 10_000, '"' + ":" * 10_000])
async def test_a_zone_name_without_end_is_one_skipped_event(zone: str) -> None:
    event = ("BEGIN:VEVENT", "UID:a", "SUMMARY:A", f"DTSTART;TZID={zone}:20260131T090000", "END:VEVENT")
    data = "\r\n".join(("BEGIN:VCALENDAR", *event, "END:VCALENDAR", "")).encode()
    draft = await SandboxedParser(ParserLimits(seconds=10))(data, "s.ics")
    assert draft.sessions == []
    assert draft.skipped == [Remark("line 2", "the event has a label of more than 1,000 characters")]
