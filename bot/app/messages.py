"""The neutral words between Hallway and the platforms: requests come in, replies and deliveries go out.

Text is a tuple of parts. A plain `str` part is data: an adapter escapes it, whoever wrote it. The other parts say
what is meant (a time, something strong, a command to type) and each adapter says it in its platform's way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TimeForm(StrEnum):
    """How a moment is shown: 13:05 / Mon 29 Nov / Mon 29 Nov 13:05 / in 25 min."""

    TIME = "time"
    DAY = "day"
    DAY_TIME = "day-time"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class When:
    """A moment, shown in the conference's `zone` and, where it differs, in the reader's `own` zone too."""

    at: datetime
    zone: str
    form: TimeForm = TimeForm.TIME
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that should stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that a person can type, such as `/agenda tuesday`."""

    line: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the community, by the platform's id."""

    id: str


Part = str | When | Strong | Typed | Channel
Text = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A short labelled fact on a card."""

    name: str
    value: Text


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: it runs `command` with `arguments`, all of them strings as somebody would type them.

    A value that a word leads to has it before it (`instead DAT310`). `asks` are parameters that it asks for first.
    `seen` is the revision of the session it is about: whoever presses it later is told what has changed since.
    """

    label: str
    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    seen: int | None = None

    @property
    def line(self) -> str:
        """The same as a line to type."""
        led = {name for name, value in self.arguments.items() if value.startswith(f"{name} ")}
        words = (f'"{v}"' if " " in v and name not in led else v for name, v in self.arguments.items())
        return " ".join(("/" + self.command, *words, *(f"<{name}>" for name in self.asks)))


@dataclass(frozen=True, slots=True)
class Card:
    """One thing shown as a block: a session, a day, a person's settings.

    `link` and `picture` are addresses that begin with https:// and have nothing in them that is markup anywhere; the
    link is shown as it is, so that everybody sees where it leads.
    """

    title: str
    lines: tuple[Text, ...] = ()
    fields: tuple[Field, ...] = ()
    number: int | None = None
    link: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over; `content` is its whole text."""

    name: str
    media_type: str
    content: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or the content of a delivery. `private` ones are for the asker's eyes only.

    One that `notifies` everybody where it is posted does so if the platform lets us.
    `listed` are the ids of the sessions it numbers from 1 on, so that a number can be typed next.
    """

    lines: tuple[Text, ...] = ()
    cards: tuple[Card, ...] = ()
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()
    private: bool = True
    is_error: bool = False
    listed: tuple[str, ...] = ()
    notify: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A command as a person gave it: either a `line` as typed, or `arguments` by name as from a form or button.

    Without a `tenant` it is a direct message, and `home` the tenant from which came what was pressed in it, if that is
    known. `seen` is the revision of the session on the button that was pressed.
    A `glance` is answered beside the conversation, such as on a page that is always there: its numbers are not those
    that are typed next.
    `organizer` is whether the platform itself says so, `notify` whether it lets them call everybody, `roles` the ids
    of the roles that the asker has there, None where the platform has no roles. `by_name`: people are called by their
    ids there, so that any name is somebody.
    """

    platform: str
    tenant: str
    user: str
    command: str
    line: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    user_name: str = ""
    organizer: bool = False
    tenant_name: str = ""
    notify: bool = False
    seen: int | None = None
    glance: bool = False
    roles: tuple[str, ...] | None = None
    by_name: bool = False
    home: str = ""
