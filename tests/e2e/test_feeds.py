"""Schedules from an address, end to end: real processes, real sockets."""

import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest

from tests.e2e.hallway import Hallway
from tests.e2e.test_watching import serving, until
from tests.fake_servers.schedule_host import ScheduleHost, bomb, packed, raw, redirect, schedule_host, status

HEAD = "code,title,date,startTime,endTime,room\n"
SLOTS = [f"S{n},Talk {n},2021-11-29,{9 + n:02}:00,{9 + n:02}:45,Hall {n}\n" for n in range(10)]
MOVED = "S3,Talk 3,2021-11-29,12:30,13:15,Hall 7\n"
AT = ("--at", "2021-11-29T07:00-08:00")
TO = ("--conference", "tiny", "--zone", "America/Los_Angeles", *AT)
LOCAL = {"HALLWAY_FEED_ALLOW_HOSTS": "127.0.0.1"}


def table(*rows: str) -> bytes:
    return "".join((HEAD, *rows)).encode()


@pytest.fixture
async def host() -> AsyncIterator[ScheduleHost]:
    async with schedule_host(table(*SLOTS)) as made:
        yield made


async def imported(hallway: Hallway, *arguments: str, **settings: str) -> tuple[int, str, str]:
    done = await asyncio.to_thread(lambda: hallway.run("import", *arguments, **{**LOCAL, **settings}))
    return done.returncode, done.stdout, done.stderr


async def talked(hallway: Hallway, *lines: str) -> list[dict[str, Any]]:
    """The messages of an organizer's conversation."""
    chat = ("chat", "--conference", "tiny", "--organizer", *AT, "--json")
    done = await asyncio.to_thread(lambda: hallway.run(*chat, lines="\n".join((*lines, "")), **LOCAL))
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_an_address_is_imported_like_a_file(hallway: Hallway, host: ScheduleHost) -> None:
    code, output, fault = await imported(hallway, host.url(), *TO)
    assert (code, fault) == (0, "")
    assert output.startswith("tiny: 10 sessions")
    host.publish(table(*SLOTS[:3], MOVED, *SLOTS[4:]))
    _, dry, _ = await imported(hallway, host.url(), *TO, "--dry-run")
    assert "  changed: Talk 3 (S3) (time Mon 12:00 → Mon 12:30, room Hall 3 → Hall 7)" in dry.splitlines()
    (diff,) = await talked(hallway, "/schedule diff")
    assert "changed: Talk 3 (S3) (time Mon 12:00 → Mon 12:30, room Hall 3 → Hall 7)" in diff["text"].splitlines()
    host.publish(table(*SLOTS[:7]))
    code, output, fault = await imported(hallway, host.url(), *TO)
    assert (code, output) == (1, "")
    assert fault == (
        "hallway: This import would remove 3 of 10 sessions, so it is held: if that is right, say --force.\n"
    )
    well = await asyncio.to_thread(hallway.run, "doctor")
    assert "ok     feed of tiny: well" in well.stdout.splitlines()
    code, output, _ = await imported(hallway, host.url(), *TO, "--force", "--json")
    assert (code, json.loads(output)["removed"]) == (0, 3)


async def test_whatever_a_server_does_is_one_sentence_and_changes_nothing(hallway: Hallway, host: ScheduleHost) -> None:
    for answer, sentence in (
        (status(500), "is out of order (500)"),
        (packed(bomb(64)), "sends more than 32 MiB"),
        (packed(b"<html>Please log in</html>", "identity"), "schedule.csv"),
        (redirect("http://[bad"), "redirects to 'http://[bad', which is not an address"),
        (redirect("http://a..b/"), "'http://a..b/' is not the address of a feed"),
        (raw(b'ETag: "\xe9"', b"Content-Encoding: br"), "packs its answer as 'br'"),
    ):
        host.answers = [answer]
        code, output, fault = await imported(hallway, host.url(), *TO)
        assert (code, output) == (1, "")
        assert sentence in fault
        assert fault.count("\n") == 1
    code, _, fault = await imported(hallway, host.url(), *TO, HALLWAY_FEED_ALLOW_HOSTS="")
    assert code == 1
    assert "127.0.0.1 is not on the public internet" in fault
    for link in ("webcal", "webcals", "feed"):
        code, _, fault = await imported(hallway, host.url().replace("http", link, 1), *TO)
        assert (code, fault) == (1, "hallway: 127.0.0.1 could not be read (no safe connection): try again later.\n")
    assert not (hallway.home / "data").exists()


