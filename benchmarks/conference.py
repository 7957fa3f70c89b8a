"""A made-up conference: sessions over five days and six hotels, and attendees with ten choices each."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import insert

from bot.domain.attendee.attendee import Attendance, Attendee, Community, Reach
from bot.domain.attendee.departure import Departure, Origin
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Conference, Schedule
from bot.domain.schedule.session import Session
from bot.domain.travel.venue import Venue
from bot.storage import tables
from bot.storage.mappers.attendances import attendance_row
from bot.storage.mappers.people import attendee_row
from bot.storage.unit_of_work import SqlStore
from migrations import run

T = TypeVar("T")
SLUG = "crowd"
OPENS = datetime(2021, 11, 29, 16, tzinfo=UTC)
DUE = OPENS - timedelta(minutes=30)
"""When every nudge of `owed` is due."""
NAMES = ("Venetian", "Wynn", "Encore", "Caesars Forum", "MGM Grand", "Mandalay Bay")
WORDS = (
    "queues keys cells caches graphs lakes meshes drills fleets twins canaries tables shards models".split()  # noqa: SIM905 — one line instead of sixteen
)
CHOICES, CHUNK = 10, 1_000
Chosen = Sequence[tuple[Attendee, Sequence[Attendance]]]


def schedule(count: int) -> Schedule:
    """`count` sessions on a half-hour grid of five days."""
    random_ = random.Random(1)
    venues = tuple(Venue(name, (), 36.10 + n / 200, -115.17 - n / 500) for n, name in enumerate(NAMES))
    sessions = []
    for n in range(count):
        starts = OPENS + timedelta(days=n % 5, minutes=30 * random_.randrange(20))
        title = f"{random_.choice(WORDS)} and {random_.choice(WORDS)} number {n}"
        abstract = " ".join(random_.choices(WORDS, k=40))
        venue = random_.choice(NAMES)
        code, ends = f"{venue[:3].upper()}{n}", starts + timedelta(hours=1)
        sessions.append(Session(f"s{n}", code, title, starts, ends, venue, f"Room {n % 40}", abstract))
    return Schedule(Conference(SLUG, "Crowd", "America/Los_Angeles", revision=1), venues, (), tuple(sessions))


def attendees(count: int, community: Community, user: str = "user{}", channel: str = "") -> list[Attendee]:
    """Attendees with ids from 1. `user` and `channel` are templates of their ids on the platform."""
    random_, agreed = random.Random(2), OPENS - timedelta(days=30)
    return [
        Attendee(
            n,
            community,
            user.format(n),
            stay=random_.choice(NAMES),
            agreed_at=agreed,
            name="somebody",
            reach=Reach(channel.format(n)),
        )
        for n in range(1, count + 1)
    ]


def with_choices(people: Sequence[Attendee], made: Schedule) -> Chosen:
    """Each with ten sessions of one day, half of them reserved."""
    random_ = random.Random(2)
    days = [list(made.on(day)) for day in made.days]
    return [
        (
            person,
            [
                Attendance(session.id, reserved=random_.random() < 0.5)
                for session in random_.sample(days[person.id % len(days)], CHOICES)
            ],
        )
        for person in people
    ]


async def filled(url: str, made: Schedule, people: Chosen) -> SqlStore:
    """A new store with the schedule and one community, whose attendees are `people`."""
    await run.upgrade(url)
    store = SqlStore.at(url)
    community = people[0][0].community
    async with store.write_transaction() as work:
        await work.conferences.save(made)
        added = await work.communities.add(community.platform, community.tenant)
        await work.communities.save(replace(added, conference=SLUG))
        connection = work.people.connection
        for some in chunks(people):
            attendee_rows = [
                {**attendee_row(person), "id": person.id, "community": added.id, "user": person.user}
                for person, _ in some
            ]
            await connection.execute(insert(tables.attendee), attendee_rows)
            choice_rows = [attendance_row(person.id, SLUG, choice) for person, chosen in some for choice in chosen]
            if choice_rows:
                await connection.execute(insert(tables.attendance), choice_rows)
        await work.people.save_reach({person.id: person.reach for person, _ in people if person.reach.channel})
    return store


async def owed(store: SqlStore, people: Sequence[Attendee], due: datetime = DUE) -> None:
    """Plan one leave-by nudge for each; it is not sent before it is due."""
    async with store.write_transaction() as work:
        for some in chunks(people):
            plans = [(person, [leave_by(person, due)]) for person in some]
            await work.deliveries.reconcile(plans, DUE - timedelta(hours=1))


def leave_by(person: Attendee, due: datetime) -> Nudge:
    """The nudge of one attendee, about a session of the first day."""
    facts = Departure(due, 10, 10, Origin.UNKNOWN).facts
    return Nudge(NudgeKind.LEAVE_BY, person.id, f"s{5 * (person.id % 100)}", 1, due, due + timedelta(minutes=30), facts)


def chunks(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """A thousand at a time, as Hallway stores a plan."""
    for start in range(0, len(things), CHUNK):
        yield things[start : start + CHUNK]
