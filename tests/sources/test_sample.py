"""The packaged sample conference."""

from datetime import UTC
from itertools import pairwise

from bot.domain.imports.resolve import resolve_draft
from bot.sources import sample

MADE = resolve_draft(sample.draft(), sample.SLUG, "", sample.venues()).schedule


def test_it_is_as_large_as_the_real_thing() -> None:
    assert len(MADE.sessions) == 1121
    assert len(MADE.days) == 5
    assert {session.venue for session in MADE.sessions} == {venue.name for venue in sample.venues()}
    assert len(MADE.venues) == 6
    assert all(venue.lat and venue.lon for venue in MADE.venues)


def test_it_lies_on_a_half_hour_grid_and_nobody_shares_a_room() -> None:
    assert all(session.starts_at.minute % 30 == 0 for session in MADE.sessions)
    rooms: dict[tuple[str, str], list[tuple[object, object]]] = {}
    for session in MADE.sessions:
        rooms.setdefault((session.venue, session.room), []).append((session.starts_at, session.ends_at))
    for held in rooms.values():
        assert all(one[1] <= other[0] for one, other in pairwise(held))  # type: ignore[operator]


def test_it_has_repeats_elsewhere_recordings_and_overlaps() -> None:
    repeated = [session for session in MADE.sessions if MADE.repeats(session)]
    assert len(repeated) > 200
    assert any(other.venue != session.venue for session in repeated for other in MADE.repeats(session))
    assert {session.recorded.value for session in MADE.sessions} == {"yes", "no", "unknown"}


def test_its_story_speaks_of_sessions_that_are_there() -> None:
    codes = [line.split()[1] for line in sample.story() if line.startswith("/attend")]
    assert codes
    assert all(code in MADE.by_code for code in codes)


def test_its_ways_and_topics_belong_to_it() -> None:
    names = {venue.name for venue in sample.venues()}
    assert all({way.origin, way.target} <= names for way in sample.ways())
    assert {"Badge pick-up", "Shuttles", "Wi-Fi", "Lunch", "Code of conduct"} <= {
        topic.name for topic in sample.topics()
    }
    assert sample.OPENS.tzinfo is UTC
