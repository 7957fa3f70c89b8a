"""Conferences, venues, legs, topics and sessions as rows."""

from typing import Any

from sqlalchemy import RowMapping

from bot.domain.schedule.conference import Conference, Topic
from bot.domain.schedule.session import Recorded, Session, SessionState
from bot.domain.schedule.travel import Leg, LegSource, Mode
from bot.domain.schedule.venue import Venue

Row = RowMapping


def session_row(slug: str, session: Session) -> dict[str, Any]:
    """A session of a conference as a row."""
    names = (
        "id",
        "code",
        "title",
        "starts_at",
        "ends_at",
        "venue",
        "room",
        "abstract",
        "track",
        "level",
        "kind",
    )
    row = {name: getattr(session, name) for name in (*names, "language", "revision")}
    return {
        **row,
        "conference": slug,
        "speakers": list(session.speakers),
        "recorded": session.recorded.value,
        "state": session.state.value,
    }


def session_of(row: Row) -> Session:
    """The session of a row."""
    values = {name: value for name, value in row.items() if name != "conference"}
    values["speakers"] = tuple(values["speakers"])
    values["recorded"] = Recorded(values["recorded"])
    values["state"] = SessionState(values["state"])
    return Session(**values)


def conference_of(row: Row) -> Conference:
    """The conference of a row."""
    return Conference(**{name: value for name, value in row.items() if name != "published"})


def venue_row(slug: str, position: int, venue: Venue) -> dict[str, Any]:
    """A venue as a row; `position` keeps the order of the organizers' list."""
    return {
        "conference": slug,
        "position": position,
        "name": venue.name,
        "aliases": list(venue.aliases),
        "lat": venue.lat,
        "lon": venue.lon,
        "minutes_inside": venue.minutes_inside,
    }


def venue_of(row: Row) -> Venue:
    """The venue of a row."""
    return Venue(row["name"], tuple(row["aliases"]), row["lat"], row["lon"], row["minutes_inside"])


def leg_row(slug: str, leg: Leg) -> dict[str, Any]:
    """A told leg as a row."""
    return {
        "conference": slug,
        "origin": leg.origin,
        "target": leg.target,
        "source": leg.source.name,
        "minutes": leg.minutes,
        "metres": leg.metres,
        "mode": leg.mode.value,
        "samples": leg.samples,
    }


def leg_of(row: Row) -> Leg:
    """The leg of a row."""
    source, mode = LegSource[row["source"]], Mode(row["mode"])
    return Leg(row["origin"], row["target"], row["minutes"], source, row["metres"], mode, row["samples"])


def topic_row(slug: str, position: int, topic: Topic) -> dict[str, Any]:
    """A topic as a row."""
    about = {"name": topic.name, "text": topic.text, "place": topic.place, "hours": topic.hours}
    return {"conference": slug, "position": position, **about}


def topic_of(row: Row) -> Topic:
    """The topic of a row."""
    return Topic(row["name"], row["text"], row["place"], row["hours"])
