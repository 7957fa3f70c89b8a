"""The declaration of a command, and the arguments of its handler."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum, Flag, auto
from typing import Any, Generic, TypeVar, cast

from bot.app.messages import LinkButton, Reply, Request
from bot.app.ports import FeedManager, Outlet, Painter, ScheduleEditor, SearchIndex, UnitOfWork
from bot.app.text import join_buttons, s
from bot.app.text.page_links import public_links
from bot.app.text.web_side import WebSide, is_link
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.private_address import secret_again
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from bot.domain.times.hour_format import HourFormat
from bot.domain.times.zones import day_of

T = TypeVar("T")

MAX_ARGUMENT_CHARACTERS = 200
"""The default limit of an argument: more than the longest title or name that somebody types."""
QUOTES = '""'
MARGIN = 4
"""Characters of a typed line for each argument besides its text: spaces and quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticContext:
    """Everything that can be used without the store. Parameters are read with it, so reading them never waits.

    Attributes:
        last_list: the ids of the sessions in the requester's last numbered list; empty if there is none.
        chosen: the ids of the sessions that the requester chose; read only for commands with a parameter that looks for
            them first.
        hours: the clock in which the requester reads times.
    """

    now: datetime
    schedule: Schedule
    search: SearchIndex
    commands: Mapping[str, "Command"]
    last_list: Sequence[str] = ()
    chosen: Sequence[str] = ()
    hours: HourFormat = HourFormat.H24

    @property
    def today(self) -> date:
        """The day of `now` in the conference's time zone."""
        return day_of(self.now, self.schedule.conference.tz)


class WriteNeededError(Exception):
    """Raised by the handler of a command that usually only reads: it has to run again in a write transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(StaticContext):
    """Everything that a handler can use.

    Attributes:
        attendee: the person who made the request, in the community that it is answered for.
        work: an open transaction; the effect of the command decides whether it may write.
        feed_service: None in a process that fetches no schedules.
        editor_service: None in a process that imports no schedules.
        outlets: the platforms that this process serves, by name.
        web: the web side of the installation; None if the operator has set no public address.
        writes: whether `work` may write.
        painter: None in a process that draws no pictures.
        page_size: sessions on a page of a list; None for as many as fit one message on every platform.
    """

    attendee: Attendee
    work: UnitOfWork
    feed_service: FeedManager | None = None
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    editor_service: ScheduleEditor | None = None
    web: WebSide | None = None
    writes: bool = False
    painter: Painter | None = None
    page_size: int | None = None

    @property
    def editor(self) -> ScheduleEditor:
        """The editor of schedules. Raises `BadInputError` in a process that imports no schedules."""
        if self.editor_service is None:
            raise BadInputError(s("Schedules are not imported here: ask where `hallway run` or `hallway chat` runs."))
        return self.editor_service

    @property
    def feeds(self) -> FeedManager:
        """The feed service. Raises `BadInputError` in a process that fetches no schedules."""
        if self.feed_service is None:
            raise BadInputError(s("Schedules are not fetched here: ask where `hallway run` or `hallway chat` runs."))
        return self.feed_service

    async def session_links(self, session: Session, request: Request) -> tuple[LinkButton, ...]:
        """The buttons that open an online session, and the session on the web.

        That is the public page of the community, or else the requester's own page: only the requester sees the answer.
        """
        join = join_buttons((session,), self.now)
        if public := public_links(self.web, self.attendee.community, (session,)):
            return (*join, *public)
        secret = await self.own_secret(request)
        url = self.web.own_session(secret, session.id) if self.web and secret else ""
        return (*join, LinkButton(s("On my page"), url)) if is_link(url) else join

    async def own_secret(self, request: Request) -> str | None:
        """Return the secret of the requester's private address; None if it is not known, or must not be in the answer.

        An answer at a glance is for a page that has it already, or for an assistant, which passes on what it reads.
        """
        if self.web is None or not self.web.keys or request.glance:
            return None
        stored = await self.work.addresses.of(self.attendee.id)
        return secret_again(stored, self.web.keys) if stored else None

    async def attendances(self) -> Sequence[Attendance]:
        """The attendee's choices in this conference."""
        return await self.work.attendances.of_attendee(self.attendee.id, self.schedule.conference.slug)


@dataclass(frozen=True, slots=True)
class Option:
    """A suggested value: the label to show, and the text to type."""

    label: str
    value: str


