"""Reads a typed line: a command, plain words, or an instruction to the rehearsal that starts with a colon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadInputError
from bot.domain.times.time_parsing import read_duration

STEERING = (":as NAME", ":organizer on|off", ":at 2021-11-29T08:30-08:00", ":wait 45m", ":show", ":quit")


@dataclass(frozen=True, slots=True)
class CommandInput:
    """A command with the rest of its line."""

    command: str
    line: str


@dataclass(frozen=True, slots=True)
class PlainInput:
    """Plain words, or a command without its slash."""

    line: str


@dataclass(frozen=True, slots=True)
class SwitchUserInput:
    """Type as another user from now on."""

    user: str


@dataclass(frozen=True, slots=True)
class OrganizerInput:
    """Get or lose the permissions of an organizer."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetClockInput:
    """Set the clock."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class WaitInput:
    """Advance the clock; deliveries that come due are sent."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class ShowFilesInput:
    """Print the files of the last message that had any."""


@dataclass(frozen=True, slots=True)
class QuitInput:
    """Input that ends the conversation."""


Input = (
    CommandInput
    | PlainInput
    | SwitchUserInput
    | OrganizerInput
    | SetClockInput
    | WaitInput
    | ShowFilesInput
    | QuitInput
)


def read_line(line: str, zone: str) -> Input | None:
    """Read one line; None for an empty line or a comment.

    Args:
        line: as typed.
        zone: the zone of a time without an offset.

    Raises:
        BadInputError: with a message that lists the possible instructions.
    """
    typed = line.strip()
    if not typed or typed.startswith("#"):
        return None
    word, _, rest = typed.partition(" ")
    if word.startswith("/"):
        return _command(word.removeprefix("/"), rest)
    return _steering(word, rest.strip(), zone) if word.startswith(":") else PlainInput(typed)


def _command(command: str, rest: str) -> CommandInput:
    """`/hallway nextsession` means `/nextsession`, as on Slack, which reserves some names."""
    if command.casefold() == "hallway" and rest.strip():
        command, _, rest = rest.strip().partition(" ")
    return CommandInput(command.removeprefix("/").casefold(), rest.strip())


def _steering(word: str, rest: str, zone: str) -> Input:
    match word.casefold():
        case ":as" if rest:
            return SwitchUserInput(rest.removeprefix("@"))
        case ":organizer" if rest in ("on", "off", ""):
            return OrganizerInput(rest != "off")
        case ":at" if rest:
            return SetClockInput(read_moment(rest, zone))
        case ":wait" if rest:
            return WaitInput(read_duration(rest))
        case ":show":
            return ShowFilesInput()
        case ":quit" | ":q" | ":exit":
            return QuitInput()
    raise BadInputError(f"{word} {rest}".strip() + f" is not a turn of the rehearsal. There are {', '.join(STEERING)}.")


def read_moment(text: str, zone: str) -> datetime:
    """Read an ISO time, in `zone` if it has no offset.

    Raises:
        BadInputError: it is not an ISO time.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(f"{text!r} is not a moment: write it such as 2021-11-29T08:30-08:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
