"""The declaration of a command, and what its handler is given."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
        return await self.work.attendances.of_attendee(self.attendee.id, self.schedule.conference.slug)


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

    Where it is `led`, that word must stand there.
    """

    name: str
    kind: Kind[T]
    help: str
    required: bool = False
    lead: str = ""
    led: bool = False


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


@dataclass(frozen=True, slots=True)
class Command:
    """One command. From this the console's parser, Discord's tree, Slack's manifest and `/help` are derived.

    `writes`: it changes the store. `replans`: it changes what its asker is owed, who is planned anew in the same
    transaction. `organizers`: only they may use it. `anywhere`: it works where no conference is followed yet.
    `plain`: it reads and changes nothing, so its answer is the same for everybody and costs no transaction.
    `desk`: it asks the desk, which has transactions of its own, so it is given one that only reads.
    `rings`: something may be due at once when it is done. `form`: what it asks for where it is used without a word
    and the platform has forms.
    `together`: it is about a community, and makes no sense to somebody who is alone with Hallway.
    """

    name: str
    help: str
    handle: Handler
    params: tuple[Param[Any], ...] = ()
    writes: bool = False
    replans: bool = False
    organizers: bool = False
    anywhere: bool = False
    together: bool = False
    plain: bool = False
    desk: bool = False
    rings: bool = False
    form: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """`/attend code [seat]`."""
        words = (param.name if param.required else f"[{param.name}]" for param in self.params)
        return " ".join((f"/{self.name}", *words))
