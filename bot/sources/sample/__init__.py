"""The packaged sample conference: an invented one, at real hotels."""

import csv
from datetime import UTC, datetime
from importlib.resources import files
from io import StringIO

from bot.domain.imports.draft import Draft
from bot.domain.schedule.conference import Topic
from bot.domain.schedule.venue import Venue
from bot.domain.schedule.way import LegSource, Mode, Way
from bot.sources.format import Raw
from bot.sources.formats import catalog_csv
from bot.sources.venues_csv import parse_venues

SLUG = "cloudweek21"
TITLE = "CloudWeek 2021"
ZONE = "America/Los_Angeles"
EVE = datetime(2021, 11, 29, 4, tzinfo=UTC)
"""Sunday, 20:00 in Las Vegas: when the story is typed."""
OPENS = datetime(2021, 11, 29, 16, 30, tzinfo=UTC)
"""Monday, 08:30 in Las Vegas."""
COMMUNITY = "cloudweek"
USER = "you"


def draft() -> Draft:
    """The sessions, as an import would read them."""
    read = catalog_csv.parse(Raw("schedule.csv", _text("schedule.csv").encode()))
    return Draft(read.format, read.source, TITLE, ZONE, sessions=read.sessions, skipped=read.skipped)


def venues() -> tuple[Venue, ...]:
    """The hotels."""
    return parse_venues(_text("venues.csv"), "venues.csv")


def ways() -> tuple[Way, ...]:
    """The ways that the organizers entered."""
    return tuple(
        Way(
            row["from"],
            row["to"],
            float(row["minutes"]),
            LegSource.ORGANIZER,
            mode=Mode(row["mode"]),
            metres=int(row["metres"]),
        )
        for row in csv.DictReader(StringIO(_text("legs.csv")))
    )


def topics() -> tuple[Topic, ...]:
    """What the organizers wrote."""
    rows = csv.DictReader(StringIO(_text("info.csv")))
    return tuple(Topic(row["topic"], row["text"], row["place"], row["hours"]) for row in rows)


def story() -> list[str]:
    """Return the lines that a few attendees type in the demo, on the evening before the conference."""
    return _text("story.txt").splitlines()


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
