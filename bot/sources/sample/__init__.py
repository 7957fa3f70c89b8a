"""The packaged sample conference: an invented one, at real hotels."""

from datetime import UTC, datetime
from importlib.resources import files

from bot.domain.imports.draft import Draft
from bot.domain.schedule.conference import Topic
from bot.domain.travel.venue import Venue
from bot.domain.travel.way import Way
from bot.sources.format import Raw
from bot.sources.formats import catalog_csv
from bot.sources.info_csv import parse_info
from bot.sources.venues_csv import parse_venues
from bot.sources.ways_csv import parse_ways

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
    return tuple(row.way for row in parse_ways(_text("legs.csv"), "legs.csv")[0])


def topics() -> tuple[Topic, ...]:
    """What the organizers wrote."""
    return parse_info(_text("info.csv"), "info.csv")[0]


def story() -> list[str]:
    """Return the lines that a few attendees type in the demo, on the evening before the conference."""
    return _text("story.txt").splitlines()


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
