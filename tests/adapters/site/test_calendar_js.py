"""The calendar read back by ical.js (https://github.com/kewisch/ical.js), which Thunderbird and Nextcloud use."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.adapters.site.harness import SiteHarness
from tests.builders import ARC, FORUM, SEC, VENETIAN, at, schedule, session

TOOL = Path(__file__).parents[3] / "tools" / "page"
NODE = shutil.which("node")
pytestmark = [
    pytest.mark.skipif(NODE is None, reason="no Node on this machine"),
    pytest.mark.skipif(not (TOOL / "node_modules" / "ical.js").exists(), reason="ical.js is not installed: make page-audit does that"),
]  # fmt: skip


def read(text: bytes) -> dict[str, Any]:
    """What ical.js makes of a calendar."""
    assert NODE
    done = subprocess.run([NODE, str(TOOL / "read_calendar.mjs")], input=text, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


async def test_ical_js_reads_the_same_sessions_times_alarms_and_places(site: SiteHarness) -> None:
    await site.app.all(
        "/hotel MGM", "/attend ARC301", "/attend SEC203", "/block 12:30-13:15 lunch; with Ana, all\\of us"
    )
    path = f"/p/{await site.secret()}/agenda.ics"
    first = read((await site.get(path)).body)
    assert (first["name"], first["refresh"], first["ttl"]) == ("My agenda: Cloud 21", "PT1H", "PT1H")
    events = {event["uid"].partition("@")[0]: event for event in first["events"]}
    (lunch,) = [event for uid, event in events.items() if uid.startswith("block")]
    assert lunch["summary"] == "lunch; with Ana, all\\of us"
    arc = events["arc301"]
    assert {name: arc[name] for name in ("summary", "location", "zone", "sequence", "status", "geo", "alarms")} == {
        "summary": "Queues that never sleep (ARC301), leave by 07:51",
        "location": "Venetian, Room ARC301",
        "zone": "America/Los_Angeles",
        "sequence": 0,
        "status": "CONFIRMED",
        "geo": [36.121638, -115.169601],
        "alarms": [at(7, 51).timestamp()],
    }
    assert (arc["starts"], arc["ends"]) == (at(9).timestamp(), at(10).timestamp())
    assert str(arc["description"]).startswith("Leave MGM Grand by 07:51: 49 min walk to Venetian")
    await site.app.say("/skip ARC301")
    again = {event["uid"].partition("@")[0]: event for event in read((await site.get(path)).body)["events"]}
    assert (again["arc301"]["status"], again["arc301"]["sequence"], again["arc301"]["alarms"]) == ("CANCELLED", 1, [])
    assert again["sec203"]["sequence"] == 1, "the way to it is another one now"


@pytest.mark.parametrize(
    ("zone", "saturday", "sunday"),
    [
        # The clocks go forward in Europe, back in the United States, forward in Sydney; Kathmandu is at +05:45.
        ("Europe/Brussels", (2026, 3, 28), (2026, 3, 29)),
        ("America/New_York", (2026, 10, 31), (2026, 11, 1)),
        ("Australia/Sydney", (2026, 10, 3), (2026, 10, 4)),
        ("Asia/Kathmandu", (2026, 3, 28), (2026, 3, 29)),
    ],
)
async def test_over_a_change_of_the_clocks_every_session_is_at_its_moment(
    site: SiteHarness, zone: str, saturday: tuple[int, int, int], sunday: tuple[int, int, int]
) -> None:
    tz = ZoneInfo(zone)
    starts = {"SAT1": datetime(*saturday, 14, tzinfo=tz), "SUN1": datetime(*sunday, 9, tzinfo=tz)}
    sessions = [session(code, moment.astimezone(), VENETIAN) for code, moment in starts.items()]
    conference = replace(schedule().conference, zone=zone, revision=2)
    await site.app.publish(schedule(sessions, conference=conference))
    site.app.clock.move_to(datetime(*saturday, 8, tzinfo=tz).astimezone())
    await site.app.all("/attend SAT1", "/attend SUN1")
    found = read((await site.get(f"/p/{await site.secret()}/agenda.ics")).body)
    assert {event["uid"].partition("@")[0]: event["starts"] for event in found["events"]} == {
        code.casefold(): moment.timestamp() for code, moment in starts.items()
    }


async def test_long_names_in_other_scripts_come_back_whole(site: SiteHarness) -> None:
    title = "日本語の長い題名とعنوان عربي طويل 🎉 " * 4
    nasty = replace(ARC, title=title.strip(), room="Ñandú; Saal, 1\\2", venue=FORUM.name)
    await site.app.publish(schedule((nasty, SEC), conference=replace(schedule().conference, revision=2)))
    await site.app.say("/attend ARC301")
    found = read((await site.get(f"/p/{await site.secret()}/agenda.ics")).body)
    (event,) = found["events"]
    assert str(event["summary"]).startswith(title.strip())
    assert event["location"] == "Caesars Forum, Ñandú; Saal, 1\\2"
