"""Platform-neutral messages: requests come in, replies and deliveries go out.

Text is a tuple of parts. A plain `str` part is data, which adapters always escape. The other parts have a meaning (a
time, emphasis, a command to type), and each adapter renders them in its platform's markup.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.times.hour_format import HourFormat


class TimeForm(StrEnum):
    """Display form of a time: 13:05 / Mon 29 Nov / Mon 29 Nov 13:05 / in 25 min."""

    TIME = "time"
    DAY = "day"
    DAY_TIME = "day-time"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class When:
    """A time, shown in the conference's `zone` and, if it differs, in the reader's `own` zone too.

    A `strong` one is emphasized.

    Attributes:
        hours: the clock in which it is written.
        by_choice: whether the reader chose that clock. If so, it is written out, also on a platform that would show it
            in the clock and the zone of the reader's device.
    """

    at: datetime
    zone: str
    form: TimeForm = TimeForm.TIME
    own: str | None = None
    hours: HourFormat = HourFormat.H24
    by_choice: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasized text."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A command to type, such as `/agenda tuesday`."""

    line: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the community (platform id)."""

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
    """A button that runs `command` with `arguments`.

    Attributes:
        arguments: values as a person would type them, with the keyword if the parameter has one (`instead DAT310`).
        asks: parameters to ask the person for first.
        seen: revision of the session when the button was made; a later press reports what has changed since.
        choice: the label says what is chosen, such as a session's title, so it is shown beside a line to type, too.
        primary: it is the next step of most people, so platforms make it prominent.
        of_list: it is one of several for the entries of a list. Where buttons are lines to type, the first stands for
            all.
    """

    label: str
    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    seen: int | None = None
    choice: bool = False
    primary: bool = False
    of_list: bool = False

    @property
    def line(self) -> str:
        """The same command as a line to type; one argument alone needs no quotes."""
        bare = {name for name, value in self.arguments.items() if value.startswith(f"{name} ")}
        if len(self.arguments) + len(self.asks) == 1:
            bare.update(self.arguments)
        words = (_quoted(v) if " " in v and name not in bare else v for name, v in self.arguments.items())
        return " ".join(("/" + self.command, *words, *(f"<{name}>" for name in self.asks)))


def _quoted(text: str) -> str:
    """Quote a text of several words as a typed line does: a quote inside it follows a backslash."""
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address in the browser.

    `url` is http:// or https://, of at most 512 characters, and well-formed: see `bot.domain.schedule.online.openable`.
    """

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """A block: a session, a day, a person's settings.

    `link` and `picture` are https:// URLs without characters that are markup on any platform. The link is shown in
    full, so that readers see where it leads. `opens` is an address of Hallway's own pages, which the title opens on a
    platform where a title can be a link.
    """

    title: str
    lines: tuple[Text, ...] = ()
    fields: tuple[Field, ...] = ()
    number: int | None = None
    link: str = ""
    picture: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach: the text of `content`, or a picture in `binary` with a description for who cannot see it."""

    name: str
    media_type: str
    content: str = ""
    binary: bytes = b""
    description: str = ""

    @property
    def data(self) -> bytes:
        """What the file contains; text is UTF-8."""
        return self.binary or self.content.encode()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a request, or the content of a delivery.

    Attributes:
        links: shown before the other buttons.
        private: only the person who asked sees it.
        listed: ids of the sessions numbered from 1, so that a number can be typed next.
        proposes: the conference of which `listed` is a plan that can be taken; "" if it is none.
        notify: mention everybody in the channel, if the platform permits it.
    """

    lines: tuple[Text, ...] = ()
    cards: tuple[Card, ...] = ()
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()
    private: bool = True
    is_error: bool = False
    listed: tuple[str, ...] = ()
    notify: bool = False
    links: tuple[LinkButton, ...] = ()
    proposes: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a request. It is fetched only if the command wants it.

    Attributes:
        size: in bytes, as the platform says.
        fetch: returns the content. It takes the most bytes to read, and raises `FetchError` if that is not possible.
    """

    name: str
    size: int
    fetch: Callable[[int], Awaitable[bytes]] = field(repr=False, compare=False)


def no_attachment(_: str) -> Attachment | None:
    """The default of `Request.attached`: no file came with the request."""
    return None


@dataclass(frozen=True, slots=True)
class Request:
    """A command from a person: a `line` as typed, or `arguments` by name from a form or button.

    Attributes:
        tenant: guild or workspace; "" in a direct message.
        organizer: whether the platform itself grants organizer rights.
        notify: whether the platform lets the person mention everybody.
        seen: revision of the session when the pressed button was made.
        glance: shown outside the conversation (Slack's Home tab), so the numbers of a list are not stored.
        roles: platform ids of the person's roles; None if the platform has no roles.
        by_name: users have names but no ids (console), so any name is a valid user.
        home: in a direct message, the tenant that the pressed button came from, if known.
        attached: returns the file that the text of an argument stands for.
        locale: the language and country of the person's device, such as `en-US`; "" if the platform does not say.
        page_size: sessions on a page of a list; None for as many as fit one message on every platform.
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
    locale: str = ""
    page_size: int | None = None
    attached: Callable[[str], Attachment | None] = field(default=no_attachment, repr=False, compare=False)