def unquoted(text: str) -> str:
    """Return a text without the quotes around all of it: a button that is typed as a line has them."""
    text = text.strip()
    is_quoted = len(text) > len(QUOTES) and text[:1] == text[-1:] == QUOTES[0] and QUOTES[0] not in text[1:-1]
    return text[1:-1].strip() if is_quoted else text


def no_suggestions(_: str, __: StaticContext) -> Sequence[Option]:
    """Suggest nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class ParamType(Generic[T]):
    """A type of parameter: how its text is read, and what is suggested while somebody types it.

    Attributes:
        name: the noun for messages; adapters choose their input field by it.
        read: turns text into a value. Raises `BadInputError` or `UnclearError` with a message that says what to type.
        is_text: any words are accepted. In a typed line, such a parameter takes as few words as the others allow.
        options: every value of a closed choice; empty for an open type.
        suggest: options that fit the text typed so far.
        multiline: the text is long and may have several lines.
        redact: the text as the audit log stores it.
        max_length: the most characters of the text. Platforms stop people at this length, and the dispatcher refuses
            longer texts before they are read.
        verbatim: the typed line is the text, as it was typed, without what was given by name (`day:monday`).
        fits: whether a text can be read, without an explanation of what is wrong. Set it where the explanation is
            slow, because the parser tries many parts of a line.
        names: whether a text is exactly the name of something, such as a whole title. In a typed line, such a text is
            not divided, whatever words of other parameters stand in it.
        chosen_first: reading and suggesting need `StaticContext.chosen`.
    """

    name: str
    read: Callable[[str, StaticContext], T]
    is_text: bool = False
    options: tuple[str, ...] = ()
    suggest: Callable[[str, StaticContext], Sequence[Option]] = no_suggestions
    multiline: bool = False
    redact: Callable[[str], str] = str
    max_length: int = MAX_ARGUMENT_CHARACTERS
    fits: Callable[[str, StaticContext], bool] | None = None
    names: Callable[[str, StaticContext], bool] | None = None
    chosen_first: bool = False
    verbatim: bool = False

    def is_name(self, text: str, context: StaticContext) -> bool:
        """Whether `text` is exactly the name of something."""
        return self.names is not None and self.names(text, context)

    def accepts(self, text: str, context: StaticContext) -> bool:
        """Whether `text` can be read as this type. The parser finds the end of a parameter with it."""
        if self.is_text:
            return True
        if len(text) > self.max_length:
            return False
        if self.fits is not None:
            return self.fits(text, context)
        try:
            self.read(text, context)
        except BadInputError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Param(Generic[T]):
    """A typed parameter of a command.

    Attributes:
        keyword: a word that may stand before the value in a typed line, such as `to` in `/walk Wynn to MGM`.
        keyword_required: the parser takes words for this parameter only after its keyword.
        question: asks for a required parameter that was left out.
    """

    name: str
    type: ParamType[T]
    help: str
    required: bool = False
    keyword: str = ""
    keyword_required: bool = False
    question: str = ""

    def bare(self, text: str) -> str:
        """The text as one types it into a field of a form: without the keyword, and without quotes around all of it."""
        beginning = f"{self.keyword} "
        if self.keyword_required and text[: len(beginning)].casefold() == beginning:
            text = text[len(beginning) :].strip()
        return unquoted(text)


@dataclass(frozen=True, slots=True)
class Call:
    """A request with the values of its parameters."""

    request: Request
    values: Mapping[str, object] = field(default_factory=dict)

    def get(self, param: Param[T]) -> T | None:
        """The value of `param`, or None if it was not given."""
        return cast("T | None", self.values.get(param.name))

    def need(self, param: Param[T]) -> T:
        """The value of a required `param`."""
        return cast("T", self.values[param.name])


Handler = Callable[[Call, Context], Awaitable[Reply]]
StaticHandler = Callable[[Call, StaticContext], Awaitable[Reply]]


class Access(Enum):
    """Who may run a command."""

    EVERYONE = "everyone"
    ORGANIZERS = "organizers"


class Effect(Enum):
    """What a command does to the store; the dispatcher chooses the transaction by it."""

    READ = "read"
    WRITE = "write"
    WRITE_AND_REPLAN = "write and replan"
    """The requester's nudges are planned again in the same transaction."""
    WRITE_AND_DELIVER = "write and deliver"
    """Deliveries may be due as soon as the transaction is committed."""
    EXTERNAL = "external"
    """The handler calls a service that opens its own write transactions, so it gets a read transaction."""

    @property
    def writes(self) -> bool:
        """Whether the handler gets a write transaction."""
        return self in (Effect.WRITE, Effect.WRITE_AND_REPLAN, Effect.WRITE_AND_DELIVER)


