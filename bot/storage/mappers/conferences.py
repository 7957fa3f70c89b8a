"""Conferences, venues, ways, topics and sessions as rows."""

from datetime import date, time
from typing import Any

from sqlalchemy import RowMapping

from bot.app.ports import ConferenceRecord
from bot.domain.schedule.conference import Conference, KindLine, Topic
from bot.domain.schedule.organizer_changes import ChangeKind, OrganizerChange
from bot.domain.schedule.session import Recorded, Session, SessionState
from bot.domain.travel.room_ways import RoomWay
from bot.domain.travel.venue import DoorTime, Entrance, Place, Venue
from bot.domain.travel.way import LegSource, Mode, Way

Row = RowMapping
RECORD_COLUMNS = ("published", "archived", "owner")
"""The columns of a conference that are no part of its schedule."""


def session_row(slug: str, session: Session) -> dict[str, Any]:
    """Return all columns of a session."""
    return {
        "conference": slug,
        "id": session.id,
        "code": session.code,
        "title": session.title,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "venue": session.venue,
        "room": session.room,
        "abstract": session.abstract,
        "speakers": list(session.speakers),
        "track": session.track,
        "level": session.level,
        "kind": session.kind,
        "language": session.language,
        "recorded": session.recorded.value,
        "state": session.state.value,
        "revision": session.revision,
        "recording_url": session.recording_url,
        "recording_at": session.recording_at,
        "overflow": session.overflow,
    }


def session_of(row: Row) -> Session:
    """Build a session from its columns."""
    values = {name: value for name, value in row.items() if name != "conference"}
    values["speakers"] = tuple(values["speakers"])
    values["recorded"] = Recorded(values["recorded"])
    values["state"] = SessionState(values["state"])
    return Session(**values)


def conference_of(row: Row) -> Conference:
    """Build a conference from its columns."""
    values = {name: value for name, value in row.items() if name not in RECORD_COLUMNS}
    return Conference(**{**values, "lines": tuple(KindLine(**line) for line in row["lines"])})


def record_of(row: Row) -> ConferenceRecord:
    """Build a conference with who may follow it."""
    return ConferenceRecord(conference_of(row), **{name: row[name] for name in RECORD_COLUMNS})


def venue_row(slug: str, position: int, venue: Venue) -> dict[str, Any]:
    """Return all columns of a venue. `position` keeps the order of the organizers' list."""
    return {
        "conference": slug,
        "position": position,
        "name": venue.name,
        "aliases": list(venue.aliases),
        "lat": venue.lat,
        "lon": venue.lon,
        "minutes_inside": venue.minutes_inside,
        "rooms": [[each.rooms, each.minutes] for each in venue.door_times],
        "entrances": [[door.lat, door.lon, door.step_free] for door in venue.entrances],
        "outline": [list(point) for point in venue.outline],
    }


def venue_of(row: Row) -> Venue:
    """Build a venue from its columns."""
    return Venue(
        name=row["name"],
        aliases=tuple(row["aliases"]),
        lat=row["lat"],
        lon=row["lon"],
        minutes_inside=row["minutes_inside"],
        door_times=tuple(DoorTime(rooms, minutes) for rooms, minutes in row["rooms"]),
        entrances=tuple(Entrance(*door) for door in row["entrances"]),
        outline=tuple((lat, lon) for lat, lon in row["outline"]),
    )


def way_row(slug: str, way: Way) -> dict[str, Any]:
    """Return all columns of a way."""
    return {
        "conference": slug,
        "origin": way.origin,
        "target": way.target,
        "mode": way.mode.value,
        "source": way.source.name,
        "minutes": way.minutes,
        "p90": way.p90,
        "metres": way.metres,
        "step_free": None if way.step_free is None else str(way.step_free),
        "outdoor": way.outdoor,
        "wait": way.wait,
        "days": None if way.days is None else "".join(map(str, sorted(way.days))),
        "hours": "-".join(moment.isoformat() for moment in way.hours) if way.hours else None,
        "both_ways": way.both_ways,
        "samples": way.samples,
        "as_of": way.as_of.isoformat() if way.as_of else None,
        "line": [list(point) for point in way.line],
    }


def way_of(row: Row) -> Way:
    """Build a way from its columns."""
    days, hours, as_of = row["days"], row["hours"], row["as_of"]
    first, _, last = (hours or "").partition("-")
    return Way(
        origin=row["origin"],
        target=row["target"],
        minutes=row["minutes"],
        source=LegSource[row["source"]],
        p90=row["p90"],
        mode=Mode(row["mode"]),
        metres=row["metres"],
        step_free=_step_free_of(row["step_free"]),
        outdoor=row["outdoor"],
        wait=row["wait"],
        days=None if days is None else frozenset(map(int, days)),
        hours=(time.fromisoformat(first), time.fromisoformat(last)) if hours else None,
        both_ways=row["both_ways"],
        samples=row["samples"],
        as_of=date.fromisoformat(as_of) if as_of else None,
        line=tuple((lat, lon) for lat, lon in row["line"]),
    )


def _step_free_of(text: str | None) -> int | bool | None:
    if text is None or text in ("True", "False"):
        return None if text is None else text == "True"
    return int(text)


def room_way_row(slug: str, way: RoomWay) -> dict[str, Any]:
    """Return all columns of a way between two rooms."""
    return {
        "conference": slug,
        "origin": way.origin.venue,
        "origin_room": way.origin.room,
        "target": way.target.venue,
        "target_room": way.target.room,
        "minutes": way.minutes,
        "metres": way.metres,
        "as_of": way.as_of.isoformat() if way.as_of else None,
    }


def room_way_of(row: Row) -> RoomWay:
    """Build a way between two rooms from its columns."""
    return RoomWay(
        origin=Place(row["origin"], row["origin_room"]),
        target=Place(row["target"], row["target_room"]),
        minutes=row["minutes"],
        metres=row["metres"],
        as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
    )


def topic_row(slug: str, position: int, topic: Topic) -> dict[str, Any]:
    """Return all columns of a topic."""
    about = {"name": topic.name, "text": topic.text, "place": topic.place, "hours": topic.hours}
    return {"conference": slug, "position": position, **about}


def topic_of(row: Row) -> Topic:
    """Build a topic from its columns."""
    return Topic(name=row["name"], text=row["text"], place=row["place"], hours=row["hours"])


def change_row(slug: str, change: OrganizerChange) -> dict[str, Any]:
    """Return all columns of an organizer's change."""
    facts = {"number": change.number, "name": change.name, "at": change.at, "patch": change.patch}
    return {"conference": slug, "kind": change.kind.value, **facts}


def change_of(row: Row) -> OrganizerChange:
    """Build an organizer's change from its columns."""
    return OrganizerChange(row["number"], ChangeKind(row["kind"]), row["name"], row["at"], row["patch"])