async def test_an_organizer_follows_an_address_and_those_concerned_are_told(
    hallway: Hallway, host: ScheduleHost
) -> None:
    await imported(hallway, host.url(), *TO, "--once")
    (none,) = await talked(hallway, "/schedule")
    assert "from a file" in none["text"]
    (followed,) = await talked(hallway, f"/schedule import {host.url()} every 5m")
    asked = "If you have to decide about the schedule, I'll ask you by direct message. To stop that: /nudges off"
    assert followed["text"].startswith(f"Nothing has changed.\n{asked}\nThe feed\n   Status: fine")
    host.publish(table(*SLOTS[:3], MOVED, *SLOTS[4:]))
    messages = await talked(hallway, "/attend S3 reserved", ":as bob", "/attend S4", "/schedule refresh", ":wait 10m")
    assert messages[2]["text"].startswith("The schedule is updated. I'll tell everyone who is affected.")
    assert [(m["at"][11:16], m["to"], m["name"]) for m in messages[3:]] == [("07:05", "you", "session-changed")]
    assert "now the venue, Hall 7, 12:30-13:15 (was the venue, Hall 3, 12:00-12:45)" in messages[3]["text"]
    host.publish(table(*SLOTS[:6]))
    (held,) = await talked(hallway, "/schedule refresh")
    assert [button["label"] for button in held["buttons"]] == ["Apply", "Keep old", "Show difference", "Status"]
    doubtful = await asyncio.to_thread(hallway.run, "doctor")
    assert doubtful.returncode == 1
    assert "fault  feed of tiny: held until an organizer decides: This import would remove 4 of 10" in doubtful.stdout
    (held, decided) = await talked(hallway, "/schedule refresh", "/schedule keep")
    assert (
        "The new version looks wrong, so I changed nothing. This import would remove 4 of 10 sessions." in held["text"]
    )
    assert decided["text"].startswith("I keep the old schedule.")


async def test_a_running_process_looks_again_and_again(hallway: Hallway, host: ScheduleHost) -> None:
    """The rehearsed clock runs 600 times as fast as the real one."""
    await imported(hallway, host.url(), *TO)
    await host.arrived.get()
    quiet = {**LOCAL, "HALLWAY_HTTP_PORT": "0", "HALLWAY_LOG_LEVEL": "error"}
    running = await hallway.start("run", *AT, "--speed", "600", settings=quiet)
    try:
        looks = [await asyncio.wait_for(host.arrived.get(), 180) for _ in range(2)]
    finally:
        running.send_signal(signal.SIGTERM)
        _, errors = await running.communicate()
    assert [look.get("If-None-Match") for look in looks] == ['"v1"', '"v1"']
    assert (running.returncode, errors) == (0, b"")


REFUSES = """CREATE TRIGGER refuses BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'refused'); END"""


def execute(hallway: Hallway, statement: str) -> list[Any]:
    """Run SQL on the database, beside the process that serves."""
    (file,) = hallway.home.rglob("*.db")
    with closing(sqlite3.connect(file, timeout=60)) as connection, connection:
        return connection.execute(statement).fetchall()


async def counted(port: int, failing: int) -> None:
    """Wait until `/readyz` counts so many feeds that fail; the process is ready all the time."""
    text = await until(port, "/readyz", 200, f'"feeds": {{"failing": {failing}')
    assert (json.loads(text)["status"], json.loads(text)["failing"]) == ("ok", [])


async def test_whatever_goes_wrong_with_a_copy_is_shown_and_the_last_good_one_stays(
    hallway: Hallway, host: ScheduleHost
) -> None:
    """A redirect that cannot be parsed, then a database that refuses the copy: half an hour is three seconds."""
    await imported(hallway, host.url(), *TO, "--once")
    await talked(hallway, f"/schedule import {host.url()}")
    host.publish(table(*SLOTS[:3], MOVED, *SLOTS[4:]))
    host.answers = [redirect("http://[bad"), raw(b'ETag: "\xe9"', body=host.body)]
    execute(hallway, REFUSES)
    async with serving(hallway, *AT, "--speed", "600", **LOCAL) as (process, port, written):
        await counted(port, 1)
        async with asyncio.timeout(180):
            while execute(hallway, "SELECT failures FROM feed")[0][0] < 4:  # noqa: ASYNC110 — another process
                await asyncio.sleep(0.05)
        await until(port, "/metrics", 200, "hallway_feeds_failing 1.0")
        (state,) = execute(hallway, "SELECT fault, etag FROM feed")
        (stored,) = execute(hallway, "SELECT count(*) FROM session WHERE room = 'Hall 7'")
        execute(hallway, "DROP TRIGGER refuses")
        await counted(port, 0)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 180) == 0
    assert state == (
        "The new version could not be stored: the database refused it. The log of Hallway says why.",
        '"v1"',
    )
    assert stored == (1,)
    events = [json.loads(line)["event"] for line in written]
    assert [line for line in events if "background job failed" in line or "unknown way" in line] == []
    kinds = execute(hallway, "SELECT kind FROM delivery WHERE kind LIKE 'schedule-%' ORDER BY id")
    assert kinds == [("schedule-failing",), ("schedule-recovered",)]
    (moved,) = execute(hallway, "SELECT count(*) FROM session WHERE room = 'Hall 7'")
    assert moved == (2,)
