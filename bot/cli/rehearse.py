"""`hallway rehearse OLD NEW`: which messages the attendees of sample agendas would get about a new schedule."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from adapters.console import ConsoleMessenger, Sink
from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Reply
from bot.app.ports import DeliveryFilter, Lane, Receipt, Store
from bot.app.registry import all_commands, all_nudges
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.importer import ingest
from bot.app.schedules.replanning import replan_affected
from bot.app.simulation import Rehearsal
from bot.app.text import n, plain
from bot.cli.database import temporary_store
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Community
from bot.domain.errors import BadInputError
from bot.domain.imports.draft import Draft
from bot.domain.imports.report import ImportReport
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.zones import day_bounds
from bot.domain.travel.venue import Venue
from bot.search import index_of
from bot.timing.clock import RehearsalClock

SLUG, PLATFORM, TENANT = "rehearsal", "console", "rehearsal"
NAMES = ("anna", "ben", "chidi", "dina", "emil", "fatou", "gero", "hana", "ivan", "jun", "kemal", "lea", "milo", "noor")
A_DAY = 4
"""Maximum number of sessions on a sample agenda: one person can attend about so many in a day, with walks."""
UNCONCERNED = 2
"""How many of the last names are people whose sessions do not change."""
BEFORE = timedelta(hours=10)
"""From 18:00 on the evening before until 04:00, when the first day begins."""

Agendas = Mapping[str, Sequence[Attendance]]


@dataclass(slots=True)
class Letters(ConsoleMessenger):
    """A messenger that shows only messages about changes, and records their recipients."""

    notified: list[str] = field(default_factory=list)

    def lane(self, community: Community) -> Lane:
        """Return one lane without a rate limit."""
        return Lane(PLATFORM, DeliveryFilter(PLATFORM, community.id))

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Show a message about changes; accept any other nudge, but do not show it."""
        if self.backend and kind == NudgeKind.SESSION_CHANGED:
            self.notified.append(attendee.user)
            return await ConsoleMessenger.send(self, attendee, key, kind, content)
        return Receipt(attendee.reach)


@dataclass(frozen=True, slots=True)
class RehearsalOptions:
    """How to read both versions of the schedule, and when the new version arrives.

    Attributes:
        zone: time zone to use in place of that of the files; "" to use that of the files.
        venues: venues to use in place of those of the files, if any.
        at: when the new version arrives; None for the evening before the first day.
        agendas: CSV file of agendas; None for sample agendas.
    """

    zone: str = ""
    venues: Sequence[Venue] = ()
    at: datetime | None = None
    agendas: Path | None = None


async def rehearse(old: Draft, new: Draft, terms: RehearsalOptions, sink: Sink) -> None:
    """Import `old`, let sample people choose sessions, import `new`, and show the messages that result.

    Runs on a temporary database. The configured one is not touched, and nothing is sent to a platform.

    Raises:
        BadInputError: a draft or the file of agendas cannot be used.
    """
    async with temporary_store() as store:
        await _rehearse_on(store, old, new, terms, sink)


async def _rehearse_on(store: Store, old: Draft, new: Draft, terms: RehearsalOptions, sink: Sink) -> None:
    clock = RehearsalClock(datetime.fromisoformat("2000-01-01T00:00Z"))
    before = (await ingest(store, old, SLUG, clock.now(), zone=terms.zone, venues=terms.venues)).schedule
    clock.move_to(terms.at or day_bounds(before.days[0], before.conference.tz)[0] - BEFORE)
    report = await ingest(store, new, SLUG, clock.now(), zone=terms.zone, venues=terms.venues, dry_run=True)
    agendas = read_agendas(terms.agendas, before) if terms.agendas else sample_agendas(before, _changed(report))
    await _gathered(store, agendas, before, clock.now())
    letters = Letters(sink=sink)
    schedules = ScheduleCache(index_of)
    scheduler = DeliveryScheduler(
        store, clock, schedules, {PLATFORM: letters}, all_nudges(), [DeliveryFilter(PLATFORM)]
    )
    rehearsal = Rehearsal(Dispatcher(store, clock, schedules, all_commands()), scheduler, clock)
    await rehearsal.look_at(PLATFORM, TENANT)
    letters.backend = rehearsal
    for line in chain(report.changes(), [""]):
        sink.note(line)
    await ingest(store, new, SLUG, clock.now(), zone=terms.zone, venues=terms.venues, force=True)
    ends = max(session.ends_at for session in (*before.sessions, *report.schedule.sessions))
    await rehearsal.wait(max(ends - clock.now(), timedelta()))
    reached, people = len(set(letters.notified)), plain(n("{count} person", "{count} people", len(agendas)))
    messages = plain(n("{count} message", "{count} messages", len(letters.notified)))
    sink.note(f"{reached} of {people} get a message ({messages} in all). Nobody else does.")


