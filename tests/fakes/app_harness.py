"""A conference to talk to in a test: the whole application on the memory store, with a clock that stands still."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from adapters.console.render import TerminalStyle, lines_of
from bot.app.access.authorization import PermissionChecker
from bot.app.announcements.sender import AnnouncementSender
from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Attachment, Card, Reply, Request
from bot.app.ports import DayPicture, DeliveryFilter, Lane, Messenger, Permissions, Receipt, Store
from bot.app.registry import all_commands, all_nudges
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.editor import ScheduleEditorService
from bot.app.schedules.feeds import FeedService
from bot.app.simulation import Rehearsal
from bot.app.text.web_side import WebSide
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.schedule.conference import Schedule
from bot.search import index_of
from tests.builders import at, schedule
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.memory_store import MemoryStore

LEASE = timedelta(minutes=2)
A_SECOND = 1_000
"""Messages a second: a limit that no test meets."""


@dataclass(slots=True)
class FrozenClock:
    """It is always the moment that was set last."""

    moment: datetime = field(default_factory=lambda: at(8))

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)

    def move_to(self, moment: datetime) -> None:
        self.moment = moment


@dataclass(slots=True)
class Sent:
    """One message that a messenger was given."""

    at: datetime
    to: str
    kind: str
    content: Reply
    key: str
    message: str = ""


@dataclass
class FakeMessenger:
    """A messenger that keeps what it is given; the next sends fail with `faults`, one after another."""

    clock: FrozenClock
    sent: list[Sent] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    standings: dict[str, Permissions] = field(default_factory=dict)
    at_once: int = 16
    remembers: timedelta = timedelta()

    def lane(self, community: Community) -> Lane:
        return Lane("post", DeliveryFilter("console"), A_SECOND, self.at_once, self.remembers)

    def describe_card(self, card: Card) -> str:
        return f"a card called {card.title}"

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        if self.faults:
            raise self.faults.pop(0)
        return self._taken(attendee.user, key, kind, content, attendee.reach)

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        del community
        if self.faults:
            raise self.faults.pop(0)
        return self._taken(f"#{channel}", key, kind, content, Reach())

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        del community
        if self.faults:
            raise self.faults.pop(0)
        self._of(channel, message).content = content

    async def delete(self, community: Community, channel: str, message: str) -> None:
        del community
        if self.faults:
            raise self.faults.pop(0)
        self.sent.remove(self._of(channel, message))

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        del community
        return self.standings.get(user, Permissions())

    def _taken(self, to: str, key: str, kind: str, content: Reply, reach: Reach) -> Receipt:
        self.sent.append(Sent(self.clock.now(), to, kind, content, key, f"m{len(self.sent) + 1}"))
        return Receipt(reach, to, self.sent[-1].message)

    def _of(self, channel: str, message: str) -> Sent:
        (found,) = [posted for posted in self.sent if (posted.to, posted.message) == (channel, message)]
        return found


class AppHarness:
    """Say lines as somebody, and read the answers as text."""

    def __init__(self, store: Store | None = None, moment: datetime | None = None, web: WebSide | None = None) -> None:
        self.store: Store = store or MemoryStore()
        self.clock = FrozenClock(moment or at(8))
        self.post = FakeMessenger(self.clock)
        schedules = ScheduleCache(index_of)
        self.feed = FakeFetcher()
        self.feeds = FeedService(
            self.store, self.clock, self.feed.fetch, self.feed.parse, lambda: 0.5, lambda: None, LEASE
        )
        self.messengers: dict[str, Messenger] = {"console": self.post}
        rights, scopes = PermissionChecker(self.store, self.messengers), [DeliveryFilter("console")]
        self.dispatch = Dispatcher(
            self.store,
            self.clock,
            schedules,
            all_commands(),
            feeds=self.feeds,
            messengers=self.messengers,
            editor=ScheduleEditorService(self.store, self.clock, self.feed.parse, lambda: None),
            web=web,
            painter=self.paint,
        )
        self.scheduler = DeliveryScheduler(self.store, self.clock, schedules, self.messengers, all_nudges(), scopes)
        self.scheduler.web = web
        self.scheduler.jitter = lambda: 1.0
        self.broadcast = AnnouncementSender(self.store, self.clock, schedules, rights, scopes, lambda: None)
        self.broadcast.web = web
        self.rehearsal = Rehearsal(self.dispatch, self.scheduler, self.clock, other_jobs=(self.broadcast,))
        self.user = "ada"
        self.tenant = "club"
        self.roles: tuple[str, ...] | None = None
        self.files: dict[str, Attachment] = {}
        self.pictures: list[DayPicture] = []

    async def publish(self, made: Schedule | None = None) -> "AppHarness":
        async with self.store.write_transaction() as work:
            await work.conferences.save(made or schedule())
        return self

    async def ask(self, line: str, *, organizer: bool = False) -> Reply:
        """The reply to a line such as `/attend ARC301`."""
        command, _, rest = line.removeprefix("/").partition(" ")
        request = Request("console", self.tenant, self.user, command, rest, organizer=organizer, notify=organizer)
        if organizer:
            self.post.standings[self.user] = Permissions(organizer=True, notify=True)
        request = replace(request, roles=self.roles, by_name=True, attached=self.files.get)
        return await self.dispatch.handle(request)

    def attach(self, name: str, body: bytes, size: int | None = None) -> None:
        """A file that may come with the next lines, by its name."""

        async def fetch(most: int) -> bytes:
            return body[: most + 1]

        self.files[name] = Attachment(name, len(body) if size is None else size, fetch)

    async def paint(self, picture: DayPicture) -> bytes:
        """Keep what would be drawn."""
        self.pictures.append(picture)
        return b"a picture"

    async def say(self, line: str, *, organizer: bool = False) -> str:
        """The same as text."""
        return self.text(await self.ask(line, organizer=organizer))

    async def all(self, *lines: str) -> str:
        """The text of the last of several lines."""
        return [await self.say(line) for line in lines][-1]

    async def talk_to(self, user: str, *lines: str) -> None:
        """Say lines as somebody else."""
        self.user, before = user, self.user
        await self.all(*lines)
        self.user = before

    async def press(self, reply: Reply, label: str, *, organizer: bool = False) -> str:
        """Press a button of a reply."""
        (button,) = [button for button in reply.buttons if button.label == label]
        request = Request(
            "console",
            self.tenant,
            self.user,
            button.command,
            arguments=button.arguments,
            seen=button.seen,
            organizer=organizer,
            notify=organizer,
        )
        request = replace(request, organizer=organizer, roles=self.roles, by_name=True)
        return self.text(await self.dispatch.handle(request))

    async def wait(self, **span: float) -> list[tuple[str, str, str]]:
        """Let time pass; gives (time in UTC, whom, which kind) of what was sent meanwhile."""
        before = len(self.post.sent)
        await self.rehearsal.wait(timedelta(**span))
        return [
            (f"{message.at - timedelta(hours=8):%a %H:%M}", message.to, message.kind)
            for message in self.post.sent[before:]
        ]

    def text(self, reply: Reply) -> str:
        return "\n".join(lines_of(reply, self.clock.now(), TerminalStyle()))

    def messages(self) -> Sequence[str]:
        """The texts of all messages that were sent."""
        return ["\n".join(lines_of(message.content, message.at, TerminalStyle())) for message in self.post.sent]
