"""`kill -9` in the middle of writes: what was committed is there, and nothing that was half done."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from bot.storage.unit_of_work import SqlStore
from tests.stores import migrate
from tests.support.forked import start_script

# Each transaction adds somebody with three choices and three nudges, and is told only after its commit.
WRITER = """
import asyncio, sys
from bot.domain.attendee.attendee import Attendance
from bot.storage.unit_of_work import SqlStore
from tests.builders import at, nudge

async def main():
    store = SqlStore.at(sys.argv[1])
    for n in range(100_000):
        async with store.write_transaction() as work:
            known = await work.people.join("console", "club", f"user{n}")
            for session in ("arc301", "key001", "sec203"):
                await work.attendances.put(known.id, "cloud21", Attendance(session))
            nudges = [nudge(known.id, each, at(9)) for each in ("arc301", "key001", "sec203")]
            await work.deliveries.reconcile([(known, nudges)], at(8))
        print(n, flush=True)

asyncio.run(main())
"""


def reported_before_the_kill(url: str, lines: int) -> int:
    """Starts a writer, kills it without warning after so many commits, and returns how many it told of."""
    writer = start_script(WRITER, url, stdout=subprocess.PIPE)
    assert writer.stdout
    reported = sum(1 for _ in zip(range(lines), writer.stdout, strict=False))
    writer.kill()
    reported += len(writer.stdout.read().splitlines())
    writer.stdout.close()
    writer.wait()
    assert reported >= lines
    return reported


@pytest.mark.parametrize("lines", [1, 7, 60])
async def test_a_killed_writer_loses_nothing_it_told_of_and_leaves_nothing_half_done(
    tmp_path: Path, lines: int
) -> None:
    url = f"sqlite:///{tmp_path / 'hallway.db'}"
    await migrate(url)
    reported = reported_before_the_kill(url, lines)
    store = SqlStore.at(url)
    async with store.read_transaction() as work:
        found = {
            attendee.user: choices
            async for chunk in work.attendances.everyone("cloud21")
            for attendee, choices in chunk
        }
        people = await work.people.by_id(range(1, reported + 10))
        owed = Counter([len(await work.deliveries.of_attendee(id_)) for id_ in people])
        (whole,) = await work.people.connection.exec_driver_sql("PRAGMA integrity_check")
    await store.close()
    assert {f"user{n}" for n in range(reported)} <= set(found)
    assert len(found) in (reported, reported + 1)
    assert {len(choices) for choices in found.values()} == {3}
    assert owed == {3: len(found)}
    assert tuple(whole) == ("ok",)
