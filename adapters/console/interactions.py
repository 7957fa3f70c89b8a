"""What a typed line means: a command, a turn of the rehearsal, or nothing we know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import BadInputError
from bot.domain.schedule.time_parsing import read_duration

STEERING = (":as NAME", ":organizer on|off", ":at 2021-11-29T08:30-08:00", ":wait 45m", ":show", ":quit")


@dataclass(frozen=True, slots=True)
class Say:
    """A command with the rest of its line."""

    command: str
    line: str


@dataclass(frozen=True, slots=True)
class As:
    """Go on as somebody else."""

    user: str


@dataclass(frozen=True, slots=True)
class Organizer:
    """Have organizers' rights, or not."""

    on: bool


@dataclass(frozen=True, slots=True)
class At:
    """Set the clock."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Let the clock run on."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class Show:
    """Print the files that came last."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End."""


Action = Say | As | Organizer | At | Wait | Show | Quit


def read_line(line: str, zone: str) -> Action | None:
    """The action of a line, None for an empty one; raises `BadInputError` with what would have been understood.

    A moment without an offset is taken in `zone`.
    """
    typed = line.strip()
    if not typed or typed.startswith("#"):
        return None
    word, _, rest = typed.partition(" ")
    if word.startswith("/"):
        return _said(word.removeprefix("/"), rest)
    return _steering(word, rest.strip(), zone) if word.startswith(":") else _said(word, rest)


def _said(command: str, rest: str) -> Say:
    """`/hallway nextsession` is `/nextsession`, as where a platform keeps a name for itself."""
    if command.casefold() == "hallway" and rest.strip():
        command, _, rest = rest.strip().partition(" ")
    return Say(command.removeprefix("/").casefold(), rest.strip())


def _steering(word: str, rest: str, zone: str) -> Action:
    match word.casefold():
        case ":as" if rest:
            return As(rest.removeprefix("@"))
        case ":organizer" if rest in ("on", "off", ""):
            return Organizer(rest != "off")
        case ":at" if rest:
            return At(read_moment(rest, zone))
        case ":wait" if rest:
            return Wait(read_duration(rest))
        case ":show":
            return Show()
        case ":quit" | ":q" | ":exit":
            return Quit()
    message = f"{word} {rest}".strip() + f" is not a turn of the rehearsal. There are {', '.join(STEERING)}."
    raise BadInputError(message)


def read_moment(text: str, zone: str) -> datetime:
    """An ISO time, in `zone` where it has no offset; raises `BadInputError`."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        message = f"{text!r} is not a moment: write it such as 2021-11-29T08:30-08:00."
        raise BadInputError(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
