"""Whom an announcement reaches, and where it is posted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.app.messages import File
from bot.app.ports import Delivery, Work
from bot.app.say import Outlook
from bot.domain.announcement import Announcement, How
from bot.domain.attendee import Attendee, Community
from bot.domain.audience import Sieve, check_hotel, sieve_of
from bot.domain.nudge import Nudge, NudgeKind, Place
from bot.domain.schedule import Schedule
from bot.domain.spoken import read_quiet_hours

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Case:
    """An announcement with everything that its next step needs."""

    announcement: Announcement
    communities: Mapping[int, Community]
    author: Attendee | None
    schedule: Schedule

    @property
    def community(self) -> Community:
        """Whose it is."""
        return self.communities[self.announcement.community]

    @property
    def sieve(self) -> Sieve:
        """Its audience as it was when it went out."""
        announcement = self.announcement
        return sieve_of(announcement.audience, self.schedule, announcement.fired_at or announcement.created_at)


def channels_of(announcement: Announcement, community: Community) -> tuple[str, ...]:
    """Where it is posted in a community: where it says, or where that community wants announcements."""
    if announcement.how is How.DM:
        return ()
    own = announcement.channels if community.id == announcement.community else ()
    return own or ((community.notices,) if community.notices else ())


def nudge_of(
    announcement: Announcement,
    schedule: Schedule,
    now: datetime,
    reader: Attendee | None = None,
    place: Place | None = None,
) -> Nudge:
    """What one reader or channel is owed; quiet hours hold it unless it is urgent."""
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
    )


async def check_crowd(work: Work, announcement: Announcement, schedule: Schedule, now: datetime) -> None:
    """Refuse an audience by which somebody's hotel could be guessed; raises `BadInput`."""
    if announcement.audience.hotels:
        counts = []
        for audience in (announcement.audience, announcement.audience.without_hotels):
            who = (announcement.communities, schedule.conference.slug, sieve_of(audience, schedule, now))
            counts.append((await work.audiences.crowd(*who)).people)
        check_hotel(counts[0], counts[1] - counts[0])


async def outlook_of(
    work: Work, announcement: Announcement, communities: Iterable[Community], schedule: Schedule, now: datetime
) -> Outlook:
    """What it would come to if it went out at its moment; raises `BadInput` if somebody's hotel could be guessed."""
    at = max(announcement.due_at(schedule, now) or now, now)
    who = (announcement.communities, schedule.conference.slug, sieve_of(announcement.audience, schedule, at))
    crowd = await work.audiences.crowd(*who)
    if announcement.audience.hotels:
        wider = sieve_of(announcement.audience.without_hotels, schedule, at)
        check_hotel(crowd.people, (await work.audiences.crowd(*who[:2], wider)).people - crowd.people)
    zone = schedule.conference.tz
    held = sum(number for hours, number in crowd.dms.items() if hours and read_quiet_hours(hours).end_after(at, zone))
    channels = tuple(channel for each in communities for channel in channels_of(announcement, each))
    return Outlook(crowd, channels, held)


async def report_file(work: Work, announcement: Announcement) -> File:
    """What became of it: one line a message and nobody named, or sums where lines would tell of hotels."""
    if announcement.audience.hotels:
        states = (await work.mailings.tally(announcement.id)).states
        shown = announcement.audience.shown
        rows = ["state,messages", *(f'{state},"{shown(number)}"' for state, number in sorted(states.items()))]
    else:
        rows, last = ["message,to,state,why,due,settled,delay_seconds"], 0
        while batch := await work.mailings.after(announcement.id, last, CHUNK):
            rows += map(_row, batch)
            last = batch[-1].id
    return File(f"announcement-{announcement.id}.csv", "text/csv", "\r\n".join(rows) + "\r\n")


def _row(delivery: Delivery) -> str:
    due, settled = max(delivery.nudge.due_at, delivery.owed_at), delivery.settled_at
    delay = f"{(settled - due).total_seconds():.3f}" if settled else ""
    to = "channel" if delivery.nudge.place else "person"
    why = '"' + delivery.error.replace('"', '""') + '"' if delivery.error else ""
    ended = settled.isoformat(timespec="milliseconds") if settled else ""
    begun = due.isoformat(timespec="milliseconds")
    return f"{delivery.id},{to},{delivery.state},{why},{begun},{ended},{delay}"
