"""`/organizer [list|add|remove|role|log]`: who organizes this community, and what was done with that."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.app.access.authorization import resolve_person
from bot.app.command_spec import (
    ROLE,
    UNTIL,
    USER,
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
from bot.app.messages import Button, Card, Reply, Text, Typed
from bot.app.text import Reader, sentence
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.domain.errors import BadInputError

MOST_SHOWN, MOST_BUTTONS = 25, 4

ACTION = Param("action", choice("list", "add", "remove", "role", "log"), "what to do; list if nothing")
PERSON = Param("person", USER, "whom to add or remove")
TILL = Param(
    "until",
    UNTIL,
    "when that ends, such as tuesday 18:00 or 2h; without it, never",
    keyword="until",
    keyword_required=True,
)
GROUP = Param("role", ROLE, "the role whose members are organizers, where the platform has roles")

LIST, LOG = Button("Organizers", "organizer", {"action": "list"}), Button("Log", "organizer", {"action": "log"})


async def handle(call: Call, context: Context) -> Reply:
    """Every action answers with what is so afterwards."""
    action = call.get(ACTION) or "list"
    if call.request.roles is None and (call.get(GROUP) is not None or action == "role"):
        message = "There are no roles on this platform: type /organizer add PERSON, with until TIME if it shall end."
        raise BadInputError(message)
    return await ACTIONS[action](call, context)


async def _list(_: Call, context: Context) -> Reply:
    community, reader = context.attendee.community, Reader.of(context.attendee, context.schedule)
    made = await context.work.organizers.of_community(community.id)
    head = sentence(f"Whoever manages {community.called} on its platform is an organizer, and so are:")
    lines = [sentence(each.called, _until(each, reader, context)) for each in made]
    lines += [sentence(f"everybody with the role {community.role_name}")] if community.role else []
    lines = lines or [sentence("nobody else. ", Typed("/organizer add PERSON until TIME"), " adds somebody.")]
    removed = [Button(f"Remove {each.called}", "organizer", _removing(each)) for each in made[:MOST_BUTTONS]]
    return Reply((head,), (Card("Organizers", tuple(lines)),), (*removed, LOG))


async def _add(call: Call, context: Context) -> Reply:
    await _must_stay(call, context)
    community, until = context.attendee.community, call.get(TILL)
    person = await _somebody(call, context)
    added = Organizer(person.id, person.name, context.now, until)
    await context.work.organizers.add(community.id, added)
    reader = Reader.of(context.attendee, context.schedule)
    theirs = ", ".join(f"/{name}" for name, each in context.commands.items() if each.access is Access.ORGANIZERS)
    told = sentence(f"{added.called} is an organizer now", _until(added, reader, context), ".")
    return Reply((told, sentence(f"What organizers have: {theirs}.")), buttons=(LIST,))


async def _remove(call: Call, context: Context) -> Reply:
    await _must_stay(call, context)
    community, role = context.attendee.community, call.get(GROUP)
    if role:
        if role.id != community.role:
            message = f"Members with the role {role.called} are no organizers by that."
            raise BadInputError(message)
        await context.work.communities.save(replace(community, role="", role_name=""))
        return Reply(
            (sentence(f"The role {community.role_name} makes nobody an organizer any more."),), buttons=(LIST,)
        )
    person = await _somebody(call, context)
    if not await context.work.organizers.remove(community.id, person.id):
        message = f"Nobody made {person.called} an organizer here. Who manages the community on its platform stays one."
        raise BadInputError(message)
    return Reply((sentence(f"{person.called} is no organizer any more."),), buttons=(LIST,))


async def _role(call: Call, context: Context) -> Reply:
    community, role = context.attendee.community, call.get(GROUP)
    if role is None:
        taken = Button(f"Without {community.role_name}", "organizer", {"action": "remove", "role": community.role})
        told = f"Members with the role {community.role_name} are organizers."
        none = "No role makes its members organizers: choose one with this command."
        return Reply((sentence(told if community.role else none),), buttons=(taken,) if community.role else ())
    await _must_stay(call, context)
    if not role.sure:
        message = f"{role.id!r} is not a role whose members can be organizers: choose one from the list."
        raise BadInputError(message)
    await context.work.communities.save(replace(community, role=role.id, role_name=role.called))
    return Reply((sentence(f"Members with the role {role.called} are organizers now."),), buttons=(LIST,))


async def _log(_: Call, context: Context) -> Reply:
    community, reader = context.attendee.community, Reader.of(context.attendee, context.schedule)
    deeds = await context.work.audit.latest(community.id, MOST_SHOWN)
    return Reply(
        (), (Card("What organizers did, newest first", tuple(_line(each, reader) for each in deeds)),), (LIST,)
    )


async def _must_stay(call: Call, context: Context) -> None:
    """Who is an organizer for a while does not decide who is one: else nobody's time would ever be over."""
    asker, request = context.attendee, call.request
    by_role = asker.community.role and asker.community.role in (request.roles or ())
    if request.organizer or by_role:
        return
    for each in await context.work.organizers.of_community(asker.community.id):
        if each.user == asker.user and each.until:
            message = "You are an organizer for a while only: who else is one is decided by those who stay."
            raise BadInputError(message)


async def _somebody(call: Call, context: Context) -> Mention:
    """The person who is meant, by an id that the platform gave."""
    typed, action = call.get(PERSON), call.get(ACTION)
    if typed is None:
        message = f"Who? Type /organizer {action} and the person."
        raise BadInputError(message)
    person = await resolve_person(context.work, context.attendee.community, typed)
    if person.sure or call.request.by_name:
        return person
    message = f"I know nobody here whose name is {typed.id!r}: choose the person from the list, so that I can be sure."
    raise BadInputError(message)


def _removing(organizer: Organizer) -> Mapping[str, str]:
    return {"action": "remove", "person": organizer.user}


def _until(organizer: Organizer, reader: Reader, context: Context) -> Text:
    if organizer.until is None:
        return ()
    over = "" if organizer.is_one_at(context.now) else ", which is over"
    return sentence(", until ", reader.day_time(organizer.until), over)


def _line(deed: AuditEntry, reader: Reader) -> Text:
    about = f" ({deed.concerned})" if deed.about else ""
    came_to = "" if deed.allowed and not deed.failed else ", which failed" if deed.allowed else ", which was refused"
    return sentence(reader.day_time(deed.at), f" {deed.doer}: {deed.what}{about}{came_to}")


ACTIONS: Mapping[str, Callable[[Call, Context], Awaitable[Reply]]] = {
    "list": _list,
    "add": _add,
    "remove": _remove,
    "role": _role,
    "log": _log,
}

COMMAND = Command(
    "organizer",
    "Who organizes this community, and what they did",
    handle,
    (ACTION, PERSON, GROUP, TILL),
    access=Access.ORGANIZERS,
    effect=Effect.WRITE,
    requires=Requirement.COMMUNITY,
    examples=("/organizer add @bob until tuesday 18:00", "/organizer remove @bob", "/organizer log"),
)
