"""Small conferences, people and plans to test with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.imports.draft import Draft, DraftSession
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Conference, Schedule, Topic
from bot.domain.schedule.session import Recorded, Session
from bot.domain.travel.venue import Venue
from bot.domain.travel.way import LegSource, Way

ZONE = "America/Los_Angeles"
VENETIAN = Venue("Venetian", ("The Venetian",), 36.121638, -115.169601, 10)
FORUM = Venue("Caesars Forum", ("Forum",), 36.11837, -115.16628, 5)
MGM = Venue("MGM Grand", ("MGM",), 36.102487, -115.169914, 10)
NOWHERE = Venue("Pop-up Stage")
# These always take the same time, so that a test need not compute percentiles.
WAYS = (
    Way("Caesars Forum", "MGM Grand", 43, LegSource.ESTIMATE, p90=43, metres=2425),
    Way("Venetian", "Caesars Forum", 18, LegSource.ORGANIZER, p90=18, metres=900),
    Way("Venetian", "MGM Grand", 49, LegSource.ESTIMATE, p90=49, metres=2875),
)
CONFERENCE = Conference("cloud21", "Cloud 21", ZONE, revision=1, seats=True)


def at(hour: int, minute: int = 0, day: int = 29) -> datetime:
    """An instant in Las Vegas on a day of November 2021."""
    return datetime(2021, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=8)


def session(code: str, starts_at: datetime, venue: Venue = FORUM, minutes: int = 60, **more: Any) -> Session:
    """A session whose id is its code in small letters."""
    values = {"title": f"All about {code}", "room": f"Room {code}", **more}
    return Session(
        code.lower(),
        code,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        venue=venue.name,
        **values,
    )


ARC = session(
    "ARC301",
    at(9),
    VENETIAN,
    title="Queues that never sleep",
    speakers=("Ada Byron",),
    track="Architecture",
    level="300",
)
SEC = session(
    "SEC203",
    at(11),
    FORUM,
    title="Keys, locks and doors",
    recorded=Recorded.YES,
    track="Security",
    level="200",
)
DAT = session(
    "DAT310", at(11, 30), FORUM, title="Counting to infinity", recorded=Recorded.NO, track="Data", level="300"
)
DAT_AGAIN = session(
    "DAT310-R", at(15), MGM, title="Counting to infinity", recorded=Recorded.NO, track="Data", level="300"
)
KEY = session("KEY001", at(8, 30, 30), MGM, title="Opening keynote", recorded=Recorded.YES)
SESSIONS = (ARC, SEC, DAT, DAT_AGAIN, KEY)


def schedule(sessions: Sequence[Session] = SESSIONS, **more: Any) -> Schedule:
    """A small conference over three hotels."""
    topics = (
        Topic("Wi-Fi", "Network Cloud, no password.", "everywhere", "all day"),
        Topic("Lunch", "In every hotel."),
    )
    values = {"venues": (VENETIAN, FORUM, MGM, NOWHERE), "ways": WAYS, "topics": topics, **more}
    return Schedule(
        more.pop("conference", CONFERENCE),
        sessions=tuple(sessions),
        **{k: v for k, v in values.items() if k != "conference"},
    )


def attendee(id_: int = 1, **more: Any) -> Attendee:
    """Somebody in the community `club` on the console."""
    return replace(Attendee(id_, Community(1, "console", "club", "cloud21"), f"user{id_}"), **more)


def nudge(who: int, subject: str, due_at: datetime, **more: Any) -> Nudge:
    """A leave-by nudge that expires half an hour after it is due."""
    values: dict[str, Any] = {"revision": 1, "expires_at": due_at + timedelta(minutes=30), **more}
    return Nudge(values.pop("kind", NudgeKind.LEAVE_BY), who, subject, due_at=due_at, **values)


def draft(*sessions: Session, **more: Any) -> Draft:
    """A schedule file that has these sessions."""
    rows = [_row(talk) for talk in sessions]
    return Draft("test", "file.csv", "Cloud 21", ZONE, sessions=rows, **more)


def _row(talk: Session) -> DraftSession:
    return DraftSession(
        talk.code,
        talk.title,
        talk.starts_at,
        talk.length,
        talk.venue,
        talk.room,
        talk.id,
        talk.code,
        talk.abstract,
        talk.speakers,
        talk.track,
        talk.level,
        talk.kind,
        talk.language,
        talk.recorded,
        talk.cancelled,
        recording_url=talk.recording_url,
        overflow=talk.overflow,
    )
