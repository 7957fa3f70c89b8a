"""Taking in a schedule: all or nothing, with a guard, a report, and everybody concerned planned anew."""

from dataclasses import replace

import pytest

from bot.app.ingest import Held, ingest
from bot.domain.draft import Draft, Remark
from bot.domain.errors import ImportFault
from bot.domain.schedule import Schedule
from bot.domain.venue import Venue
from bot.storage.memory import MemoryStore
from tests.builders import at
from tests.domain.test_settle import row
from tests.talk import Talk

WYNN = Venue("Wynn", (), 36.1, -115.1)
ZONE = "America/Los_Angeles"


def draft(*hours: int, **more: object) -> Draft:
    rows = [row(f"Talk {n}", hour, "Wynn | A", uid=str(n)) for n, hour in enumerate(hours)]
    return replace(Draft("test", "file.csv", "Cloud", ZONE, sessions=rows), **more)  # type: ignore[arg-type]  # any fact


async def stored(store: MemoryStore) -> Schedule | None:
    async with store.reading() as work:
        return await work.conferences.load("cloud21")


async def test_the_report_counts_and_lists() -> None:
    store = MemoryStore()
    report = await ingest(store, draft(9, 10, skipped=[Remark("line 3", "no time")]), "cloud21", at(8), venues=(WYNN,))
    assert report.as_json() == {
        "format": "test",
        "sessions": 2,
        "rooms": 1,
        "venues": 1,
        "days": 1,
        "skipped": [{"where": "line 3", "reason": "no time"}],
        "warnings": [],
        "added": 2,
        "changed": 0,
        "removed": 0,
    }
    assert list(report.lines()) == [
        "Cloud: 2 sessions, 1 rooms, 1 venues, 1 days (2021-11-29 to 2021-11-29), America/Los_Angeles",
        "2 added, 0 changed, 0 removed (test)",
        "1 skipped:",
        "  line 3: no time",
    ]
    again = await ingest(store, draft(9, 11), "cloud21", at(8))
    assert "  changed: SES" in "\n".join(again.lines())


async def test_a_dry_run_stores_nothing() -> None:
    store = MemoryStore()
    report = await ingest(store, draft(9), "cloud21", at(8), dry_run=True)
    assert report.as_json()["added"] == 1
    assert await stored(store) is None


async def test_the_guard_holds_what_would_remove_a_third() -> None:
    store = MemoryStore()
    await ingest(store, draft(*[9] * 40), "cloud21", at(8))
    before = await stored(store)
    with pytest.raises(Held, match=r"would remove 20 of 40 sessions, so it is held: if that is right, say --force"):
        await ingest(store, draft(*[9] * 20), "cloud21", at(8))
    assert await stored(store) == before
    report = await ingest(store, draft(*[9] * 20), "cloud21", at(8), force=True)
    assert report.as_json()["removed"] == 20


async def test_rows_that_contradict_themselves_hold_the_import() -> None:
    store, wrong = MemoryStore(), [Remark("line 7", "'X' ends before it starts")]
    with pytest.raises(Held, match=r"^file.csv, line 7: 'X' ends before it starts: correct it, or import the rest"):
        await ingest(store, draft(9, impossible=wrong), "cloud21", at(8))
    assert await stored(store) is None
    report = await ingest(store, draft(9, impossible=wrong), "cloud21", at(8), force=True)
    assert report.skipped == tuple(wrong)


async def test_a_file_without_sessions_is_refused() -> None:
    with pytest.raises(ImportFault, match="no session could be read"):
        await ingest(MemoryStore(), draft(), "cloud21", at(8))


async def test_who_goes_to_a_moved_session_is_nudged_at_the_new_time_and_only_they() -> None:
    talk = Talk()
    await ingest(talk.store, draft(10, 12), "cloud21", at(8), venues=(WYNN,))
    await talk.all("/hotel Wynn", "/attend Talk 0", "/attend Talk 1")
    report = await ingest(talk.store, draft(11, 12), "cloud21", at(8))
    assert report.as_json()["changed"] == 1
    # 20 min walk-up, 5 min inside and then the same room, 10 min of notice.
    assert await talk.wait(hours=5) == [("Mon 10:25", "ada", "leave-by"), ("Mon 11:30", "ada", "leave-by")]


async def test_who_goes_to_a_session_that_is_gone_is_no_longer_called() -> None:
    talk = Talk()
    await ingest(talk.store, draft(10, 12), "cloud21", at(8), venues=(WYNN,))
    await talk.all("/hotel Wynn", "/attend Talk 1")
    await ingest(talk.store, draft(10), "cloud21", at(8))
    assert await talk.wait(hours=12) == []
