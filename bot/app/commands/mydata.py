"""`/mydata`: all data about the attendee, as a file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import Enum

from bot.app.command_spec import Call, Command, Context
from bot.app.messages import File, Reply, Typed
from bot.app.ports import Delivery
from bot.app.text import t
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.private_address import PrivateAddress
from bot.domain.schedule.session import BLOCK_ID, Session


async def handle(_: Call, context: Context) -> Reply:
    """Return one JSON file: the person, the choices in this conference and the nudges."""
    attendee = context.attendee
    chosen = await context.attendances()
    deliveries = await context.work.deliveries.of_attendee(attendee.id)
    data = {**_personal_data(attendee, chosen, deliveries, context), **await _organized(context)}
    address = await context.work.addresses.of_attendee(attendee.id)
    data["private_address"] = _address_data(address) if address else None
    answers = await context.work.feedback.of_attendee(attendee.id, context.schedule.conference.slug)
    data["feedback"] = [{name: _plain(value) for name, value in asdict(answer).items()} for answer in answers]
    content = json.dumps(data, ensure_ascii=False, indent=2)
    text = t("This is everything I know about you. To remove it: {forget}", forget=Typed("/forgetme"))
    return Reply((text,), files=(File("hallway-my-data.json", "application/json", content + "\n"),))


def _personal_data(
    attendee: Attendee, chosen: Sequence[Attendance], deliveries: Sequence[Delivery], context: Context
) -> dict[str, object]:
    about = {name: _plain(value) for name, value in asdict(attendee).items() if name not in ("id", "community")}
    about["community"] = {"platform": attendee.community.platform, "tenant": attendee.community.tenant}
    about["quiet"] = str(attendee.quiet) if attendee.quiet else None
    sessions = [{name: _plain(value) for name, value in asdict(attendance).items()} for attendance in chosen]
    nudges = [
        {
            "kind": delivery.nudge.kind.value,
            "about": delivery.nudge.subject,
            "due_at": delivery.nudge.due_at.isoformat(),
            "state": delivery.state.value,
        }
        for delivery in deliveries
    ]
    own = [attendance for attendance in chosen if attendance.session.startswith(BLOCK_ID)]
    blocks = [_block(block) for attendance in own if (block := context.schedule.by_id.get(attendance.session))]
    return {
        "conference": context.schedule.conference.slug,
        "you": about,
        "sessions": sessions,
        "blocks": blocks,
        "nudges": nudges,
    }


def _address_data(address: PrivateAddress) -> dict[str, object]:
    """Return when the address was made, and what the calendars that subscribed to it have received."""
    events = [{"title": event.title, "starts_at": _plain(event.starts_at)} for event in address.events.values()]
    return {"since": _plain(address.made_at), "calendar": events}


def _block(block: Session) -> dict[str, object]:
    times = {"starts_at": block.starts_at.isoformat(), "ends_at": block.ends_at.isoformat()}
    return {"id": block.id, "title": block.title, **times, "venue": block.venue}


async def _organized(context: Context) -> dict[str, object]:
    """Data about organizers, former organizers and people whose organizer commands were refused."""
    work, here, user = context.work, context.attendee.community.id, context.attendee.user
    organizers = [organizer for organizer in await work.organizers.of_community(here) if organizer.user == user]
    entries = await work.audit.by_user(here, user)
    return {
        "organizer": {"since": _plain(organizers[0].since), "until": _plain(organizers[0].until)}
        if organizers
        else None,
        "organizer_log": [{"at": _plain(entry.at), "what": entry.what, "allowed": entry.allowed} for entry in entries],
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value.name.lower() if isinstance(value, Enum) else value


COMMAND = Command("mydata", "Everything I know about you, as a file", handle)
