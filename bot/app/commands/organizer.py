"""`/organizer add|remove|list|log`: who organizes this community besides those whom its platform knows."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.app.declare import MOMENT, PERSON, Call, Command, Context, Kind, Param, choice
from bot.app.messages import Button, Card, Reply
from bot.app.ports import Entry, Grant
from bot.app.say import Reader, sentence
from bot.domain.errors import BadInput

SHOWN = 20


def read_until(text: str, context: Context) -> datetime:
    """A moment to come."""
    at = MOMENT.read(text, context).at
    if at is None:
        message = f"{text!r} is no end: type a day and a time, such as friday 18:00."
        raise BadInput(message)
    return at


ACTION = Param("action", choice("list", "add", "remove", "log"), "what to do; list if nothing")
WHO = Param("user", PERSON, "a person or a role, such as @bob")
UNTIL = Param("until", Kind("moment", read_until), "when it ends, such as friday 18:00", lead="until", led=True)


async def handle(call: Call, context: Context) -> Reply:
    """Every action answers with who organizes afterwards, or with the log."""
    return await ACTIONS[call.get(ACTION) or "list"](call, context)


async def _list(_: Call, context: Context) -> Reply:
    return await _shown("Organizers here, besides those who manage this community:", context)


async def _add(call: Call, context: Context) -> Reply:
    user = _named(call)
    _only_managers(call)
    grant = Grant(user, context.attendee.user, context.now, call.get(UNTIL))
    await context.work.organizers.grant(context.attendee.community.id, grant)
    return await _shown(f"{_name(user)} organizes from now on.", context)


async def _remove(call: Call, context: Context) -> Reply:
    user = _named(call)
    _only_managers(call)
    gone = await context.work.organizers.revoke(context.attendee.community.id, user)
    return await _shown(f"{_name(user)} {'organizes no longer' if gone else 'was not on this list'}.", context)


async def _log(_: Call, context: Context) -> Reply:
    entries = await context.work.organizers.log(context.attendee.community.id, SHOWN)
    reader = Reader.of(context.attendee, context.schedule)
    lines = [sentence(reader.day_time(each.at), f" {_said(each)}") for each in entries]
    return Reply((sentence("What organizers did here, the newest first:"),), (Card("The log", tuple(lines)),))


def _said(entry: Entry) -> str:
    name, line = entry.name or "somebody who was forgotten", f"/{entry.command} {entry.told}".strip()
    return f"{name}: {line}" if entry.allowed else f"{name}, refused: {line}"


def _named(call: Call) -> str:
    user = call.get(WHO)
    if user is None:
        message = "Who? Name somebody, such as /organizer add @bob."
        raise BadInput(message)
    return user


def _only_managers(call: Call) -> None:
    """Who was made an organizer makes no others, and stays one no longer than they were meant to."""
    if not call.request.organizer:
        message = "Only those who manage this community on its platform add and remove organizers, and do so in it."
        raise BadInput(message)


async def _shown(head: str, context: Context) -> Reply:
    grants = await context.work.organizers.of(context.attendee.community.id, context.now)
    reader = Reader.of(context.attendee, context.schedule)
    lines = [
        sentence(_name(each.user), *((", until ", reader.day_time(each.until)) if each.until else ()))
        for each in grants
    ]
    card = Card("Organizers", tuple(lines) or (sentence("Nobody else."),))
    return Reply((sentence(head),), (card,), (Button("Log", "organizer", {"action": "log"}),))


def _name(user: str) -> str:
    return f"role {user[1:]}" if user.startswith("&") else f"@{user}"


ACTIONS: Mapping[str, Callable[[Call, Context], Awaitable[Reply]]] = {
    "list": _list,
    "add": _add,
    "remove": _remove,
    "log": _log,
}

COMMAND = Command(
    "organizer",
    "Who organizes here, and what organizers did",
    handle,
    (ACTION, WHO, UNTIL),
    writes=True,
    organizers=True,
    anywhere=True,
    together=True,
    examples=("/organizer add @bob", "/organizer add @bob until friday 18:00", "/organizer log"),
)