class Requirement(Flag):
    """What has to exist before a command can be used."""

    NOTHING = 0
    CONFERENCE = auto()
    """The community follows a conference."""
    COMMUNITY = auto()
    """The command is about a community, so it is not offered where a person is alone with Hallway."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. The console's parser, Discord's command tree, Slack's manifest and `/help` are derived from it.

    `form` names the parameters that a form asks for, on platforms that have forms, if the command is used without
    arguments; `forms` does the same for a single word, which is a value of the first parameter. `aliases` are short
    names to type, each with the beginning of the line that it stands for: `{"tomorrow": "tomorrow"}`. They are not
    registered with platforms, where a list of commands stays short and completes the full name. `reserved` are values
    of the first parameter, and names of parameters with a keyword, that only organizers may use; such a use may change
    something and wakes deliveries. `writing`
    are the first words with which a command that reads changes the requester's agenda instead, such as `take`.
    """

    name: str
    help: str
    handle: Handler
    params: tuple[Param[Any], ...] = ()
    access: Access = Access.EVERYONE
    effect: Effect = Effect.READ
    requires: Requirement = Requirement.CONFERENCE
    form: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    writing: frozenset[str] = frozenset()

    def used_with(self, line: str, arguments: Mapping[str, str]) -> "Command":
        """Return the command with the access and the effect of one use of it."""
        if self.reserved and self._reserved_words(line, arguments):
            return replace(self, access=Access.ORGANIZERS, effect=Effect.WRITE_AND_DELIVER)
        return replace(self, effect=Effect.WRITE_AND_REPLAN) if self._is_writing(line, arguments) else self

    def is_reserved_in(self, call: Call) -> bool:
        """Whether a parsed use is for organizers only."""
        return bool(self.reserved) and (
            call.get(self.params[0]) in self.reserved or not self.reserved.isdisjoint(call.values)
        )

    def _reserved_words(self, line: str, arguments: Mapping[str, str]) -> frozenset[str]:
        """The reserved values and parameters that a use may mean: a keyword stands between two words."""
        keywords = {param.keyword: param.name for param in self.params if param.keyword_required}
        typed = {keywords.get(word.casefold(), "") for word in line.split()[1:-1]}
        return self.reserved & (self._options_of(line, arguments) | frozenset(arguments) | typed)

    def _options_of(self, line: str, arguments: Mapping[str, str]) -> frozenset[str]:
        """The values that the first parameter may have: a word may be shortened."""
        first = self.params[0]
        typed = arguments.get(first.name, "") if arguments else next(iter(line.split(maxsplit=1)), "")
        for mark in ":=":
            typed = typed.removeprefix(f"{first.name}{mark}")
        word = typed.strip(f"{QUOTES} ").casefold()
        return frozenset(option for option in first.type.options if word and option.startswith(word))

    def _is_writing(self, line: str, arguments: Mapping[str, str]) -> bool:
        if not self.writing:
            return False
        words = unquoted(line or next(iter(arguments.values()), "")).split(maxsplit=1)
        return bool(words) and words[0].casefold() in self.writing

    @property
    def usage(self) -> str:
        """`/attend code [seat]`."""
        words = (param.name if param.required else f"[{param.name}]" for param in self.params)
        return " ".join((f"/{self.name}", *words))

    @property
    def max_line_length(self) -> int:
        """The most characters of a typed line that can hold all arguments."""
        named = (len(param.name) + max(param.type.max_length, len(param.keyword)) + MARGIN for param in self.params)
        return max(sum(named), MAX_ARGUMENT_CHARACTERS)


@dataclass(frozen=True, slots=True)
class StaticCommand(Command):
    """A command whose reply depends on the request alone: it uses no store, and adapters may cache the reply."""

    handle: StaticHandler


def find_command(name: str, line: str, commands: Mapping[str, Command]) -> tuple[Command | None, str]:
    """Return the command with this name or alias, and its line: `/tomorrow` is `/agenda tomorrow`.

    The command is None if there is none.
    """
    if name in commands:
        return commands[name], line
    for command in commands.values():
        if name in command.aliases:
            return command, f"{command.aliases[name]} {line}".strip()
    return None, line
