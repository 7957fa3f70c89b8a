"""The decorate stage, and the replies that the dispatcher gives without running a command."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from bot.app.access.identity import delivery_warning, find_attendee, tenant_buttons
from bot.app.command_spec import Call, Command
from bot.app.messages import Button, Reply, Request, Text, Typed
from bot.app.ports import UnitOfWork
from bot.app.text import Reader, either, line_of, sentence
from bot.domain.attendee.attendee import Attendee
from bot.domain.schedule.session import Session

MAX_SIMILAR_COMMANDS = 3


async def decorate(reply: Reply, request: Request, attendee: Attendee, work: UnitOfWork, *, is_direct: bool) -> Reply:
    """Add buttons for other communities to a direct message, and a warning if the requester cannot be reached."""
    if is_direct:
        reply = replace(reply, buttons=(*reply.buttons, *await tenant_buttons(work, request)))
    # The command may have solved the problem, or removed the attendee: read again.
    current = await find_attendee(work, request) if delivery_warning(attendee) else None
    if current and (warning := delivery_warning(current)):
        await work.people.save_reach({attendee.id: replace(attendee.reach, told=True)})
        lines, buttons = (*reply.lines, *warning.lines), (*reply.buttons, *warning.buttons)
        reply = replace(reply, lines=lines, buttons=buttons)
    return reply


def with_changes(reply: Reply, call: Call, reader: Reader) -> Reply:
    """Say first what changed in the schedule since the message whose button was pressed."""
    seen = call.request.seen
    if seen is None:
        return reply
    sessions = [value for value in call.values.values() if isinstance(value, Session) and seen < value.revision]
    return replace(reply, lines=(*(_change_line(session, reader) for session in sessions), *reply.lines))


def _change_line(session: Session, reader: Reader) -> Text:
    return sentence("This has changed since that message: ", *line_of(session, reader, day=True), ".")


def is_new_list(reply: Reply, request: Request, attendee: Attendee) -> bool:
    """Whether the reply numbers sessions in a way that has to be stored for the next command."""
    return bool(reply.listed) and reply.listed != attendee.last_list and not request.glance


def unknown_command(name: str, commands: Mapping[str, Command]) -> Reply:
    """Say that there is no such command, with buttons for commands of a similar name."""
    similar = get_close_matches(name.casefold(), commands, MAX_SIMILAR_COMMANDS)
    hint = f" Did you mean {either([f'/{other}' for other in similar])}?" if similar else ""
    text = sentence(f"There is no command /{name}.{hint} ", Typed("/help"), " lists them all.")
    return Reply((text,), buttons=tuple(Button(f"/{other}", other) for other in similar), is_error=True)


async def ask_for_conference(work: UnitOfWork) -> Reply:
    """Ask which conference the community follows, with a button for each; an error if there is none."""
    published = await work.conferences.published()
    if not published:
        text = sentence("There is no conference yet. An organizer brings one in: ", Typed("hallway import FILE"), ".")
        return error_reply(text)
    buttons = tuple(Button(conference.title, "conference", {"name": conference.slug}) for conference in published)
    return Reply((sentence("Which conference does this community follow?"),), buttons=buttons)


def error_reply(text: Text) -> Reply:
    """A reply after which nothing is stored."""
    return Reply((text,), is_error=True)
