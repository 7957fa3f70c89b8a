"""Attendees as rows."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from bot.domain.attendee.attendee import Attendee, Community, Here, Privacy, Reach
from bot.domain.schedule.travel import Pace
from bot.domain.schedule.zones import QuietHours

PACES = {pace.name: pace for pace in Pace}


PRIVACIES = {privacy.value: privacy for privacy in Privacy}
"""Looked up for every row of a peak: a call of the enumeration costs seven times as much."""


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


_PERSON = ("id", "community", "user", "name", "zone", "stay", "here_venue", "here_at", "pace", "stride", "notice")


_WISHES = ("arrive_early", "quiet", "nudges_on", "agreed_at", "privacy", "last_list", "threads")


_REACHED = ("channel", "refused", "told", "thread", "current", "announcements")


ATTENDEE_COLUMNS = (*_PERSON, *_WISHES, *_REACHED)
"""The columns that make an attendee, in the order in which `attendee_of` takes them."""


def attendee_of(row: Sequence[Any], communities: Mapping[int, Community]) -> Attendee:
    """The attendee of a row of the columns `ATTENDEE_COLUMNS`."""
    id_, community, user, name, zone, stay, venue, here_at, pace, stride, notice, *rest = row
    early, quiet, on, agreed_at, privacy, listed, threads, *reached, current, news = rest
    here = Here(venue, here_at) if venue else None
    told = (name, zone, stay, here, PACES[pace], stride, notice, early, _quiet_of(quiet), on, agreed_at)
    kept = (PRIVACIES[privacy], tuple(listed), threads, Reach(*reached), current, news)
    return Attendee(id_, communities[community], user, *told, *kept)


def _quiet_of(text: str | None) -> QuietHours | None:
    return QuietHours(*(time.fromisoformat(part) for part in text.split("-"))) if text else None
