"""`/organizer [list|add|remove|role|log|undo]`: the organizers of the community, the log of their actions, and undo."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.app.access.authorization import resolve_person
from bot.app.command_spec import (
    ROLE,
    UNTIL,
    USER,
    WHOLE,
    Access,
    Call,
    Command,
    Context,
    Effect,
    Mention,
    Param,
    Requirement,
    choice,
)
from bot.app.editing.facts import undo_change
from bot.app.messages import Button, Card, Channel, Part, Reply, Text, Typed
from bot.app.text import Reader, s, t
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.domain.errors import BadInputError

_MENTIONED = re.compile(r"<#(?P<channel>[\w-]{1,100})(?:\|[^<>|]{0,100})?>|<@&[\w.-]{1,100}\|(?P<role>[^<>|]{1,100})>")
"""A channel or a role in a logged line."""
MOST_SHOWN, MOST_BUTTONS = 25, 4

ACTION = Param("action", choice("list", "add", "remove", "role", "log", "undo"), "what to do; without it, list")
PERSON = Param("person", USER, "the person to add or remove")
TILL = Param(
    "until",
    UNTIL,
    "when their role ends, such as tuesday 18:00 or 2h; without it, never",
    keyword="until",
    keyword_required=True,
)
GROUP = Param("role", ROLE, "the role whose members are organizers, where the platform has roles")
CHANGE = Param(
    "change", WHOLE, "the number of the change to undo; without it, the newest", keyword="change", keyword_required=True
)

LIST, LOG = Button(s("Organizers"), "organizer", {"action": "list"}), Button(s("Log"), "organizer", {"action": "log"})


async def handle(call: Call, context: Context) -> Reply:
    """Run the action and reply with the result."""
    action = call.get(ACTION) or "list"
    if call.request.roles is None and (call.get(GROUP) is not None or action == "role"):
        raise BadInputError(s("This platform has no roles. Type /organizer add PERSON until TIME."))
    return await ACTIONS[action](call, context)


async def _list(_: Call, context: Context) -> Reply:
    community, reader = context.attendee.community, Reader.of(context.attendee, context.schedule)
    organizers = await context.work.organizers.of_community(community.id)
    head = t("The managers of {community} are organizers, and so are:", community=community.called)
    items = [_organizer_text(organizer, reader, context) for organizer in organizers]
    items += [t("everybody with the role {role}", role=community.role_name)] if community.role else []
    if not items:
        add = Typed("/organizer add PERSON until TIME")
        only = t(
            "The managers of {community} are the organizers. To add someone: {add}", community=community.called, add=add
        )
        return Reply((only,), buttons=(LOG,))
    remove = [
        Button(s("Remove {name}", name=organizer.called), "organizer", _removing(organizer))
        for organizer in organizers[:MOST_BUTTONS]
    ]
    return Reply((head,), (Card(s("Organizers"), tuple(items)),), (*remove, LOG))


async def _add(call: Call, context: Context) -> Reply:
    await _must_stay(call, context)
    community, until = context.attendee.community, call.get(TILL)
    person = await _somebody(call, context)
    added = Organizer(person.id, person.name, context.now, until)
    await context.work.organizers.add(community.id, added)
    reader = Reader.of(context.attendee, context.schedule)
    commands = [f"/{name}" for name, command in context.commands.items() if command.access is Access.ORGANIZERS]
    if until is None:
        text = t("{name} is now an organizer.", name=added.called)
    else:
        text = t("{name} is now an organizer until {time}.", name=added.called, time=reader.day_time(until))
    hint = t("Organizers can use {commands}.", commands=", ".join(commands))
    return Reply((text, hint), buttons=(LIST,))


async def _remove(call: Call, context: Context) -> Reply:
    await _must_stay(call, context)
    community, role = context.attendee.community, call.get(GROUP)
    if role:
        if role.id != community.role:
            raise BadInputError(s("The role {role} doesn't make anybody an organizer.", role=role.called))
        await context.work.communities.save(replace(community, role=None, role_name=""))
        return Reply(
            (t("The role {role} no longer makes anybody an organizer.", role=community.role_name),), buttons=(LIST,)
        )
    person = await _somebody(call, context)
    if not await context.work.organizers.remove(community.id, person.id):
        raise BadInputError(
            s("{name} wasn't added as an organizer here. Managers of the community always are.", name=person.called)
        )
    return Reply((t("{name} is no longer an organizer.", name=person.called),), buttons=(LIST,))


async def _role(call: Call, context: Context) -> Reply:
    community, role = context.attendee.community, call.get(GROUP)
    if role is None:
        if community.role is None:
            return Reply((t("No role makes people organizers yet. Name one with this command."),))
        label = s("Without {role}", role=community.role_name)
        remove = Button(label, "organizer", {"action": "remove", "role": community.role})
        return Reply((t("Members with the role {role} are organizers.", role=community.role_name),), buttons=(remove,))
    await _must_stay(call, context)
    if not role.sure:
        raise BadInputError(s('"{role}" is not a role that I can use. Choose one from the list.', role=role.id))
    await context.work.communities.save(replace(community, role=role.id, role_name=role.called))
    text = t("Members with the role {role} are now organizers.", role=role.called)
    return Reply((text,), buttons=(LIST,))


async def _log(_: Call, context: Context) -> Reply:
    community, reader = context.attendee.community, Reader.of(context.attendee, context.schedule)
    entries = await context.work.audit.latest(community.id, MOST_SHOWN)
    items = tuple(_line(entry, reader) for entry in entries)
    return Reply((), (Card(s("What organizers did, newest first"), items),), (LIST,))


async def _undo(call: Call, context: Context) -> Reply:
    return await undo_change(context, call.get(CHANGE))


async def _must_stay(call: Call, context: Context) -> None:
    """Refuse organizers whose role ends: they could otherwise extend their own time."""
    asker, request = context.attendee, call.request
    by_role = asker.community.role is not None and asker.community.role in (request.roles or ())
    if request.organizer or by_role:
        return
    for organizer in await context.work.organizers.of_community(asker.community.id):
        if organizer.user == asker.user and organizer.until:
            raise BadInputError(s("Only permanent organizers can do this, and your role ends later."))


async def _somebody(call: Call, context: Context) -> Mention:
    """The named person, by an id from the platform."""
    typed, action = call.get(PERSON), call.get(ACTION)
    if typed is None:
        raise BadInputError(s("Who is it? Type /organizer {action} and the person.", action=str(action)))
    person = await resolve_person(context.work, context.attendee.community, typed)
    if person.sure or call.request.by_name:
        return person
    raise BadInputError(
        s('I don\'t know anybody called "{name}" here. Choose the person from the list.', name=typed.id)
    )


def _removing(organizer: Organizer) -> Mapping[str, str]:
    return {"action": "remove", "person": organizer.user}


def _organizer_text(organizer: Organizer, reader: Reader, context: Context) -> Text:
    if organizer.until is None:
        return t("{name}", name=organizer.called)
    until = reader.day_time(organizer.until)
    if organizer.is_valid_at(context.now):
        return t("{name}, until {time}", name=organizer.called, time=until)
    return t("{name}, until {time} (over)", name=organizer.called, time=until)


def _named(line: str) -> Text:
    """A logged line, with channels and roles by their names."""
    parts: list[Part] = []
    end = 0
    for match in _MENTIONED.finditer(line):
        parts += [line[end : match.start()], Channel(match["channel"]) if match["channel"] else f"@{match['role']}"]
        end = match.end()
    return tuple(part for part in (*parts, line[end:]) if part)


def _line(entry: AuditEntry, reader: Reader) -> Text:
    text = t("{time} {name}: {action}", time=reader.day_time(entry.at), name=entry.doer, action=_named(entry.what))
    text = t("{text} ({person})", text=text, person=entry.concerned) if entry.about else text
    if not entry.allowed:
        return t("{text} (refused)", text=text)
    return t("{text} (failed)", text=text) if entry.failed else text


ACTIONS: Mapping[str, Callable[[Call, Context], Awaitable[Reply]]] = {
    "list": _list,
    "add": _add,
    "remove": _remove,
    "role": _role,
    "log": _log,
    "undo": _undo,
}

COMMAND = Command(
    "organizer",
    "See and change the organizers, and their log",
    handle,
    (ACTION, PERSON, GROUP, TILL, CHANGE),
    access=Access.ORGANIZERS,
    effect=Effect.WRITE_AND_DELIVER,
    requires=Requirement.COMMUNITY,
    examples=("/organizer add @bob until tuesday 18:00", "/organizer remove @bob", "/organizer log", "/organizer undo"),
)
