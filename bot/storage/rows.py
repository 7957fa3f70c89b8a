"""Rows and the domain's values: one pair of functions for each."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any

from sqlalchemy import RowMapping

from bot.app.ports import Delivery, DeliveryState
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Community, Here, Privacy, Reach
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.nudges.nudge import Nudge, NudgeKind, Place
from bot.domain.schedule.conference import Conference, Topic
from bot.domain.schedule.session import Recorded, Session, SessionState
from bot.domain.schedule.travel import Leg, LegSource, Mode, Pace
from bot.domain.schedule.venue import Venue
from bot.domain.schedule.zones import QuietHours
from bot.storage.types import from_microseconds, to_json, to_microseconds

Row = RowMapping
KINDS = {kind.value: kind for kind in NudgeKind}
KIND_NAMES = {kind: kind.value for kind in NudgeKind}
STATES = {state.value: state for state in DeliveryState}
PACES = {pace.name: pace for pace in Pace}
PRIVACIES = {privacy.value: privacy for privacy in Privacy}
"""Looked up for every row of a peak: a call of the enumeration costs seven times as much."""


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


def attendee_row(attendee: Attendee) -> dict[str, Any]:
    """What can change about an attendee, as a row."""
    here = attendee.here
    return {
        "name": attendee.name,
        "zone": attendee.zone,
        "stay": attendee.stay,
        "here_venue": here.venue if here else None,
        "here_at": here.at if here else None,
        "pace": attendee.pace.name,
        "stride": attendee.stride,
        "notice": attendee.notice,
        "arrive_early": attendee.arrive_early,
        "quiet": str(attendee.quiet) if attendee.quiet else None,
        "nudges_on": attendee.nudges_on,
        "agreed_at": attendee.agreed_at,
        "privacy": attendee.privacy.value,
        "last_list": list(attendee.last_list),
        "threads": attendee.threads,
        "announcements": attendee.announcements,
    }


def reach_row(reach: Reach) -> dict[str, Any]:
    """How somebody is reached, as columns of the attendee."""
    return {name: getattr(reach, name) for name in ("channel", "refused", "told", "thread")}


def community_row(community: Community) -> dict[str, Any]:
    """What can change about a community, as a row."""
    names = ("conference", "name", "reminders", "digest", "left_at", "role", "role_name", "notices")
    return {name: getattr(community, name) for name in names}


_PERSON = ("id", "community", "user", "name", "zone", "stay", "here_venue", "here_at", "pace", "stride", "notice")
_WISHES = ("arrive_early", "quiet", "nudges_on", "agreed_at", "privacy", "last_list", "threads")
_REACHED = ("channel", "refused", "told", "thread", "current", "announcements")
ATTENDEE = (*_PERSON, *_WISHES, *_REACHED)
"""The columns that make an attendee, in the order in which `attendee_of` takes them."""


def attendee_of(row: Sequence[Any], communities: Mapping[int, Community]) -> Attendee:
    """The attendee of a row of the columns `ATTENDEE`."""
    id_, community, user, name, zone, stay, venue, here_at, pace, stride, notice, *rest = row
    early, quiet, on, agreed_at, privacy, listed, threads, *reached, current, news = rest
    here = Here(venue, here_at) if venue else None
    told = (name, zone, stay, here, PACES[pace], stride, notice, early, _quiet_of(quiet), on, agreed_at)
    kept = (PRIVACIES[privacy], tuple(listed), threads, Reach(*reached), current, news)
    return Attendee(id_, communities[community], user, *told, *kept)


def _quiet_of(text: str | None) -> QuietHours | None:
    return QuietHours(*(time.fromisoformat(part) for part in text.split("-"))) if text else None


def attendance_row(attendee: int, conference: str, attendance: Attendance) -> dict[str, Any]:
    """A choice as a row."""
    return {
        "attendee": attendee,
        "conference": conference,
        "session": attendance.session,
        "choice": attendance.choice.value,
        "reserved": attendance.reserved,
        "backup_of": attendance.backup_of,
        "left_at": attendance.left_at,
        "known": known_row(attendance.known) if attendance.known else None,
    }


def attendance_of(row: Row) -> Attendance:
    """The choice of a row."""
    facts = (row["reserved"], row["backup_of"], row["left_at"])
    return Attendance(row["session"], Choice(row["choice"]), *facts, known_of(row["known"]))


def known_row(known: LastNotified) -> list[Any]:
    """What is known of a session as plain values."""
    instants = (to_microseconds(each) for each in (known.starts_at, known.ends_at, known.since))
    return [*instants, known.venue, known.room, known.state.value, known.told]


def known_of(values: list[Any] | None) -> LastNotified | None:
    """The other way round."""
    if values is None:
        return None
    starts, ends, since, venue, room, state, told = values
    at = from_microseconds
    return LastNotified(at(starts), at(ends), venue, room, SessionState(state), at(since), told)


OWED: Mapping[str, type[int | str]] = {
    "key": str,
    "attendee": int,
    "channel": str,
    "platform": str,
    "community": int,
    "kind": str,
    "subject": str,
    "revision": int,
    "due_at": int,
    "expires_at": int,
    "facts": str,
    "catch_up": int,
    "early": int,
    "patience": int,
    "owed_at": int,
    "wake_at": int,
    "state": str,
    "attempt": int,
    "error": str,
}
"""The columns of a nudge that is owed, as they lie in the database: thousands are owed at once."""


def owed_row(community: Community, nudge: Nudge, key: str, now: int) -> tuple[int | str | None, ...]:
    """A nudge that is owed as a row of the columns `OWED`, with its `key`, from `now` in microseconds."""
    place, change = nudge.place, retimed(nudge)
    whose = (nudge.attendee or None, place.channel if place else "", community.platform, community.id)
    about = (KIND_NAMES[nudge.kind], nudge.subject, nudge.revision)
    patience = int(nudge.patience.total_seconds())
    return (key, *whose, *about, *change, patience, now, change[0], DeliveryState.OWED.value, 0, "")


def retimed(nudge: Nudge) -> tuple[int, int, str, int, int]:
    """What of a nudge changes with its plan, as `due_at`, `expires_at`, `facts`, `catch_up` and `early`."""
    moments = to_microseconds(nudge.due_at), to_microseconds(nudge.expires_at)
    return (*moments, to_json(dict(nudge.facts)), int(nudge.catch_up), int(nudge.early.total_seconds()))


_WRITTEN = ("id", "attendee", "channel", "community", "kind", "subject", "revision", "due_at", "expires_at", "facts")
_BECAME = ("catch_up", "owed_at", "state", "attempt", "settled_at", "error", "early", "stands_in", "stands_as")
DELIVERY = (*_WRITTEN, *_BECAME)
"""The columns that make a delivery, in the order in which `delivery_of` takes them."""


def delivery_of(row: Sequence[Any]) -> Delivery:
    """The delivery of a row of the columns `DELIVERY`."""
    id_, attendee, channel, community, kind, subject, revision, due, expires, facts, *rest = row
    catch_up, owed, state, attempt, settled, error, early, stands_in, stands_as = rest
    place = Place(community, channel) if channel else None
    about = (KINDS[kind], attendee or 0, subject, revision, due, expires, facts, catch_up)
    nudge = Nudge(*about, place, timedelta(seconds=early))
    return Delivery(id_, nudge, owed, STATES[state], attempt, settled, error, stands_in, stands_as)
