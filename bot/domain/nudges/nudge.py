"""Nudges: the messages Hallway sends on its own. Which ones, when they are due, when they expire, and their keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from hashlib import blake2b

from bot.domain.attendee.agenda import Agenda, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.nudges.changes import PendingChange, pending_changes
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.zones import day_bounds, resolve_wall

MORNING = time(7)
BEFORE_FIRST_NUDGE = timedelta(minutes=30)
"""On early days the brief is due this long before the first leave-by nudge."""
EVENING = time(18)
AFTER_LAST_SESSION = timedelta(minutes=15)
RECAP_KEEPS = timedelta(hours=8)
"""A recap expires at noon of the next day (a day ends at 04:00)."""
SETTLING = timedelta(minutes=5)
"""How long a schedule change must stand before it is sent; doubles with each change sent before."""
LONGEST_SETTLING = timedelta(hours=1)
URGENT = timedelta(hours=2)
"""A change this close to the old or new start is sent at once, also in quiet hours."""


class NudgeKind(StrEnum):
    """The messages that Hallway sends on its own."""

    LEAVE_BY = "leave-by"
    SESSION_CHANGED = "session-changed"
    MORNING_BRIEF = "morning-brief"
    EVENING_RECAP = "evening-recap"
    SCHEDULE_HELD = "schedule-held"
    SCHEDULE_DIGEST = "schedule-digest"
    MISSED = "missed"
    ANNOUNCEMENT = "announcement"


UNPLANNED = (NudgeKind.SCHEDULE_HELD, NudgeKind.SCHEDULE_DIGEST, NudgeKind.MISSED, NudgeKind.ANNOUNCEMENT)
"""Kinds that are created by events, not planned from an agenda."""
LONGEST_AHEAD = timedelta(minutes=10)
"""How early a leave-by nudge may be sent in a peak; its text has absolute times and stays true."""
PATIENCE: Mapping[NudgeKind, timedelta] = {
    NudgeKind.LEAVE_BY: timedelta(),
    NudgeKind.SESSION_CHANGED: timedelta(minutes=1),
    NudgeKind.SCHEDULE_HELD: timedelta(minutes=2),
    NudgeKind.MORNING_BRIEF: timedelta(minutes=20),
    NudgeKind.EVENING_RECAP: timedelta(minutes=30),
    NudgeKind.MISSED: timedelta(minutes=30),
}
"""How long after `due_at` each kind still counts as on time. In a backlog the least patient goes first."""
TOGETHER, MISSED_KEEPS = timedelta(minutes=1), timedelta(hours=12)
"""How long the "missed" summary waits for more entries, and its lifetime."""
PATIENT = timedelta(hours=2)
"""Patience of all other kinds, so that broadcasts never delay urgent personal messages."""


PERSON = "person"
"""Key in `facts`: the recipient of a message that a person in several linked communities must get only once."""


@dataclass(frozen=True, slots=True)
class ChannelTarget:
    """A channel (platform id) of a community (id)."""

    community: int
    channel: str


@dataclass(frozen=True, slots=True)
class Nudge:
    """One planned message.

    Attributes:
        attendee: id of the recipient; 0 if the recipient is a channel (`place`).
        subject: a session's id, a hash of several, or a day as YYYY-MM-DD.
        revision: the state of the subject that the message is about.
        facts: what its text needs and the schedule does not hold.
        catch_up: whether it is still planned when first computed after `due_at`. False for a morning brief: it is
            useless once the morning is over.
        place: the channel it goes to instead of an attendee.
        early: how much earlier it may be sent in a peak.
    """

    kind: NudgeKind
    attendee: int
    subject: str
    revision: int
    due_at: datetime
    expires_at: datetime
    facts: Mapping[str, str | int] = field(default_factory=dict)
    catch_up: bool = True
    place: ChannelTarget | None = None
    early: timedelta = timedelta()

    @property
    def patience(self) -> timedelta:
        """How long after `due_at` it counts as on time."""
        return PATIENCE.get(self.kind, PATIENT)

    @property
    def deadline(self) -> datetime:
        """Until when it counts as on time; due messages are sent in this order."""
        return self.due_at + self.patience

    @property
    def recipient(self) -> str:
        """The part of `key` that identifies the recipient, which is a channel or an attendee."""
        return f"{self.place.community}#{self.place.channel}" if self.place else str(self.attendee)

    @property
    def key(self) -> str:
        """Deduplication key: hash of (kind, recipient, subject, revision).

        `facts[PERSON]` makes the linked attendees of one person one recipient.
        """
        return delivery_key(self.kind, str(self.facts.get(PERSON, self.recipient)), self.subject, self.revision)


def missed(attendee: Attendee, zone: tzinfo, now: datetime) -> Nudge:
    """Return the summary of messages that expired before they could be sent: one per hour, after quiet hours."""
    due = now + TOGETHER
    due = (attendee.quiet.end_after(due, zone) if attendee.quiet else None) or due
    hour = int(now.timestamp()) // 3600
    return Nudge(NudgeKind.MISSED, attendee.id, "away", hour, due, due + MISSED_KEEPS)


def delivery_key(kind: str, recipient: str, subject: str, revision: int) -> str:
    """Return the key of one delivery: a 96-bit hash as 24 hexadecimal digits (Discord's `nonce` holds 25)."""
    text = "\x1f".join((kind, recipient, subject, str(revision)))
    return blake2b(text.encode(), digest_size=12).hexdigest()


def plan_nudges(
    attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, now: datetime
) -> list[Nudge]:
    """Plan every nudge of `attendee` as of `now`, in the order they are due.

    Pure: the same data and `now` give the same plan. The plan leaves out expired nudges, and has only urgent changes in
    quiet hours. It is empty if the attendee has not agreed to nudges or has turned them off.
    """
    if not attendee.nudges_on or attendee.agreed_at is None:
        return []
    chosen = tuple(attendances)
    days = {schedule.day_by_id[each.session] for each in chosen if each.session in schedule.day_by_id}
    agendas = (build_agenda(attendee, chosen, schedule, day) for day in days)
    planned = (nudge for agenda in agendas if agenda.stops for nudge in _day(attendee, agenda, schedule))
    quieted = (_after_quiet(nudge, attendee, schedule) for nudge in planned)
    changes = _changes(attendee, chosen, schedule, now)
    lasting = (n for n in (*quieted, *changes) if n.expires_at > max(now, n.due_at) and (n.catch_up or n.due_at > now))
    return sorted(lasting, key=lambda nudge: (nudge.due_at, nudge.key))


def _day(attendee: Attendee, agenda: Agenda, schedule: Schedule) -> Iterator[Nudge]:
    yield _morning_brief(attendee, agenda, schedule)
    for stop in agenda.stops:
        if not stop.attendance.on_the_way:
            yield _leave_by(attendee, stop)
    yield _evening_recap(attendee, agenda, schedule)


def _leave_by(attendee: Attendee, stop: Stop) -> Nudge:
    departure, session = stop.departure, stop.session
    return Nudge(
        NudgeKind.LEAVE_BY,
        attendee.id,
        session.id,
        session.revision,
        due_at=departure.leave_by - attendee.notice_time,
        expires_at=session.starts_at,
        facts={**departure.facts, "reserved": int(stop.attendance.reserved)},
        early=LONGEST_AHEAD,
    )


def _morning_brief(attendee: Attendee, agenda: Agenda, schedule: Schedule) -> Nudge:
    first = agenda.stops[0]
    nudged_at = first.departure.leave_by - attendee.notice_time
    due = min(_wall(agenda.day, MORNING, schedule), nudged_at - BEFORE_FIRST_NUDGE)
    expires = first.session.starts_at
    return _about_day(NudgeKind.MORNING_BRIEF, attendee, agenda.day, due, expires)


def _evening_recap(attendee: Attendee, agenda: Agenda, schedule: Schedule) -> Nudge:
    over = max(stop.session.ends_at for stop in agenda.stops) + AFTER_LAST_SESSION
    due = max(_wall(agenda.day, EVENING, schedule), over)
    expires = day_bounds(agenda.day, schedule.conference.tz)[1] + RECAP_KEEPS
    return _about_day(NudgeKind.EVENING_RECAP, attendee, agenda.day, due, expires)


def _changes(attendee: Attendee, chosen: Iterable[Attendance], schedule: Schedule, now: datetime) -> Iterator[Nudge]:
    """Group changes of about the same time into one message."""
    news = [each for each in pending_changes(chosen, schedule.by_id) if each.ends_at > now]
    timed = sorted(((_send_at(each, attendee, schedule), each) for each in news), key=_first_due)
    while timed:
        due = timed[0][0]
        batch = [each for at, each in timed if at <= due + SETTLING]
        timed = timed[len(batch) :]
        yield _session_changed(attendee, batch, due)


def _first_due(timed: tuple[datetime, PendingChange]) -> tuple[datetime, datetime, str]:
    return timed[0], timed[1].session.starts_at, timed[1].session.id


def _send_at(news: PendingChange, attendee: Attendee, schedule: Schedule) -> datetime:
    """When to send a change: once it has stood for a while, after quiet hours, at the latest when urgent."""
    last_notified = news.last_notified
    settled = last_notified.since + min(SETTLING * 2 ** min(last_notified.notifications, 8), LONGEST_SETTLING)
    quiet_until = attendee.quiet.end_after(settled, schedule.conference.tz) if attendee.quiet else None
    # A feed that flips a session back and forth must not message the same person twice within minutes.
    soonest = last_notified.since + SETTLING if last_notified.notifications else last_notified.since
    return min(quiet_until or settled, max(soonest, news.starts_at - URGENT))


def _session_changed(attendee: Attendee, batch: Sequence[PendingChange], due: datetime) -> Nudge:
    states = sorted(f"{each.session.id}\x1f{each.session.revision}" for each in batch)
    several = blake2b("\x1e".join(states).encode(), digest_size=12).hexdigest()
    return Nudge(
        NudgeKind.SESSION_CHANGED,
        attendee.id,
        batch[0].session.id if len(batch) == 1 else several,
        max(each.session.revision for each in batch),
        due_at=due,
        expires_at=max(each.ends_at for each in batch),
        facts={each.session.id: each.last_notified.notifications for each in batch},
    )


def _about_day(kind: NudgeKind, attendee: Attendee, day: date, due: datetime, expires: datetime) -> Nudge:
    return Nudge(kind, attendee.id, day.isoformat(), 1, due, expires, catch_up=False)


def _after_quiet(nudge: Nudge, attendee: Attendee, schedule: Schedule) -> Nudge:
    """Move a nudge out of quiet hours, and do not let it be sent early inside them."""
    if attendee.quiet is None:
        return nudge
    zone = schedule.conference.tz
    ends = attendee.quiet.end_after(nudge.due_at, zone)
    if ends is not None:
        return replace(nudge, due_at=ends, early=timedelta())
    ended = attendee.quiet.end_after(nudge.due_at - nudge.early, zone)
    return nudge if ended is None else replace(nudge, early=max(nudge.due_at - ended, timedelta()))


def _wall(day: date, moment: time, schedule: Schedule) -> datetime:
    return resolve_wall(datetime.combine(day, moment), schedule.conference.tz)[0]
