"""Small calendars for the tests of iCalendar, and where the reported ones are."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.imports.resolve import ResolvedDraft, resolve_draft
from bot.sources import parse_draft, read_draft

FAULTS = Path(__file__).parents[3] / "shared" / "faults" / "inputs"
BERLIN, CHICAGO = "Europe/Berlin", "America/Chicago"


def calendar(*parts: str) -> bytes:
    """A calendar of these parts, in which events have no BEGIN and END: `SUMMARY:A\\nDTSTART:…`."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number, part in enumerate(parts):
        text = part if part.startswith("BEGIN") or not part.startswith("SUMMARY") else event(part, number)
        lines += text.strip().split("\n")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def event(text: str, number: int = 0) -> str:
    uid = "" if "\nUID" in text else f"UID:u{number}\n"
    return f"BEGIN:VEVENT\n{uid}{text.strip()}\nEND:VEVENT"


def settled(data: bytes, zone: str) -> ResolvedDraft:
    return resolve_draft(parse_draft(data, "small.ics"), "x", zone, ())


def reported(name: str, zone: str) -> ResolvedDraft:
    """One of the reported files; skips where they are not."""
    if not (FAULTS / name).exists():
        pytest.skip("the reported files (shared/faults) are not on this machine")
    return resolve_draft(read_draft(FAULTS / name), "x", zone, ())


def times(made: ResolvedDraft) -> list[str]:
    """Start, end, state (if not on) and room of each session, on the clocks of the conference."""
    zone = made.schedule.conference.tz
    found = []
    for session in made.schedule.sessions:
        starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
        state = "" if session.takes_place else f" {session.state}"
        found.append(f"{starts:%Y-%m-%d %H:%M}-{ends:%H:%M}{state} {session.room}".rstrip())
    return found


def remarks(made: ResolvedDraft) -> list[str]:
    """What was guessed and skipped, without what is said of venues."""
    warnings = [remark.what for remark in made.warnings if remark.where != "venues"]
    return warnings + [f"skipped: {remark.what}" for remark in made.skipped]


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
