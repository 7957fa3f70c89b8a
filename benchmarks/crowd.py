"""A made-up conference with a crowd: sessions over five days and hotels, attendees with ten choices each."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.domain.attendee.attendee import Attendance, Attendee, Community
from bot.domain.schedule.conference import Conference, Schedule
from bot.domain.schedule.session import Session
from bot.domain.schedule.venue import Venue
from bot.storage import tables
from bot.storage.mappers.attendances import attendance_row
from bot.storage.mappers.people import attendee_row
from bot.storage.unit_of_work import SqlStore
from migrations import run

OPENS = datetime(2021, 11, 29, 16, tzinfo=UTC)
NAMES = ("Venetian", "Wynn", "Encore", "Caesars Forum", "MGM Grand", "Mandalay Bay")
WORDS = [
    "queues",
    "keys",
    "cells",
    "caches",
    "graphs",
    "lakes",
    "meshes",
    "drills",
    "fleets",
    "twins",
    "canaries",
    "tables",
    "shards",
    "models",
]
CHOICES = 10


def schedule(count: int, seed: int = 1) -> Schedule:
    """`count` sessions on a half-hour grid of five days."""
    dice = random.Random(seed)
    venues = tuple(Venue(name, (), 36.10 + n / 200, -115.17 - n / 500) for n, name in enumerate(NAMES))
    sessions = []
    for number in range(count):
        starts = OPENS + timedelta(days=number % 5, minutes=30 * dice.randrange(20))
        title = f"{dice.choice(WORDS)} and {dice.choice(WORDS)} number {number}"
        abstract = " ".join(dice.choices(WORDS, k=40))
        venue = dice.choice(NAMES)
        code = f"{venue[:3].upper()}{number}"
        sessions.append(
            Session(
                f"s{number}", code, title, starts, starts + timedelta(hours=1), venue, f"Room {number % 40}", abstract
            )
        )
    return Schedule(Conference("crowd", "Crowd", "America/Los_Angeles", revision=1), venues, (), tuple(sessions))


def people(count: int, made: Schedule, seed: int = 2) -> list[tuple[Attendee, list[Attendance]]]:
    """`count` attendees, ids from 1, each with ten choices of one day."""
    dice, community = random.Random(seed), Community(1, "console", "crowd", "crowd")
    days = [list(made.on(day)) for day in made.days]
    crowd = []
    for number in range(1, count + 1):
        chosen = dice.sample(days[number % len(days)], CHOICES)
        known = Attendee(
            number, community, f"user{number}", stay=dice.choice(NAMES), agreed_at=OPENS - timedelta(days=30)
        )
        crowd.append((known, [Attendance(each.id, reserved=dice.random() < 0.5) for each in chosen]))
    return crowd


async def filled(
    url: str,
    made: Schedule,
    crowd: list[tuple[Attendee, list[Attendance]]],
    platform: str = "console",
    tenant: str = "crowd",
) -> SqlStore:
    """A store with all of them in it, in one community."""
    await run.upgrade(url)
    store = SqlStore.at(url)
    async with store.write_transaction() as work:
        await work.conferences.save(made)
        await work.communities.save(replace(await work.communities.add(platform, tenant), conference="crowd"))
        connection = work.people.connection
        people_rows: list[dict[str, Any]] = [
            {**attendee_row(known), "id": known.id, "community": 1, "user": known.user} for known, _ in crowd
        ]
        choice_rows = [attendance_row(known.id, "crowd", each) for known, chosen in crowd for each in chosen]
        await connection.execute(insert(tables.attendee), people_rows)
        if choice_rows:
            await connection.execute(insert(tables.attendance), choice_rows)
    return store


def go(work: Any) -> Any:
    """Run a benchmark; returns what it returns."""
    return asyncio.run(work)
