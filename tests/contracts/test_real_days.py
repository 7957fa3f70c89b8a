"""Two days of real conferences, lived on each platform: every answer and every message, with its time and its words.

The transcripts stand in `days/`; with HALLWAY_UPDATE_GOLDEN=1 they are written from what the console says.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.imports.edits import SessionEdit, SessionFacts
from bot.domain.imports.resolve import resolve_draft
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_of
from bot.sources import parse_draft, read_venues
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.slack.harness import SlackHarness
from tests.contracts.attendees import (
    ConsoleAttendee,
    DiscordAttendee,
    PlatformAttendee,
    SlackAttendee,
    without_relative,
)
from tests.fakes.app_harness import AppHarness
from tests.real_schedules import real_schedule

TRANSCRIPTS = Path(__file__).parent / "days"
UPDATES = os.environ.get("HALLWAY_UPDATE_GOLDEN") == "1"
CANCEL, PRESS = "an organizer cancels", "presses"


@dataclass(frozen=True, slots=True)
class Step:
    """What an attendee types or presses at a local time, or a session that an organizer cancels."""

    at: str
    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """A day at a real conference.

    Attributes:
        name: the transcript's file.
        schedule: a file under `schedules/`.
        venues: a file under `venues/`.
        zone: where the conference is.
        steps: what is typed, in order.
        ends: when the transcript ends, in local time.
        addition: text that is put before another text of the schedule's file: (that text, what is added).
    """

    name: str
    schedule: str
    venues: str
    zone: str
    steps: Sequence[Step]
    ends: str
    addition: tuple[str, str] = ("", "")

    def read(self, data: Path) -> Schedule:
        before, added = self.addition
        if not added:
            return real_schedule(data, self.schedule, self.zone, self.venues)
        body = (data / "schedules" / self.schedule).read_text("utf-8")
        draft = parse_draft(body.replace(before, added + before, 1).encode(), self.schedule)
        return resolve_draft(draft, "real", self.zone, read_venues(data / "venues" / self.venues)).schedule

    def code(self, title: str, schedule: Schedule) -> str:
        """The code of the session with this title on the last day of the transcript; any other text as it is."""
        zone = schedule.conference.tz
        last = day_of(self.moment(self.ends), zone)
        found = [session.code for session in schedule.sessions if session.title == title and session.day(zone) == last]
        return found[0] if found else title

    def moment(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone))


def chosen(at: str, command: str, title: str, **more: str) -> Step:
    """A session of that day, chosen from the suggestions: what is typed then is its code."""
    return Step(at, command, {"code": title, **more})


KEYNOTE = "CEO Keynote with Matt Garman"
EMBEDDED = "Embedded analytics: An architectural deep dive"
GOVERNANCE = "Data governance with AWS analytics"
STORMING = "Accelerating event-driven architecture with event storming"
REDSHIFT = "Build your data strategy for generative AI with Amazon Redshift"
LAMBDA = "AWS Lambda performance tuning: Best practices and guidance"
EBS = "Best practices for operating at scale with Amazon EBS & EBS snapshots"
FILES = "Harness your file data value with Amazon Bedrock and generative AI"
REINVENT = Day(
    "reinvent_2024_tuesday",
    "reinvent2024_facts.csv",
    "reinvent_venues.csv",
    "America/Los_Angeles",
    [
        Step("2024-12-02 20:00", "hotel", {"venue": "MGM"}),
        chosen("2024-12-02 20:01", "attend", KEYNOTE),
        chosen("2024-12-02 20:02", "attend", EMBEDDED, seat="reserved"),
        chosen("2024-12-02 20:03", "attend", GOVERNANCE),
        chosen("2024-12-02 20:04", "attend", STORMING),
        chosen("2024-12-02 20:05", "attend", REDSHIFT),
        chosen("2024-12-02 20:06", "attend", LAMBDA),
        chosen("2024-12-02 20:07", "attend", EBS),
        chosen("2024-12-02 20:08", "attend", FILES),
        Step("2024-12-03 10:40", "nextsession"),
        chosen("2024-12-03 12:00", CANCEL, EBS),
        Step("2024-12-03 13:05", "here", {"venue": "Caesars Forum"}),
        chosen("2024-12-03 15:20", "skip", LAMBDA),
        Step("2024-12-03 18:35", "recap"),
    ],
    "2024-12-03 23:59",
)
"""Eight sessions: two clash, one cannot be reached from the one before, one has a seat, one is cancelled at noon."""

PARTY = """<event guid="0d2f5a8e-5d0e-4bd5-9d53-2f9a0c0f7a11" id="99001">
<date>2026-02-01T00:30:00+01:00</date><start>00:30</start><duration>01:30</duration><room>Delirium Café</room>
<slug>after-hours</slug><title>After hours</title><track>Social</track><type>other</type><persons></persons></event>
"""
FOSDEM = Day(
    "fosdem_2026_saturday",
    "fosdem_2026.xml",
    "fosdem_venues.csv",
    "Europe/Brussels",
    [
        Step("2026-01-30 21:00", "nudges", {"quiet": "22:00-07:00"}),
        chosen("2026-01-30 21:01", "attend", "Welcome to FOSDEM 2026"),
        chosen("2026-01-30 21:02", "attend", "Evolving Git for the next decade"),
        chosen("2026-01-30 21:03", "attend", "KDE at 30: Still looking ahead"),
        chosen("2026-01-30 21:04", "attend", "You do not need an ORM"),
        chosen("2026-01-30 21:05", "attend", "The Big FOSDEM Quiz of the Year"),
        chosen("2026-01-30 21:06", "attend", "After hours"),
        Step("2026-01-31 08:50", "here", {"venue": "H"}),
        Step("2026-01-31 10:30", "attend", {"code": "KDE at 30: Still looking ahead", "only": "only"}),
        chosen("2026-01-31 13:45", "onmyway", "You do not need an ORM"),
        Step("2026-01-31 19:00", "pace", {"pace": "slow"}),
    ],
    "2026-02-01 03:00",
    ('<event guid="9c3ebb8c-7716-5130-b9fe-ff8544f5636d"', PARTY),
)
"""Quiet hours, a clash that is decided, a place that is not on the map, and a session after midnight."""


STARS = (
    "Amazon EKS for edge and hybrid use cases",
    "Understanding security & privacy on Amazon Bedrock, featuring Remitly",
    "What’s new with Amazon EC2",
    "Build scalable RAG applications using Amazon Bedrock Knowledge Bases",
    "eBPF superpowers for containers on AWS",
    "Implementing security best practices for serverless applications",
    "A close look at how AWS builds generative AI on Amazon SageMaker",
    "AWS App Studio: The fastest and easiest way to build applications",
    "Top tips for getting the most out of AWS CloudFormation",
)
PLANNED = Day(
    "reinvent_2024_planned_wednesday",
    "reinvent2024_facts.csv",
    "reinvent_venues.csv",
    "America/Los_Angeles",
    [
        Step("2024-12-03 20:00", "hotel", {"venue": "MGM"}),
        *(chosen(f"2024-12-03 20:{minute:02}", "star", title) for minute, title in enumerate(STARS, 1)),
        chosen("2024-12-03 20:10", "star", "Celebrating 10 years of pioneering serverless and containers", must="must"),
        Step("2024-12-03 20:11", "plan", {"words": "wednesday no lunch"}),
        Step("2024-12-03 20:12", PRESS, {"label": "Take all"}),
        Step("2024-12-03 20:13", PRESS, {"label": "Undo"}),
        Step("2024-12-03 20:14", PRESS, {"label": "Take again"}),
        Step("2024-12-04 11:45", "here", {"venue": "MGM"}),
        Step("2024-12-04 11:46", "plan"),
        Step("2024-12-04 11:47", "plan", {"words": "take"}),
        Step("2024-12-04 13:20", "gap"),
        Step("2024-12-04 18:30", "recap"),
        Step("2024-12-04 18:31", PRESS, {"label": "Picture to post"}),
    ],
    "2024-12-04 23:59",
)
"""Ten stars and a must are planned, taken, given back and taken again; late at noon, the rest is planned anew."""


@pytest.fixture(params=[REINVENT, FOSDEM, PLANNED], ids=lambda day: day.name)
def day(request: pytest.FixtureRequest) -> Day:
    made: Day = request.param
    return made


@pytest.fixture
async def app(day: Day, shared_data: Path) -> AppHarness:
    return await AppHarness(moment=day.moment(day.steps[0].at)).publish(day.read(shared_data))


async def lived(ada: PlatformAttendee, day: Day, harness: AppHarness) -> str:
    """The transcript of the day: what is typed, what is answered and what comes by itself."""
    parts: list[str] = []
    schedule = await harness.dispatch.schedule_of("console", "club")
    assert schedule is not None

    async def until(moment: datetime) -> None:
        while harness.clock.now() < moment:
            for words in await ada.wait(minutes=1):
                now = harness.clock.now().astimezone(ZoneInfo(day.zone))
                parts.append("\n".join([f"{now:%a %H:%M}", *without_relative(words)]))

    for step in day.steps:
        await until(day.moment(step.at))
        given = {name: day.code(value, schedule) for name, value in step.arguments.items()}
        if step.command == CANCEL:
            found = schedule.by_code[given["code"]]
            edit = SessionEdit(found.id, SessionFacts.of(found), harness.clock.now(), cancelled=True)
            assert harness.dispatch.editor is not None
            await harness.dispatch.editor.apply_edit("real", edit)
        elif step.command == PRESS:
            words = await ada.press(given["label"])
            parts.append("\n".join([f"{day.moment(step.at):%a %H:%M} > [{given['label']}]", *without_relative(words)]))
        else:
            words = await ada.type(step.command, **given)
            typed = " ".join(["/" + step.command, *given.values()])
            parts.append("\n".join([f"{day.moment(step.at):%a %H:%M} > {typed}", *without_relative(words)]))
    await until(day.moment(day.ends))
    assert len(harness.pictures) == sum(step.arguments.get("label") == "Picture to post" for step in day.steps)
    return "\n\n".join(parts) + "\n"


async def test_the_console_says_what_stands_in_the_transcript(day: Day, app: AppHarness) -> None:
    transcript = await lived(ConsoleAttendee(app), day, app)
    file = TRANSCRIPTS / f"{day.name}.txt"
    if UPDATES:
        file.write_text(transcript, "utf-8")
    assert transcript.splitlines() == file.read_text("utf-8").splitlines()


async def test_discord_says_the_same(day: Day, discord_app: DiscordHarness) -> None:
    transcript = await lived(DiscordAttendee(discord_app, zone=day.zone), day, discord_app.app)
    assert transcript.splitlines() == (TRANSCRIPTS / f"{day.name}.txt").read_text("utf-8").splitlines()


async def test_slack_says_the_same(day: Day, slack_app: SlackHarness) -> None:
    transcript = (await lived(SlackAttendee(slack_app, zone=day.zone), day, slack_app.app)).splitlines()
    lines = [line for line in transcript if line != "The file is in your direct messages with me."]
    assert lines == (TRANSCRIPTS / f"{day.name}.txt").read_text("utf-8").splitlines()
