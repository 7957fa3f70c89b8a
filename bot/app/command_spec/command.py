"""The declaration of a command, and what its handler is given."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, Flag, auto
from typing import Any, Generic, TypeVar, cast

from bot.app.messages import Reply, Request
from bot.app.ports import Desk, Outlet, SearchIndex, UnitOfWork
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.zones import day_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may use: who asks, when, the schedule they follow, and one transaction on the store.

    `outlets` are the platforms that this process serves, by name, and what can be told of them.
    """

    now: datetime
    attendee: Attendee
    schedule: Schedule
    search: SearchIndex
    work: UnitOfWork
    commands: Mapping[str, "Command"]
    desk: Desk | None = None
    outlets: Mapping[str, Outlet] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The conference day of now."""
        return day_of(self.now, self.schedule.conference.tz)

    @property
    def feeds(self) -> Desk:
        """Who looks after the feeds, where somebody does."""
        if self.desk is None:
            message = "Schedules are not fetched here: ask where `hallway run` or `hallway chat` runs."
            raise BadInputError(message)
        return self.desk

    async def attendances(self) -> Sequence[Attendance]:
        """The asker's choices in this conference."""
        return await self.work.attendances.of(self.attendee.id, self.schedule.conference.slug)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may have been meant: what to show, and what to type for it."""

    label: str
    value: str


def no_suggestions(_: str, __: Context) -> Sequence[Option]:
    """Nothing to choose from."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A type of parameter. `read` raises `BadInputError` or `UnclearError` with a sentence that says what would do.

    `free` kinds accept any words; in a typed line they take as few as let the other parameters have the rest.
    Those of `lines` are long and may have several lines. `options` are all the values of a closed choice;
    `suggest` gives what may be meant by what is typed so far; `logged` is how what was typed stands in the log.
    """

    name: str
    read: Callable[[str, Context], T]
    free: bool = False
    options: tuple[str, ...] = ()
    suggest: Callable[[str, Context], Sequence[Option]] = no_suggestions
    lines: bool = False
    logged: Callable[[str], str] = str

    def fits(self, text: str, context: Context) -> bool:
        """Whether `text` can be one of these: tells where one parameter of a typed line ends."""
        if self.free:
            return True
        try:
            self.read(text, context)
        except BadInputError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Param(Generic[T]):
    """A typed parameter. `lead` is a word that may stand before it in a typed line (`/walk Wynn to MGM`).

    Where it is `led`, that word must stand there. `question` asks for a required parameter that was left out.
    """

    name: str
    kind: Kind[T]
    help: str
    required: bool = False
    lead: str = ""
    led: bool = False
    question: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose arguments have been read."""

    request: Request
    values: Mapping[str, object] = field(default_factory=dict)

    def get(self, param: Param[T]) -> T | None:
        """The value of `param`, None if it was not given."""
        return cast("T | None", self.values.get(param.name))

    def need(self, param: Param[T]) -> T:
        """The value of a required `param`."""
        return cast("T", self.values[param.name])


Handler = Callable[[Call, Context], Awaitable[Reply]]


class Access(Enum):
    """Who may run a command."""

    EVERYONE = "everyone"
    ORGANIZERS = "organizers"


class Effect(Enum):
    """What a command does to the store; the dispatcher chooses the transaction by it."""

    STATIC = "static"
    """The reply depends on the request alone: the handler gets no transaction, and adapters may cache the reply."""
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
    arguments.
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

    @property
    def usage(self) -> str:
        """`/attend code [seat]`."""
        words = (param.name if param.required else f"[{param.name}]" for param in self.params)
        return " ".join((f"/{self.name}", *words))