def sample_agendas(schedule: Schedule, changed: Collection[str]) -> Agendas:
    """Return example agendas of one day for a few people.

    Each agenda has one of the `changed` sessions, with other sessions around it; those of the last people have no
    changed session.
    """
    touched = [schedule.by_id[id_] for id_ in sorted(changed) if id_ in schedule.by_id]
    touched.sort(key=lambda session: (session.starts_at, session.code))
    some = touched[:: max(1, -(-len(touched) // (len(NAMES) - UNCONCERNED)))]
    calm = [session for session in schedule.sessions if session.takes_place and session.id not in changed]
    agendas = {name: _day(session, schedule.sessions) for name, session in zip(NAMES, some, strict=False)}
    quiet = zip(NAMES[-UNCONCERNED:], calm[:: max(1, len(calm) // UNCONCERNED)], strict=False)
    return agendas | {name: _day(session, calm) for name, session in quiet}


def _day(wanted: Session, others: Iterable[Session]) -> Sequence[Attendance]:
    """Return the choices of a day: `wanted`, with a reserved seat, and sessions at least half an hour before or after.

    Args:
        wanted: the session around which the day is built.
        others: the sessions from which the others are chosen.
    """
    chosen, apart = [wanted], timedelta(minutes=30)
    near = sorted(others, key=lambda other: (abs(other.starts_at - wanted.starts_at), other.code))
    for other in near:
        free = all(
            other.starts_at >= taken.ends_at + apart or taken.starts_at >= other.ends_at + apart for taken in chosen
        )
        if free and len(chosen) < A_DAY and abs(other.starts_at - wanted.starts_at) < timedelta(hours=10):
            chosen.append(other)
    return [Attendance(session.id, reserved=session is wanted) for session in chosen]


def read_agendas(path: Path, schedule: Schedule) -> Agendas:
    """Read agendas from a CSV file with the columns who, code and choice (going, reserved or backup).

    Raises:
        BadInputError: the file cannot be read, or a line is wrong.
    """
    agendas: dict[str, list[Attendance]] = defaultdict(list)
    try:
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, ValueError, csv.Error) as error:
        raise BadInputError(
            "{name} cannot be read: name a CSV with the columns who, code and choice.", name=path.name
        ) from error
    for number, row in enumerate(rows, 2):
        session = schedule.by_code.get((row.get("code") or "").strip().upper())
        who, choice = (row.get("who") or "").strip(), (row.get("choice") or "going").strip()
        if session is None or not who or choice not in ("going", "reserved", "backup"):
            raise BadInputError(
                "{name}, line {number}: who, a code of the old schedule, and going, reserved or backup.",
                name=path.name,
                number=number,
            )
        kind = Choice.BACKUP if choice == "backup" else Choice.GOING
        agendas[who].append(Attendance(session.id, kind, reserved=choice == "reserved"))
    return agendas


def _changed(report: ImportReport) -> Collection[str]:
    changes = report.difference
    return {change.after.id for change in changes.changed if change.matters} | {gone.id for gone in changes.removed}


async def _gathered(store: Store, agendas: Agendas, schedule: Schedule, now: datetime) -> None:
    """Store the people with their agendas; all of them stay at the first venue."""
    stay = schedule.venues[0].name if schedule.venues else None
    async with store.write_transaction() as work:
        for user, chosen in agendas.items():
            attendee = await work.people.join(PLATFORM, TENANT, user)
            await work.people.save(replace(attendee, agreed_at=now, stay=stay))
            for attendance in chosen:
                await work.attendances.put(attendee.id, SLUG, attendance)
        await replan_affected(work, schedule, None, now)
