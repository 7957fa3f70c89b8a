"""The recipients of an announcement: people and channels, counts, preview and report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.app.messages import Card, File
from bot.app.ports import AudienceCount, Delivery, Lane, Outlet, UnitOfWork
from bot.app.text import CommunityPreview, Preview, Report, announcement_body, community_text, s
from bot.domain.announcements.announcement import Announcement, How
from bot.domain.announcements.audience import AudienceFilter, audience_filter, check_hotel
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import PERSON, ChannelTarget, Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule
from bot.domain.times.time_parsing import read_quiet_hours

CHUNK = 1_000
NOWHERE: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AnnouncementContext:
    """An announcement with the data its next step needs; `lost` are linked communities that may not get it now."""

    announcement: Announcement
    communities: Mapping[int, Community]
    author: Attendee | None
    schedule: Schedule
    lost: Mapping[int, str] = field(default_factory=dict)

    @property
    def community(self) -> Community:
        """The community in which the announcement was made."""
        return self.communities[self.announcement.community]

    @property
    def skipped(self) -> tuple[tuple[int, str], ...]:
        """The linked communities that do not get the announcement now, each with the reason."""
        linked = ((id_, self.communities.get(id_)) for id_ in self.announcement.linked)
        why = (
            (id_, unreached(self.announcement, community, self.lost) if community else self.lost.get(id_, GONE))
            for id_, community in linked
        )
        return tuple((id_, reason) for id_, reason in why if reason)

    @property
    def narrowed(self) -> Announcement:
        """The announcement without the skipped communities."""
        skipped = dict(self.skipped)
        linked = tuple(id_ for id_ in self.announcement.linked if id_ not in skipped)
        return replace(self.announcement, linked=linked, skipped=(*self.announcement.skipped, *skipped.items()))

    @property
    def audience(self) -> AudienceFilter:
        """The filter of the announcement's audience, as of the moment of sending."""
        announcement = self.announcement
        return audience_filter(announcement.audience, self.schedule, announcement.fired_at or announcement.created_at)


def channels_of(announcement: Announcement, community: Community) -> tuple[str, ...]:
    """Return the channels of an announcement in a community: its own, or the community's announcements channel."""
    if announcement.how is How.DM:
        return ()
    own = announcement.channels if community.id == announcement.community else ()
    return own or (() if community.notices is None else (community.notices,))


def nudge_of(
    announcement: Announcement,
    schedule: Schedule,
    now: datetime,
    reader: Attendee | None = None,
    place: ChannelTarget | None = None,
) -> Nudge:
    """Make the nudge for one person or channel; quiet hours delay it unless it is urgent."""
    quiet = reader.quiet if reader and not announcement.urgent else None
    held = quiet.end_after(now, schedule.conference.tz) if quiet else None
    return Nudge(
        NudgeKind.ANNOUNCEMENT,
        reader.id if reader else 0,
        str(announcement.id),
        1,
        due_at=held or now,
        expires_at=announcement.expires_at(schedule, announcement.fired_at or now),
        place=place,
        facts={PERSON: f"{reader.community.platform}:{reader.user}"} if reader and announcement.linked else {},
    )


async def check_size(
    work: UnitOfWork, announcement: Announcement, schedule: Schedule, now: datetime, size: AudienceCount | None = None
) -> None:
    """Raise `BadInputError` for an audience that would reveal a person's hotel; `size` is its size, if known."""
    if announcement.audience.hotels:
        communities, slug = announcement.communities, schedule.conference.slug
        inside = size or await work.audiences.count(
            communities, slug, audience_filter(announcement.audience, schedule, now)
        )
        wider = audience_filter(announcement.audience.without_hotels, schedule, now)
        check_hotel(inside.people, (await work.audiences.count(communities, slug, wider)).people - inside.people)


GONE = "I was removed from it"
NO_CHANNEL = "it has no announcements channel"
Lost = Mapping[int, str]
"""Linked communities that may not get an announcement now, each with the reason."""


def unreached(announcement: Announcement, community: Community, lost: Lost) -> str:
    """Return why a community does not get the announcement, "" if it does."""
    lacks_channel = announcement.how is How.CHANNEL and not channels_of(announcement, community)
    return lost.get(community.id) or (NO_CHANNEL if lacks_channel else "")


async def preview_of(
    work: UnitOfWork,
    announcement: Announcement,
    communities: Sequence[Community],
    schedule: Schedule,
    now: datetime,
    outlets: Mapping[str, Outlet] = NOWHERE,
    lost: Lost = NOWHERE,
) -> Preview:
    """Preview an announcement: how many recipients there are in each community at the time of sending.

    Raises:
        BadInputError: the numbers would reveal a person's hotel.
    """
    reachable = replace(announcement, linked=tuple(id_ for id_ in announcement.linked if id_ not in lost))
    at = max(announcement.due_at(schedule, now) or now, now)
    audience = (schedule.conference.slug, audience_filter(announcement.audience, schedule, at))
    size = await work.audiences.count(reachable.communities, *audience)
    await check_size(work, reachable, schedule, at, size)
    parts, posts_alone = [], announcement.how is How.CHANNEL
    for community in communities if announcement.linked else ():
        describe = outlets[community.platform].describe_card if community.platform in outlets else None
        looks = _layout(announcement, describe) if describe else ""
        why_not = unreached(announcement, community, lost)
        direct = 0 if why_not or posts_alone else (await work.audiences.count([community.id], *audience)).reached
        parts.append(
            CommunityPreview(community, direct, () if why_not else channels_of(announcement, community), looks, why_not)
        )
    loads = [(part.community, part.direct) for part in parts] or [
        (community, size.reached) for community in communities
    ]
    seconds = 0.0 if posts_alone else seconds_for(loads, outlets)
    zone = schedule.conference.tz
    held = sum(number for hours, number in size.dms.items() if hours and read_quiet_hours(hours).end_after(at, zone))
    own = next(community for community in communities if community.id == announcement.community)
    return Preview(size, channels_of(announcement, own), held, seconds, tuple(parts))


