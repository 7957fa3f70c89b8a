"""The personal data that parameters are read with: the person's own entries and chosen sessions."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from bot.app.access.identity import get_or_create_attendee
from bot.app.command_spec import Access, Command, Param, StaticContext
from bot.app.messages import Request
from bot.app.ports import UnitOfWork
from bot.app.schedules.blocks import own_schedule
from bot.app.schedules.following import store_default_conference
from bot.domain.attendee.attendee import Attendee

C = TypeVar("C", bound=StaticContext)


async def personal(
    context: C, command: Command, params: Iterable[Param[Any]], attendee: Attendee, work: UnitOfWork
) -> C:
    """Return the context with the person's own entries, and with their chosen sessions if `params` need them.

    Organizers' commands always use the common schedule.
    """
    if command.access is Access.EVERYONE:
        context = replace(context, schedule=await own_schedule(work, attendee, context.schedule))
    if any(param.type.chosen_first for param in params):
        chosen = await work.attendances.of_attendee(attendee.id, context.schedule.conference.slug)
        context = replace(context, chosen=[attendance.session for attendance in chosen])
    return context


async def join(work: UnitOfWork, request: Request) -> Attendee:
    """Return the requester as an attendee; their community keeps the conference that it follows by default."""
    attendee = await get_or_create_attendee(work, request)
    return replace(attendee, community=await store_default_conference(work, attendee.community))
