"""The decorate stage, and the replies that the dispatcher gives without running a command."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from bot.app.access.identity import delivery_warning, find_attendee, tenant_buttons
from bot.app.command_spec import Call, Command
from bot.app.messages import Button, Reply, Request, Text, Typed
from bot.app.ports import UnitOfWork
from bot.app.schedules.following import available_to
from bot.app.text import Reader, either, session_line, t
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.attendee.proposal import Proposal
from bot.domain.schedule.session import Session

MAX_SIMILAR_COMMANDS = 3


async def decorate(reply: Reply, request: Request, attendee: Attendee, work: UnitOfWork, *, is_direct: bool) -> Reply:
    """Add buttons for other communities to a direct message, and a warning if the requester cannot be reached."""
    if is_direct:
        reply = replace(reply, buttons=(*reply.buttons, *await tenant_buttons(work, request)))
    # The command may have solved the problem, or removed the attendee: read again.
    current = await find_attendee(work, request) if delivery_warning(attendee) else None
    if current and (warning := delivery_warning(current)):
        await work.people.save_reach({attendee.id: replace(attendee.reach, informed=True)})
        lines, buttons = (*reply.lines, *warning.lines), (*reply.buttons, *warning.buttons)
        reply = replace(reply, lines=lines, buttons=buttons)
    return reply


def with_changes(reply: Reply, call: Call, reader: Reader) -> Reply:
    """Say first what changed in the schedule since the message whose button was pressed.

    `seen` is the revision of the first session in the call. If the call has a second session, which the first one
    replaces, the message has already shown how that one changed.
    """
    seen = call.request.seen
    first = next((value for value in call.values.values() if isinstance(value, Session)), None)
    if seen is None or first is None or seen >= first.revision:
        return reply
    return replace(reply, lines=(_change_line(first, reader), *reply.lines))


def _change_line(session: Session, reader: Reader) -> Text:
    return t("This has changed since that message: {session}.", session=session_line(session, reader, day=True))


def is_new_list(reply: Reply, request: Request, attendee: Attendee) -> bool:
    """Whether the reply numbers sessions and the numbers must be stored, so that the next command can use them."""
    is_stored = reply.listed == attendee.last_list and (
        not reply.proposes or reply.listed == attendee.proposal.sessions
    )
    return bool(reply.listed) and not is_stored and not request.glance


def with_list(attendee: Attendee, reply: Reply) -> Attendee:
    """Return the requester with the list that the reply numbers, and with the plan if the list is a plan."""
    attendee = replace(attendee, last_list=reply.listed)
    if not reply.proposes:
        return attendee
    return replace(attendee, proposal=Proposal(reply.proposes, reply.listed, attendee.proposal.taken))


def unknown_command(name: str, commands: Mapping[str, Command]) -> Reply:
    """Say that there is no such command, with buttons for commands of a similar name."""
    similar = get_close_matches(name.casefold(), commands, MAX_SIMILAR_COMMANDS)
    if similar:
        names = either([f"/{other}" for other in similar])
        text = t("There is no command /{name}. Did you mean {names}?", name=name, names=names)
    else:
        text = t("There is no command /{name}. See them all with {help}.", name=name, help=Typed("/help"))
    return Reply((text,), buttons=tuple(Button(f"/{other}", other) for other in similar), is_error=True)


async def ask_for_conference(work: UnitOfWork, community: Community) -> Reply:
    """Ask which conference the community follows, with a button for each; an error if there is none."""
    available = await available_to(work, community)
    if not available:
        return error_reply(t("There is no conference yet. To add one: {command}", command=Typed("hallway import FILE")))
    buttons = tuple(Button(conference.title, "conference", {"name": conference.slug}) for conference in available)
    return Reply((t("Which conference does this community follow?"),), buttons=buttons)


def too_many(wait: int) -> Reply:
    """Return the reply to a person who sent too many commands, with the seconds to wait."""
    return error_reply(t("That was a lot at once: try again in {wait} s.", wait=wait))


def unexpected(log_id: str) -> Reply:
    """Return the reply after an unexpected error; the log has the error under `log_id`."""
    return error_reply(
        t(
            "Sorry, something went wrong on my side, and nothing was changed. "
            "Try again, or tell an organizer: log id {log_id}.",
            log_id=log_id,
        )
    )


def crowded() -> Reply:
    """Return the reply to a person whose community sends too many requests at this moment."""
    return error_reply(t("Many people are asking me something right now. Try again in a minute."))


def only_for_organizers(command: Command) -> Reply:
    """Refuse a command, or the uses of it that are for organizers."""
    names = [f"{command.name} {word}" for word in sorted(command.reserved)] or [command.name]
    return error_reply(t("Only organizers can use /{command}.", command=" and /".join(names)))


def error_reply(text: Text) -> Reply:
    """Return an error reply: after it the dispatcher stores no numbered list and plans no nudges."""
    return Reply((text,), is_error=True)
