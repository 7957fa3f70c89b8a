"""An exported schedule is imported as the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.imports.recordings import with_recording_times
from bot.domain.imports.resolve import resolve_draft
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Recorded, Session, SessionState
from bot.sources import parse_draft
from bot.sources.schedule_csv import schedule_text
from bot.sources.venues_csv import read_venues
from tests.builders import ARC, FORUM, SESSIONS, VENETIAN, at, schedule, session

WHOLE = session(
    "KIT101",
    at(23, 30),
    VENETIAN,
    title='Kits, "quotes" and\u00a0= signs',
    room="Level 1, Academy 411",
    abstract="One line.\nAnother, with a comma.",
    speakers=("Ada Byron", "Joan Clarke, Jr"),
    kind="Workshop",
    language="en",
    recording_url="https://video.example/kit?a=1&b=2",
    overflow="Venetian, Hall B",
)
OFF = session("OFF1", at(14), FORUM, state=SessionState.CANCELLED)
GONE = session("GONE1", at(14), FORUM, state=SessionState.UNLISTED)


def again(made: Schedule) -> Schedule:
    """Import what was exported into an empty database."""
    draft = parse_draft(schedule_text(made).encode(), "schedule.csv")
    found = resolve_draft(draft, made.conference.slug, made.conference.zone, made.venues)
    assert (found.skipped, found.warnings) == ((), ())
    return found.schedule


def facts(talk: Session) -> Session:
    recorded = Recorded.YES if talk.recording_url else talk.recorded
    return replace(talk, revision=1, recorded=recorded, recording_at=None)


def test_every_fact_of_a_session_comes_back() -> None:
    made = schedule([*SESSIONS, WHOLE, OFF, GONE])
    kit = replace(WHOLE, title='Kits, "quotes" and = signs')
    expected = sorted(map(facts, (*SESSIONS, kit, OFF)), key=lambda talk: talk.id)
    assert sorted(again(made).sessions, key=lambda talk: talk.id) == expected


def test_a_cell_that_a_spreadsheet_would_compute_is_text() -> None:
    text = schedule_text(schedule([replace(ARC, title="=HYPERLINK(1)", room="@here")]))
    assert "'=HYPERLINK(1)" in text
    assert "'@here" in text


@pytest.mark.parametrize(
    ("file", "zone", "venues"),
    [
        ("reinvent2024_facts.csv", "America/Los_Angeles", "reinvent_venues.csv"),
        ("fosdem_2020.xml", "Europe/Brussels", "fosdem_venues.csv"),
    ],
)
def test_real_schedules_come_back(shared_data: Path, file: str, zone: str, venues: str) -> None:
    venue_list = read_venues(shared_data / "venues" / venues)
    raw = (shared_data / "schedules" / file).read_bytes()
    made = with_recording_times(resolve_draft(parse_draft(raw, file), "real", zone, venue_list).schedule, at(8))
    draft = parse_draft(schedule_text(made).encode(), "schedule.csv")
    found = {talk.id: talk for talk in resolve_draft(draft, "real", zone, made.venues).schedule.sessions}
    wrong = [talk.id for talk in made.sessions if facts(talk) != facts(found[talk.id])]
    assert (len(found), wrong) == (len(made.sessions), [])
