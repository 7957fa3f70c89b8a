"""The consent of organizers to direct messages: managing a schedule gives it, and the answer says so."""

from dataclasses import replace
from datetime import datetime

from bot.app.ports import UnitOfWork


async def agree(work: UnitOfWork, attendee: int, now: datetime) -> None:
    """Record that an organizer may be asked by direct message, unless they agreed before."""
    people = await work.people.by_id([attendee])
    person = people.get(attendee)
    if person and person.agreed_at is None:
        await work.people.save(replace(person, agreed_at=now))