def _layout(announcement: Announcement, describe: Callable[[Card], str]) -> str:
    """How an announcement looks on a platform, in words."""
    _, cards = announcement_body(announcement.words, urgent=announcement.urgent)
    return s("the text first, then {card}", card=describe(cards[0])) if cards else s("only the text")


def seconds_for(loads: Iterable[tuple[Community, int]], outlets: Mapping[str, Outlet]) -> float:
    """Return how many seconds the platforms need to send a number of messages to each community.

    Lanes send in parallel; the messages of one lane are sent one after another.
    """
    lanes: dict[Lane, int] = {}
    for community, messages in loads:
        if community.platform in outlets:
            lane = outlets[community.platform].lane(community)
            lanes[lane] = lanes.get(lane, 0) + messages
    return max((messages / lane.a_second for lane, messages in lanes.items()), default=0.0)


async def report_of(work: UnitOfWork, announcement: Announcement, *, delayed: bool = True) -> Report:
    """Count the deliveries by state, also by community if there are several, and with delays if `delayed`."""
    tally = await work.announcement_deliveries.stats(announcement.id)
    delays = await work.announcement_deliveries.delays(announcement.id) if delayed else None
    skipped = dict(announcement.skipped)
    if not announcement.linked and not skipped:
        return Report(tally, delays)
    communities = await work.communities.by_id([*announcement.communities, *skipped])
    present = [communities[id_] for id_ in announcement.communities if id_ in communities]
    parts = [
        (community, await work.announcement_deliveries.stats(announcement.id, community.id)) for community in present
    ]
    names = {
        id_: community_text(communities[id_]) if id_ in communities else "A community that is gone" for id_ in skipped
    }
    return Report(tally, delays, tuple(parts), tuple((names[id_], why) for id_, why in announcement.skipped))


def remaining_seconds(report: Report, community: Community, outlets: Mapping[str, Outlet]) -> float:
    """Return how many seconds the remaining deliveries take."""
    parts = [(community, part.remaining) for community, part in report.parts]
    return seconds_for(parts or [(community, report.tally.remaining)], outlets)


async def report_file(work: UnitOfWork, announcement: Announcement) -> File:
    """Return a CSV with one line for each message, without names; only sums if lines would reveal hotels."""
    if announcement.audience.hotels:
        states = (await work.announcement_deliveries.stats(announcement.id)).states
        size_text = announcement.audience.size_text
        rows = ["state,messages", *(f'{state},"{size_text(number)}"' for state, number in sorted(states.items()))]
    else:
        rows, last = [f"message,to,state,why,due,settled,delay_seconds{',community' * bool(announcement.linked)}"], 0
        while batch := await work.announcement_deliveries.next_page(announcement.id, last, CHUNK):
            community_names = await _communities(work, batch) if announcement.linked else {}
            rows += [
                _row(delivery) + (f",{community_names.get(delivery.id, '')}" if announcement.linked else "")
                for delivery in batch
            ]
            last = batch[-1].id
    return File(f"announcement-{announcement.id}.csv", "text/csv", "\r\n".join(rows) + "\r\n")


async def _communities(work: UnitOfWork, batch: Sequence[Delivery]) -> Mapping[int, str]:
    """The community of each message, as `discord:1234`; none for people who asked to be forgotten."""
    people = await work.people.by_id({delivery.nudge.attendee for delivery in batch})
    communities = await work.communities.by_id(
        {delivery.nudge.place.community for delivery in batch if delivery.nudge.place}
    )
    readers = ((delivery.id, people.get(delivery.nudge.attendee)) for delivery in batch)
    by_delivery = {id_: reader.community for id_, reader in readers if reader}
    places = ((delivery.id, delivery.nudge.place) for delivery in batch)
    by_delivery |= {
        id_: communities[place.community] for id_, place in places if place and place.community in communities
    }
    return {id_: f"{community.platform}:{community.tenant}" for id_, community in by_delivery.items()}


def _row(delivery: Delivery) -> str:
    due, settled = max(delivery.nudge.due_at, delivery.owed_at), delivery.settled_at
    delay = f"{(settled - due).total_seconds():.3f}" if settled else ""
    target = "channel" if delivery.nudge.place else "person"
    why = '"' + delivery.error.replace('"', '""') + '"' if delivery.error else ""
    ended = settled.isoformat(timespec="milliseconds") if settled else ""
    begun = due.isoformat(timespec="milliseconds")
    return f"{delivery.id},{target},{delivery.state},{why},{begun},{ended},{delay}"
