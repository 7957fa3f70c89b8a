"""Attendees as rows."""

from collections.abc import Mapping, Sequence
from datetime import time
from functools import cache, lru_cache
from typing import Any

from bot.domain.attendee.attendee import Attendee, Community, Here, Privacy, Reach
from bot.domain.attendee.proposal import Proposal, TakenSession
from bot.domain.times.hour_format import HourFormat
from bot.domain.times.zones import QuietHours
from bot.domain.travel.map_links import MapApp
from bot.domain.travel.walker import Pace, Walker

# A lookup costs a seventh of a call of the enumeration, and a peak reads thousands of rows.
PACES = {pace.name: pace for pace in Pace}
MAPS = {app.value: app for app in MapApp}
HOURS = {hours.value: hours for hours in HourFormat}
PRIVACIES = {privacy.value: privacy for privacy in Privacy}
ATTENDEE_COLUMNS = (
    "id",
    "community",
    "user",
    "name",
    "zone",
    "stay",
    "here_venue",
    "here_at",
    "pace",
    "stride",
    "notice",
    "arrive_early",
    "quiet",
    "nudges_on",
    "agreed_at",
    "privacy",
    "last_list",
    "threads",
    "channel",
    "refused",
    "told",
    "thread",
    "current",
    "announcements",
    "alarms",
    "hours",
    "locale",
    "proposal",
    "sure",
    "step_free",
    "likes_walking",
    "map",
    "has_blocks",
)
"""The columns of an attendee, in the order that `attendee_of` expects."""


def attendee_row(attendee: Attendee) -> dict[str, Any]:
    """Return the columns that `People.save` writes."""
    here = attendee.here
    return {
        "name": attendee.name,
        "zone": attendee.zone,
        "stay": attendee.stay,
        "here_venue": here.venue if here else None,
        "here_at": here.at if here else None,
        "pace": attendee.walker.pace.name,
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
        "alarms": attendee.alarms,
        "hours": attendee.hours.value if attendee.hours else None,
        "locale": attendee.locale,
        "proposal": _proposal_row(attendee.proposal),
        "sure": attendee.walker.sure,
        "step_free": attendee.walker.step_free,
        "likes_walking": attendee.walker.likes_walking,
        "map": attendee.map.value,
        "has_blocks": attendee.has_blocks,
    }


def reach_row(reach: Reach) -> dict[str, Any]:
    """Return the columns that `People.save_reach` writes."""
    return {"channel": reach.channel, "refused": reach.refused, "told": reach.informed, "thread": reach.thread}


def attendee_of(row: Sequence[Any], communities: Mapping[int, Community]) -> Attendee:
    """Build an attendee.

    Args:
        row: the columns `ATTENDEE_COLUMNS`.
        communities: the communities by id; must contain the attendee's.
    """
    id_, community, user, name, zone, stay, here_venue, here_at, pace, stride, notice, *others = row
    arrive_early, quiet, nudges_on, agreed_at, privacy, last_list, threads, *others = others
    channel, refused, informed, thread, current, announcements, alarms, hours, locale, *others = others
    proposal, sure, step_free, likes_walking, map_, has_blocks = others
    # By position: keywords would take a third longer, and a peak reads thousands of rows.
    return Attendee(
        id_,
        communities[community],
        user,
        name,
        zone,
        stay,
        Here(here_venue, here_at) if here_venue else None,
        _walker_of(pace, sure, step_free, likes_walking),
        stride,
        notice,
        arrive_early,
        _quiet_hours_of(quiet),
        nudges_on,
        agreed_at,
        PRIVACIES[privacy],
        tuple(last_list),
        threads,
        _reach_of(channel, refused, informed, thread),
        current,
        announcements,
        alarms,
        HOURS[hours] if hours else None,
        locale,
        _proposal_of(proposal),
        MAPS[map_],
        has_blocks,
    )


@cache
def _walker_of(pace: str, sure: int, step_free: bool, likes_walking: bool) -> Walker:  # noqa: FBT001 — columns
    return Walker(PACES[pace], sure, step_free, likes_walking)


@lru_cache(4_096)
def _reach_of(channel: str, refused: str, informed: bool, thread: str) -> Reach:  # noqa: FBT001 — columns
    return Reach(channel=channel, refused=refused, informed=informed, thread=thread)


def _proposal_row(proposal: Proposal) -> list[Any] | None:
    adopted = [
        [session.session, session.before, session.must, session.backup_of, session.replaced, session.reserved]
        for session in proposal.taken
    ]
    return [proposal.conference, list(proposal.sessions), adopted] if proposal.conference else None


NO_PROPOSAL = Proposal()


def _proposal_of(row: Sequence[Any] | None) -> Proposal:
    if row is None:
        return NO_PROPOSAL
    conference, sessions, rows = row
    return Proposal(conference, tuple(sessions), tuple(TakenSession(*fields) for fields in rows))


def _quiet_hours_of(text: str | None) -> QuietHours | None:
    return QuietHours(*(time.fromisoformat(part) for part in text.split("-"))) if text else None
