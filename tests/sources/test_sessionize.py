"""Sessionize's three views, and catalogs of related shapes."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ScheduleImportError
from bot.sources import parse_draft
from tests.sources.seeds import SESSIONIZE

SESSION = {
    "id": "7",
    "title": "A",
    "description": None,
    "startsAt": "2026-01-31T23:30:00",
    "endsAt": "2026-01-31T00:15:00",
    "isServiceSession": False,
    "speakers": [{"id": "s", "name": "Ada"}],
    "categories": [{"name": "Level", "categoryItems": [{"id": 1, "name": "200"}]}],
    "roomId": 9,
    "room": "Hall",
}
GRID = [{"date": "2026-01-31T00:00:00", "isDefault": True, "rooms": [{"id": 9, "name": "Hall", "sessions": [SESSION]}]}]
GROUPS = [{"groupId": 1, "groupName": "All", "sessions": [SESSION, {**SESSION, "startsAt": None}]}]


def test_all() -> None:
    draft = parse_draft(SESSIONIZE, "all.json")
    first, second = draft.sessions
    assert (draft.format, first.where, first.uid, first.room, first.speakers, first.track) == (
        "sessionize",
        "sessions[0]",
        "1",
        "Hall",
        ("Ada",),
        "Web",
    )
    assert (second.starts, second.kind, second.room) == (datetime(2026, 1, 31, 10, 30, tzinfo=UTC), "Service", "")


@pytest.mark.parametrize(("view", "where"), [(GRID, "[0].rooms[0].sessions[0]"), (GROUPS, "[0].sessions[0]")])
def test_the_other_views(view: object, where: str) -> None:
    draft = parse_draft(json.dumps(view).encode(), "grid.json")
    (only,) = draft.sessions
    assert (draft.format, only.where, only.room, only.speakers, only.level) == (
        "sessionize",
        where,
        "Hall",
        ("Ada",),
        "200",
    )
    assert (only.starts, only.length) == (datetime(2026, 1, 31, 23, 30), timedelta(minutes=45))
    assert [remark.what for remark in draft.warnings] == [
        "'A' ends before it starts: read as ending on the next day",
        "1 sessions have no offset: read as clock times in the conference's zone",
    ]
    assert [remark.what for remark in draft.skipped] == ["'A' has no time yet"] * (view is GROUPS)


def test_a_view_without_sessions_is_refused() -> None:
    with pytest.raises(ScheduleImportError, match=r"there is no session in rooms\.sessions: export the view"):
        parse_draft(json.dumps([{**GRID[0], "rooms": []}]).encode(), "grid.json")


def test_a_catalog_with_several_times_is_as_many_sittings() -> None:
    item = {
        "abbreviation": "ARC301",
        "sessionID": "s",
        "title": "Agents &amp; tools",
        "speakers": [{"fullName": "Ada"}, {"fullName": "Bob"}],
        "times": [
            {"sessionTimeID": "t1", "date": "2026-11-30", "startTime": "10:00", "endTime": "11:00", "room": "Wynn | A"},
            {
                "sessionTimeID": "t2",
                "date": "2026-12-01",
                "startTime": "24:00",
                "length": "1h 30min",
                "room": "MGM | B",
            },
        ],
    }
    draft = parse_draft(json.dumps({"sectionList": [{"items": [item]}]}).encode(), "catalog.json")
    assert [(row.where, row.uid, row.code, row.title, row.starts, row.length, row.room) for row in draft.sessions] == [
        (
            "item 1, times[0]",
            "t1",
            "ARC301",
            "Agents & tools",
            datetime(2026, 11, 30, 10),
            timedelta(hours=1),
            "Wynn | A",
        ),
        ("item 1, times[1]", "t2", "ARC301", "Agents & tools", datetime(2026, 12, 2), timedelta(minutes=90), "MGM | B"),
    ]
    assert draft.sessions[0].speakers == ("Ada", "Bob")


def test_rooms_and_speakers_that_are_ids_are_looked_up_beside_the_sessions() -> None:
    session = {
        "id": "x",
        "title": "A",
        "startTimestamp": 1557279000000,
        "endTimestamp": 1557280800000,
        "room": "r",
        "speakers": ["s", "gone"],
    }
    feed = {
        "sessions": [session],
        "rooms": [{"id": "r", "name": "Hall"}],
        "speakers": {"s": {"id": "s", "name": "Ada"}},
    }
    (only,) = parse_draft(json.dumps(feed).encode(), "feed.json").sessions
    assert (only.starts, only.length) == (datetime(2019, 5, 8, 1, 30, tzinfo=UTC), timedelta(minutes=30))
    assert (only.room, only.speakers) == ("Hall", ("Ada", "gone"))
