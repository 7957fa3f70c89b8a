"""Nudges: the messages Hallway sends on its own. Which ones, when they are due, when they expire, and their keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from hashlib import blake2b

from bot.domain.attendee.agenda import ONE_DAY, Agenda, Fit, Stop, build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.recordings import EVENING, new_recordings
from bot.domain.nudges.changes import SETTLING, PendingChange, pending_changes, send_at
from bot.domain.nudges.evening_before import days_announced, evening_before
from bot.domain.nudges.leave_by import (
    NONE_SENT,
    WAIT_FOR_PLACE,
    SentLeaveBy,
    SentLeaveBys,
    is_news,
    stays,
    waits_for_place,
)
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_bounds, resolve_wall
from bot.domain.walks.taps import asked_between

MORNING = time(7)
BEFORE_FIRST_NUDGE = timedelta(minutes=30)
"""On early days the brief is due this long before the first leave-by nudge."""
AFTER_LAST_SESSION = timedelta(minutes=15)
RECAP_KEEPS = timedelta(hours=8)
"""A recap expires at noon of the next day (a day ends at 04:00)."""
BEFORE_QUIET = timedelta(minutes=1)
"""How long before quiet hours the last message comes, which names the leave-by nudge inside them."""


class NudgeKind(StrEnum):
    """The messages that Hallway sends on its own."""

    LEAVE_BY = "leave-by"
    TAKEN_BACK = "taken-back"
    SESSION_CHANGED = "session-changed"
    MORNING_BRIEF = "morning-brief"
    EVENING_RECAP = "evening-recap"
    EVENING_BEFORE = "evening-before"
    EARLY_START = "early-start"
    ARRIVAL = "arrival"
    SCHEDULE_HELD = "schedule-held"
    SCHEDULE_FAILING = "schedule-failing"
    SCHEDULE_RECOVERED = "schedule-recovered"
    SCHEDULE_DIGEST = "schedule-digest"
    EDIT_STANDS = "edit-stands"
    MISSED = "missed"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_HELD = "announcement-held"


UNPLANNED = (
    NudgeKind.SCHEDULE_HELD,
    NudgeKind.SCHEDULE_FAILING,
    NudgeKind.SCHEDULE_RECOVERED,
    NudgeKind.SCHEDULE_DIGEST,
    NudgeKind.EDIT_STANDS,
    NudgeKind.MISSED,
    NudgeKind.ANNOUNCEMENT,
    NudgeKind.ANNOUNCEMENT_HELD,
)
"""Kinds that are created by events, not planned from an agenda."""
AT_LEAST = timedelta(minutes=1)
"""A leave-by nudge is due this long before the start, also where no walk is known and no notice is wished."""
LONGEST_AHEAD = timedelta(minutes=10)
"""How early a leave-by nudge may be sent in a peak; its text has absolute times and stays true."""
PATIENCE: Mapping[NudgeKind, timedelta] = {
    NudgeKind.LEAVE_BY: timedelta(),
    NudgeKind.TAKEN_BACK: timedelta(minutes=1),
    NudgeKind.SESSION_CHANGED: timedelta(minutes=1),
    NudgeKind.SCHEDULE_HELD: timedelta(minutes=2),
    NudgeKind.ANNOUNCEMENT_HELD: timedelta(minutes=1),
    NudgeKind.SCHEDULE_FAILING: timedelta(minutes=10),
    NudgeKind.SCHEDULE_RECOVERED: timedelta(minutes=10),
    NudgeKind.MORNING_BRIEF: timedelta(minutes=20),
    NudgeKind.EVENING_RECAP: timedelta(minutes=30),
    NudgeKind.EVENING_BEFORE: timedelta(minutes=30),
    NudgeKind.EARLY_START: timedelta(minutes=20),
    NudgeKind.ARRIVAL: timedelta(minutes=1),
    NudgeKind.MISSED: timedelta(minutes=30),
}
"""How long after `due_at` each kind still counts as on time. In a backlog the least patient goes first."""
TOGETHER, MISSED_KEEPS = timedelta(minutes=1), timedelta(hours=12)
"""How long the "missed" summary waits for more entries, and its lifetime."""
PATIENT = timedelta(hours=2)
"""Patience of all other kinds, so that broadcasts never delay urgent personal messages."""


BEFORE = "before"
"""Key in `facts`: the id of the session that one has to leave before its end."""
UNDECIDED = "undecided"
"""Key in `facts`: the ids of sessions, one a line, that clash with the plan; the message asks which one it shall be."""
EDITION = "edition"
"""Key in `facts`: the number of a leave-by nudge, from 1, that replaces one because the moment to leave has moved."""
REPLACES = "replaces"
"""Key in `facts`: the moment to leave of the nudge that it replaces, in seconds since 1970."""
ALSO = "also"
"""Key in `facts`: the ids of later sessions in the same room, one a line; nobody is told again to stay for them."""
ASKED = "asked"
"""Key in `facts`: the attendee was asked where they are. In an answer, it asks; in a message, nobody answered it."""
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
        """Deduplication key: hash of (kind, recipient, subject, revision), and of the edition after the first.

        `facts[PERSON]` makes the linked attendees of one person one recipient.
        """
        recipient, edition = str(self.facts.get(PERSON, self.recipient)), self.facts.get(EDITION)
        subject = f"{self.subject}\x1f{edition}" if edition else self.subject
        return delivery_key(self.kind, recipient, subject, self.revision)


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
    attendee: Attendee,
    attendances: Iterable[Attendance],
    schedule: Schedule,
    now: datetime,
    sent: SentLeaveBys = NONE_SENT,
) -> list[Nudge]:
    """Plan every nudge of `attendee` as of `now`, in the order they are due.

    Pure: the same data and `now` give the same plan. The plan leaves out expired nudges, and has only urgent changes in
    quiet hours. It is empty if the attendee has not agreed to nudges or has turned them off.

    Args:
        sent: the leave-by nudges that were sent already; a session is in the plan again only if its advice has moved.
    """
    if not attendee.nudges_on or attendee.agreed_at is None:
        return []
    chosen = tuple(attendances)
    planned = _of_days(attendee, chosen, schedule, now, sent)
    audible = [nudge for nudge in planned if not _is_silenced(nudge, attendee, schedule)]
    quieted = (_after_quiet(nudge, attendee, schedule) for nudge in audible)
    changes = _changes(attendee, chosen, schedule, now)
    early = _early_starts(attendee, planned, schedule)
    lasting = (
        n for n in (*quieted, *changes, *early) if n.expires_at > max(now, n.due_at) and (n.catch_up or n.due_at > now)
    )
    return sorted(lasting, key=lambda nudge: (nudge.due_at, nudge.key))


def silenced_nudges(
    attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule, now: datetime
) -> list[Nudge]:
    """Return the leave-by nudges to come that quiet hours swallow, because the attendee wants no alarms."""
    planned = _of_days(attendee, tuple(attendances), schedule, now)
    silenced = [nudge for nudge in planned if nudge.due_at > now and _is_silenced(nudge, attendee, schedule)]
    return sorted(silenced, key=lambda nudge: nudge.due_at)


def _of_days(
    attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, now: datetime, sent: SentLeaveBys = NONE_SENT
) -> list[Nudge]:
    """The nudges of all days with sessions or new recordings, before quiet hours are taken into account."""
    days = {schedule.day_by_id[each.session] for each in chosen if each.session in schedule.day_by_id}
    agendas = [agenda for day in days if (agenda := build_agenda(attendee, chosen, schedule, day)).path]
    nudges = [nudge for agenda in agendas for nudge in _day(attendee, agenda, schedule, now, sent)]
    before = (_evening_before(attendee, agenda, schedule) for agenda in days_announced(agendas))
    free = new_recordings(chosen, schedule).keys() - {agenda.day for agenda in agendas}
    return [*nudges, *before, *(_evening_recap(attendee, day, schedule) for day in free)]


def _day(attendee: Attendee, agenda: Agenda, schedule: Schedule, now: datetime, sent: SentLeaveBys) -> Iterator[Nudge]:
    yield _morning_brief(attendee, agenda, schedule)
    asked, also = _questions(agenda), stays(agenda, sent, now)
    # A message that asks something is sent also where nobody has to leave.
    named = {id_ for others in also.values() for id_ in others} - asked.keys()
    for stop in agenda.path:
        id_ = stop.session.id
        if stop.session.is_block and not stop.session.venue and id_ not in asked:
            continue
        if not stop.on_the_way and id_ not in named and is_news(stop, sent.get(id_), now, attendee.notice_time):
            facts = {UNDECIDED: asked.get(id_, ()), ALSO: also.get(id_, ())}
            listed = {key: "\n".join(ids) for key, ids in facts.items() if ids}
            yield _leave_by(attendee, stop, listed, sent.get(id_))
        if moments := asked_between(attendee, stop):
            # Its key never changes, so nobody is asked twice.
            yield Nudge(NudgeKind.ARRIVAL, attendee.id, id_, 1, *moments, catch_up=False)
    yield _evening_recap(attendee, agenda.day, schedule, max(stop.session.ends_at for stop in agenda.path))


def _questions(agenda: Agenda) -> Mapping[str, Sequence[str]]:
    """The sessions that each leave-by nudge asks about, by id. It is the last nudge that leaves the choice."""
    undecided = {other.session.id for _, others in agenda.questions for other in others}
    asked: dict[str, list[str]] = {}
    for stop in agenda.stops:
        against = {clash.other.id for clash in stop.clashes}
        rivals = [other for other in agenda.path if other.session.id in against]
        if stop.session.id in undecided and rivals:
            last_moment = min(other.departure.leave_by for other in (stop, *rivals))
            before = [other for other in agenda.path if other.departure.leave_by <= last_moment]
            if before:
                asked.setdefault(before[-1].session.id, []).append(stop.session.id)
    return asked


def _leave_by(attendee: Attendee, stop: Stop, more: Mapping[str, str], sent: SentLeaveBy | None) -> Nudge:
    departure, session = stop.departure, stop.session
    facts = {**departure.facts, "reserved": int(stop.attendance.reserved), **more}
    # Not at the start itself, when it would expire before it is sent.
    due = min(departure.leave_by - attendee.notice_time, session.starts_at - AT_LEAST)
    if sent:
        due = max(due, sent.next_at)
        if edition := sent.next_edition(session.revision):
            facts[EDITION] = edition
        if waits_for_place(stop, sent):
            due, facts[ASKED] = max(due, min(sent.at + WAIT_FOR_PLACE, session.starts_at - AT_LEAST)), 1
        if sent.departure:
            facts[REPLACES] = int(sent.departure.leave_by.timestamp())
    if stop.fit is Fit.TIGHT and stop.before:
        facts[BEFORE] = stop.before.id
    return Nudge(
        NudgeKind.LEAVE_BY,
        attendee.id,
        session.id,
        session.revision,
        due_at=due,
        expires_at=session.starts_at,
        facts=facts,
        early=LONGEST_AHEAD,
    )


def _morning_brief(attendee: Attendee, agenda: Agenda, schedule: Schedule) -> Nudge:
    first = agenda.path[0]
    nudged_at = first.departure.leave_by - attendee.notice_time
    due = min(_wall(agenda.day, MORNING, schedule), nudged_at - BEFORE_FIRST_NUDGE)
    expires = first.session.starts_at
    return _about_day(NudgeKind.MORNING_BRIEF, attendee, agenda.day, due, expires)


def _evening_recap(attendee: Attendee, day: date, schedule: Schedule, over: datetime | None = None) -> Nudge:
    evening, ends = _wall(day, EVENING, schedule), day_bounds(day, schedule.conference.tz)[1]
    due = max(evening, over + AFTER_LAST_SESSION) if over else evening
    return _about_day(NudgeKind.EVENING_RECAP, attendee, day, due, ends + RECAP_KEEPS)


def _evening_before(attendee: Attendee, agenda: Agenda, schedule: Schedule) -> Nudge:
    due = evening_before(attendee, agenda, _wall(agenda.day - ONE_DAY, EVENING, schedule))
    brief = _morning_brief(attendee, agenda, schedule).due_at
    return _about_day(NudgeKind.EVENING_BEFORE, attendee, agenda.day, due, brief)


def _changes(attendee: Attendee, chosen: Iterable[Attendance], schedule: Schedule, now: datetime) -> Iterator[Nudge]:
    """Group changes of about the same time into one message."""
    news = [each for each in pending_changes(chosen, schedule.by_id) if each.ends_at > now]
    timed = sorted(((send_at(each, attendee, schedule.conference.tz), each) for each in news), key=_first_due)
    while timed:
        due = timed[0][0]
        batch = [each for at, each in timed if at <= due + SETTLING]
        timed = timed[len(batch) :]
        yield _session_changed(attendee, batch, due)


def _first_due(timed: tuple[datetime, PendingChange]) -> tuple[datetime, datetime, str]:
    return timed[0], timed[1].session.starts_at, timed[1].session.id


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


def _is_silenced(nudge: Nudge, attendee: Attendee, schedule: Schedule) -> bool:
    """Whether a leave-by nudge is left out: without alarms, quiet hours end only after the moment to leave."""
    if nudge.kind is not NudgeKind.LEAVE_BY or attendee.alarms or attendee.quiet is None:
        return False
    ends = attendee.quiet.end_after(nudge.due_at, schedule.conference.tz)
    return ends is not None and ends > nudge.due_at + attendee.notice_time


def _early_starts(attendee: Attendee, planned: Iterable[Nudge], schedule: Schedule) -> Iterator[Nudge]:
    """A last message before quiet hours that a leave-by nudge falls into."""
    first: dict[datetime, Nudge] = {}
    for nudge in planned:
        if nudge.kind is NudgeKind.LEAVE_BY and attendee.quiet:
            begins = attendee.quiet.begin_before(nudge.due_at, schedule.conference.tz)
            if begins and (begins not in first or nudge.due_at < first[begins].due_at):
                first[begins] = nudge
    for begins, nudge in first.items():
        due = begins - BEFORE_QUIET
        facts = {**nudge.facts, "alarm": int(nudge.due_at.timestamp())}
        yield Nudge(
            NudgeKind.EARLY_START,
            attendee.id,
            nudge.subject,
            nudge.revision,
            due,
            nudge.due_at,
            facts=facts,
            catch_up=False,
        )


def _after_quiet(nudge: Nudge, attendee: Attendee, schedule: Schedule) -> Nudge:
    """Move a nudge out of quiet hours, and do not let it be sent early inside them. An alarm comes when it is due."""
    if attendee.quiet is None or (nudge.kind is NudgeKind.LEAVE_BY and attendee.alarms):
        return nudge
    zone = schedule.conference.tz
    ends = attendee.quiet.end_after(nudge.due_at, zone)
    if ends is not None:
        return replace(nudge, due_at=ends, early=timedelta())
    ended = attendee.quiet.end_after(nudge.due_at - nudge.early, zone)
    return nudge if ended is None else replace(nudge, early=max(nudge.due_at - ended, timedelta()))


def _wall(day: date, moment: time, schedule: Schedule) -> datetime:
    return resolve_wall(datetime.combine(day, moment), schedule.conference.tz)[0]
