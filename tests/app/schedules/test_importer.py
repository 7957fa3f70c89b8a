"""Taking in a schedule: all or nothing, with a guard, a report, and everybody concerned planned anew."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.ports import Store
from bot.app.schedules.importer import ImportHeldError, ingest
from bot.domain.attendee.attendee import Attendance
from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, Remark
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session, SessionState
from bot.domain.travel.venue import Venue
from tests.builders import at
from tests.builders import draft as draft_of
from tests.domain.imports.test_resolve import row
from tests.fakes.app_harness import AppHarness
from tests.fakes.memory_store import MemoryStore
from tests.strategies import choices, schedules

WYNN = Venue("Wynn", (), 36.1, -115.1)
ZONE = "America/Los_Angeles"


def draft(*hours: int, **more: object) -> Draft:
    rows = [row(f"Talk {n}", hour, "Wynn | A", uid=str(n)) for n, hour in enumerate(hours)]
    return replace(Draft("test", "file.csv", "Cloud", ZONE, sessions=rows), **more)  # type: ignore[arg-type]  # any fact


async def stored(store: MemoryStore) -> Schedule | None:
    async with store.read_transaction() as work:
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
        "Cloud: 2 sessions, 1 room, 1 venue, 1 day (2021-11-29 to 2021-11-29), America/Los_Angeles",
        "2 added, 0 changed, 0 removed (test)",
        "1 skipped:",
        "  line 3: no time",
    ]
    again = await ingest(store, draft(9, 11), "cloud21", at(8))
    assert again.difference.changed[0].after.code in "\n".join(again.lines())
    assert "changed: Talk 1 (SES86720) (time Mon 10:00 → Mon 11:00)" in "\n".join(again.lines())


async def test_a_dry_run_stores_nothing() -> None:
    store = MemoryStore()
    report = await ingest(store, draft(9), "cloud21", at(8), dry_run=True)
    assert report.as_json()["added"] == 1
    assert await stored(store) is None


async def test_the_guard_holds_what_would_remove_more_than_a_fifth() -> None:
    store = MemoryStore()
    await ingest(store, draft(*[9] * 40), "cloud21", at(8))
    before = await stored(store)
    with pytest.raises(
        ImportHeldError, match=r"would remove 9 of 40 sessions, so it is held: if that is right, say --force"
    ):
        await ingest(store, draft(*[9] * 31), "cloud21", at(8))
    assert await stored(store) == before
    dry = await ingest(store, draft(*[9] * 31), "cloud21", at(8), dry_run=True)
    assert "  waiting for a decision: This import would remove 9 of 40 sessions" in list(dry.lines())
    report = await ingest(store, draft(*[9] * 31), "cloud21", at(8), force=True)
    assert (report.as_json()["sessions"], report.as_json()["removed"]) == (31, 9)
    assert sum(not session.listed for session in report.schedule.sessions) == 9
    again = await ingest(store, draft(*[9] * 31), "cloud21", at(8))
    assert again.difference.is_empty
    assert again.schedule.conference.revision == report.schedule.conference.revision


async def test_the_guard_looks_at_what_is_still_to_come() -> None:
    store = MemoryStore()
    await ingest(store, draft(9, 10, 11, 12, 13, 14), "cloud21", at(8))
    # At 12:30 two are left: a feed that lacks the four that are over is as good as before.
    late = Draft("test", "file.csv", "Cloud", ZONE, sessions=draft(9, 10, 11, 12, 13, 14).sessions[4:])
    report = await ingest(store, late, "cloud21", at(12, 30))
    assert report.difference.is_empty
    with pytest.raises(ImportHeldError, match="would remove 5 of 6 sessions"):
        await ingest(store, draft(9), "cloud21", at(8))


async def test_rows_that_contradict_themselves_hold_the_import() -> None:
    store, wrong = MemoryStore(), [Remark("line 7", "'X' ends before it starts")]
    with pytest.raises(
        ImportHeldError, match=r"^file.csv, line 7: 'X' ends before it starts: correct it, or import the rest"
    ):
        await ingest(store, draft(9, impossible=wrong), "cloud21", at(8))
    assert await stored(store) is None
    report = await ingest(store, draft(9, impossible=wrong), "cloud21", at(8), force=True)
    assert report.skipped == tuple(wrong)


async def test_a_file_without_sessions_is_refused() -> None:
    with pytest.raises(ScheduleImportError, match="no session could be read"):
        await ingest(MemoryStore(), draft(), "cloud21", at(8))


async def test_two_imports_at_once_are_one_after_the_other(store: Store) -> None:
    await ingest(store, draft(9, 10, 11), "cloud21", at(8))
    reports = await asyncio.gather(*(ingest(store, draft(9, 10, 12), "cloud21", at(8)) for _ in range(4)))
    assert sorted(len(report.difference.changed) for report in reports) == [0, 0, 0, 1]
    async with store.read_transaction() as work:
        loaded = await work.conferences.load("cloud21")
        assert loaded
        assert (loaded.conference.revision, len(loaded.sessions)) == (2, 3)


async def test_who_goes_to_a_moved_session_is_nudged_at_the_new_time_and_only_they() -> None:
    app = AppHarness()
    await ingest(app.store, draft(10, 12), "cloud21", at(8), venues=(WYNN,))
    await app.all("/hotel Wynn", "/attend Talk 0", "/attend Talk 1")
    report = await ingest(app.store, draft(11, 12), "cloud21", at(8))
    assert report.as_json()["changed"] == 1
    # 5 min to spare, 7 min inside (5 usually) and then the same room, 10 min of notice.
    change, *calls = await app.wait(hours=5)
    assert change == ("Mon 08:00", "ada", "session-changed")
    assert calls == [("Mon 10:37", "ada", "leave-by"), ("Mon 11:45", "ada", "leave-by")]


async def test_who_goes_to_a_session_that_is_gone_is_no_longer_called() -> None:
    app = AppHarness()
    await ingest(app.store, draft(10, 12), "cloud21", at(8), venues=(WYNN,))
    await app.all("/hotel Wynn", "/attend Talk 1")
    await ingest(app.store, draft(10), "cloud21", at(8))
    assert await app.wait(hours=12) == [("Mon 08:05", "ada", "session-changed")]


CHANGES = ("nothing", "words", "time", "venue", "cancelled", "vanished")


def edited(session: Session, change: str) -> Session | None:
    edits: dict[str, dict[str, object]] = {
        "words": {"abstract": "New words", "speakers": ("Somebody",), "title": "A better title"},
        "time": {"starts_at": session.starts_at + timedelta(minutes=7), "ends_at": session.ends_at},
        "venue": {"venue": "Elsewhere"},
        "cancelled": {"state": SessionState.CANCELLED},
    }
    return None if change == "vanished" else replace(session, **edits.get(change, {}))  # type: ignore[arg-type]


@given(schedules(), st.data())
def test_exactly_those_who_are_affected_are_told_of_exactly_what_changed(made: Schedule, data: st.DataObject) -> None:
    fates = {session.id: data.draw(st.sampled_from(CHANGES)) for session in made.sessions}
    after = [new for session in made.sessions if (new := edited(session, fates[session.id]))]
    crowd = {user: data.draw(choices(made)) for user in ("ada", "bob", "cy")}
    entries = asyncio.run(digest_entries(made, after, crowd)) if after else {}
    expected = {
        user: {
            attendance.session
            for attendance in chosen
            if attendance.is_decided and fates[attendance.session] not in ("nothing", "words")
        }
        for user, chosen in crowd.items()
    }
    assert entries == ({user: sessions for user, sessions in expected.items() if sessions} if after else {})


async def digest_entries(
    before: Schedule, after: Sequence[Session], crowd: Mapping[str, Sequence[Attendance]]
) -> dict[str, set[str]]:
    """What is owed to whom about changes, once the schedule has become `after`."""
    store, eve = MemoryStore(), before.sessions[0].starts_at - timedelta(days=1)
    venues = (*before.venues, Venue("Elsewhere"))
    await ingest(store, draft_of(*before.sessions), "made", eve, venues=venues)
    async with store.write_transaction() as work:
        people = {user: await work.people.join("console", "club", user) for user in crowd}
        for user, chosen in crowd.items():
            await work.people.save(replace(people[user], agreed_at=eve))
            for attendance in chosen:
                await work.attendances.put(people[user].id, "made", attendance)
    await ingest(store, draft_of(*after), "made", eve, venues=venues, force=True)
    entries: dict[str, set[str]] = {}
    async with store.read_transaction() as work:
        for user, attendee in people.items():
            for delivery in await work.deliveries.of_attendee(attendee.id):
                if delivery.nudge.kind is NudgeKind.SESSION_CHANGED:
                    entries[user] = entries.get(user, set()) | set(delivery.nudge.facts)
    return entries


async def test_a_copy_that_moves_most_sessions_by_the_same_hours_is_held() -> None:
    store = MemoryStore()
    await ingest(store, draft(9, 10, 11, 12), "cloud21", at(8), venues=(WYNN,))
    late = draft(13, 14, 15, 16)
    with pytest.raises(ImportHeldError, match=r"would move 4 of 4 sessions 4 h later at once, so it is held"):
        await ingest(store, late, "cloud21", at(8), venues=(WYNN,))
    report = await ingest(store, late, "cloud21", at(8), venues=(WYNN,), force=True)
    assert (report.held, len(report.difference.changed)) == ("", 4)


async def test_a_copy_that_changes_the_zone_of_the_conference_is_held_unless_somebody_gave_it() -> None:
    store = MemoryStore()
    await ingest(store, draft(9, 10), "cloud21", at(0), venues=(WYNN,))
    other = draft(9, 10, zone="Europe/Berlin")
    with pytest.raises(ImportHeldError, match=r"change the time zone from America/Los_Angeles to Europe/Berlin"):
        await ingest(store, other, "cloud21", at(0), venues=(WYNN,))
    given = await ingest(store, other, "cloud21", at(0), zone="Europe/Berlin", venues=(WYNN,))
    assert given.schedule.conference.zone == "Europe/Berlin"
