"""Every command of organizers, tried by everybody who is none, on every platform: refused, and in the log.

The commands are those that there are: a new one is tried too. On each platform a request takes the way of a real one,
through the adapter's own mapping.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest

from adapters.action_codec import ButtonAction
from adapters.console import ChatSession, MutedSink
from adapters.console.messages import Message
from adapters.discord.components import BUTTON, custom_id
from adapters.slack.render.message import button_value
from bot.app.announcements.links import digest_of, link, offered
from bot.app.command_spec import Access, Call, Command, Context
from bot.app.messages import Reply
from bot.app.registry import all_commands
from bot.domain.announcements.link import CommunityLink
from bot.domain.announcements.organizer import AuditEntry, Organizer
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.slack.harness import SlackHarness
from tests.builders import at
from tests.fake_servers.discord import CREW, GUILD, MANAGE_GUILD, Asked, Person
from tests.fake_servers.slack import TEAM
from tests.fake_servers.slack import Person as SlackPerson
from tests.fake_servers.slack import words as slack_words
from tests.fakes.app_harness import AppHarness

FOR_ORGANIZERS = [name for name, command in all_commands().items() if command.access is Access.ORGANIZERS]
DONE = "The command ran."


@dataclass(slots=True)
class Door:
    """Somebody called eve at a platform: what they type and press is answered in words."""

    app: AppHarness
    platform: str
    tenant: str
    eve: str
    others: str
    ran: list[str] = field(default_factory=list)

    async def type(self, command: str) -> str:
        raise NotImplementedError

    async def press(self, command: str, **arguments: str) -> str:
        """Press a button that runs the command, on a message from when it was offered."""
        raise NotImplementedError

    async def rank(self, *, manages: bool) -> None:
        """The platform itself gives eve the right, or takes it."""
        raise NotImplementedError

    def spied(self) -> dict[str, Command]:
        """The commands of organizers, so that it is seen whether they run."""

        async def run(call: Call, context: Context) -> Reply:
            del context
            self.ran.append(call.request.command)
            return Reply(((DONE,),))

        commands = self.app.dispatch.commands
        return {**commands, **{name: replace(commands[name], handle=run, params=()) for name in FOR_ORGANIZERS}}

    async def add(self, tenant: str, until: int | None = None) -> None:
        async with self.app.store.write_transaction() as work:
            where = await work.communities.add(self.platform, tenant)
            ends = at(until) if until else None
            await work.organizers.add(where.id, Organizer(self.eve, "Eve", at(8), ends))

    async def remove(self) -> None:
        async with self.app.store.write_transaction() as work:
            where = await work.communities.add(self.platform, self.tenant)
            assert await work.organizers.remove(where.id, self.eve)

    async def log(self) -> list[AuditEntry]:
        async with self.app.store.read_transaction() as work:
            where = await work.communities.get(self.platform, self.tenant)
            return list(await work.audit.latest(where.id, 99)) if where else []


@dataclass(slots=True)
class ConsoleDoor(Door):
    """The console, with lines as they are typed."""

    chat: ChatSession | None = None
    answers: list[str] = field(default_factory=list)

    async def type(self, command: str) -> str:
        if self.chat is None:
            self.app.dispatch = replace(self.app.dispatch, commands=self.spied())
            self.app.rehearsal.dispatch = self.app.dispatch
            self.chat = ChatSession(self.app.rehearsal, Heard(self), self.tenant, self.eve)
        assert await self.chat.play(f"/{command}")
        return self.answers[-1]

    async def press(self, command: str, **arguments: str) -> str:
        """There is nothing to press: a button is the line that it stands for."""
        return await self.type(" ".join((command, *arguments.values())))

    async def rank(self, *, manages: bool) -> None:
        await self.type("now")
        assert self.chat
        await self.chat.play(f":organizer {'on' if manages else 'off'}")


class Heard(MutedSink):
    """Keeps what the console shows."""

    def __init__(self, door: ConsoleDoor) -> None:
        self.door = door

    def show(self, message: Message) -> None:
        self.door.answers.append(self.door.app.text(message.content))


@dataclass(slots=True)
class DiscordDoor(Door):
    """Discord, over real HTTP and WebSocket."""

    person: Person | None = None

    async def type(self, command: str) -> str:
        assert self.person
        return _content(await self.person.type(command, **_least(all_commands()[command])))

    async def press(self, command: str, **arguments: str) -> str:
        wire = custom_id(BUTTON, ButtonAction(command, arguments))
        button = {"type": 2, "style": 2, "label": "Old", "custom_id": wire}
        old = Asked("POST", "", {"data": {"components": [{"type": 1, "components": [button]}]}})
        assert self.person
        return _content(await self.person.press(old, "Old"))

    async def rank(self, *, manages: bool) -> None:
        assert self.person
        self.person = replace(self.person, permissions=MANAGE_GUILD if manages else 0)


@dataclass(slots=True)
class SlackDoor(Door):
    """Slack, over real HTTP."""

    person: SlackPerson | None = None

    async def type(self, command: str) -> str:
        assert self.person
        return slack_words(await self.person.type(f"/{command}"))

    async def press(self, command: str, **arguments: str) -> str:
        text = {"type": "plain_text", "text": "Old"}
        button = {
            "type": "button",
            "action_id": "do:0",
            "text": text,
            "value": button_value(ButtonAction(command, arguments)),
        }
        person = self.person
        assert person
        body = person.presses({"blocks": [{"type": "actions", "elements": [button]}]}, "Old")
        # Each on a message of its own: the same button pressed twice is one press.
        body["container"]["message_ts"] = person.peer.new_id()
        return slack_words(await person._answered(lambda: person._sent(person.post.payload(body))))

    async def rank(self, *, manages: bool) -> None:
        assert self.person
        self.person.peer.users[self.eve] = {"is_admin": manages}


def _least(command: Command) -> dict[str, str]:
    """What Discord does not let anybody leave out."""
    chosen = {"user": "@31", "role": f"&{CREW}", "channel": "#201"}
    needed = [param for param in command.params if param.required]
    return {parameter.name: chosen.get(parameter.type.name, (*parameter.type.options, "x")[0]) for parameter in needed}


def _content(answer: Asked) -> str:
    return str(answer.body["data"]["content"])


@pytest.fixture(params=["console", "discord", "slack"])
def door(request: pytest.FixtureRequest, app: AppHarness, discord_app: DiscordHarness, slack_app: SlackHarness) -> Door:
    if request.param == "console":
        return ConsoleDoor(app, "console", "club", "eve", "other")
    made: Door = DiscordDoor(
        app, "discord", str(GUILD), "66", "555", person=Person(discord_app.peer, id=66, name="eve")
    )
    if request.param == "slack":
        made = SlackDoor(app, "slack", TEAM, "U066", "T999", person=SlackPerson(slack_app.ada.post, "U066", "eve"))
    # The tree stays as it is: only what the commands do is seen.
    object.__setattr__(app.dispatch, "commands", made.spied())
    return made


Preparation = Callable[[Door], Awaitable[None]]


async def stranger(door: Door) -> None:
    """Somebody who never used Hallway."""


async def attendee(door: Door) -> None:
    """Somebody who uses it."""
    assert "Only organizers" not in await door.type("agenda")


async def removed(door: Door) -> None:
    """Somebody who was made an organizer, and is none any more."""
    await door.add(door.tenant)
    await ran_all(door)
    await door.remove()


async def expired(door: Door) -> None:
    """Somebody whose time is over this very moment."""
    await door.add(door.tenant, until=10)
    await ran_all(door)
    door.app.clock.move_to(at(10))


async def of_another_community(door: Door) -> None:
    """Somebody who was made an organizer elsewhere."""
    await door.add(door.others)


async def demoted(door: Door) -> None:
    """Somebody from whom the platform took the right."""
    await door.rank(manages=True)
    await ran_all(door)
    await door.rank(manages=False)


async def forgotten(door: Door) -> None:
    """An organizer who asked to be forgotten."""
    await door.add(door.tenant)
    await door.type("agenda")
    async with door.app.store.write_transaction() as work:
        eve = await work.people.find(door.platform, door.tenant, door.eve)
        assert eve
        await work.people.forget(eve)


async def without_the_role(door: Door) -> None:
    """Somebody in a community with a role for organizers, who has none."""
    await choose_role(door)


NOT_ORGANIZERS = [stranger, attendee, removed, expired, of_another_community, demoted, forgotten, without_the_role]


async def ran_all(door: Door) -> None:
    """Whoever is an organizer has every command."""
    for name in FOR_ORGANIZERS:
        assert await door.press(name) == DONE
    assert door.ran == FOR_ORGANIZERS
    door.ran.clear()


async def choose_role(door: Door) -> None:
    async with door.app.store.write_transaction() as work:
        where = await work.communities.add(door.platform, door.tenant)
        await work.communities.save(replace(where, role=str(CREW), role_name="Crew"))


@pytest.mark.parametrize("prepare", NOT_ORGANIZERS)
async def test_whoever_is_no_organizer_is_refused_every_command_and_it_is_in_the_log(
    door: Door, prepare: Preparation
) -> None:
    await prepare(door)
    before = len(await door.log())
    for name in FOR_ORGANIZERS:
        assert await door.press(name) == f"Only organizers can use /{name}."
        assert await door.type(name) == f"Only organizers can use /{name}."
        pressed_and_typed = (await door.log())[:2]
        assert [(entry.user, entry.what.split()[0], entry.allowed) for entry in pressed_and_typed] == [
            (door.eve, f"/{name}", False)
        ] * 2
    assert door.ran == []
    assert len(await door.log()) == before + 2 * len(FOR_ORGANIZERS)


async def linked(door: Door) -> tuple[CommunityLink, str]:
    """The real commands, a link with another community, and the code of a third; gives both."""
    await door.type("now")
    object.__setattr__(door.app.dispatch, "commands", all_commands())
    async with door.app.store.write_transaction() as work:
        here, other, third = [
            await work.communities.add(*address)
            for address in ((door.platform, door.tenant), ("console", "partner"), ("console", "third"))
        ]
        await link(work, here, other, door.app.clock.now())
        (made,) = await work.links.all(here.id)
        return made, await offered(work, third, door.app.clock.now())


async def links(door: Door, code: str) -> tuple[list[CommunityLink], bool]:
    """What is linked, and whether the code still counts."""
    async with door.app.store.read_transaction() as work:
        return list(await work.links.all()), await work.links.find_offer(
            digest_of(code), door.app.clock.now()
        ) is not None


@pytest.mark.parametrize("prepare", NOT_ORGANIZERS)
async def test_whoever_is_no_organizer_links_and_parts_nobody_also_by_old_buttons(
    door: Door, prepare: Preparation
) -> None:
    await prepare(door)
    made, code = await linked(door)
    tried = {"link new": "link", "unlink console:partner": "unlink", f"link {code} agree": "link"}
    for value, name in tried.items():
        assert await door.press("settings", **{name: value}) == "Only organizers can use /settings."
        newest = (await door.log())[0]
        assert (newest.user, newest.what, newest.allowed) == (
            door.eve,
            f"/settings {value.replace(code, 'CODE')}",
            False,
        )
    assert await links(door, code) == ([made], True)


async def test_whoever_is_one_parts_and_links_by_the_same_buttons(door: Door) -> None:
    await door.add(door.tenant)
    made, code = await linked(door)
    assert "The link is removed." in await door.press("settings", unlink="unlink console:partner")
    assert await links(door, code) == ([], True)
    assert "are linked" in await door.press("settings", link=f"link {code} agree")
    found, counts = await links(door, code)
    assert (len(found), found == [made], counts) == (1, False, False)
    assert [entry.what.split()[0] for entry in (await door.log())[:4]] == ["linked", "/settings", "undid", "/settings"]


@pytest.mark.parametrize("until", [None, 10])
async def test_whoever_was_added_has_every_command_and_it_is_in_the_log(door: Door, until: int | None) -> None:
    await door.add(door.tenant, until)
    await ran_all(door)
    assert [(entry.what, entry.allowed, entry.failed) for entry in reversed(await door.log())] == [
        (f"/{name}", True, False) for name in FOR_ORGANIZERS
    ]


async def test_whoever_has_the_role_has_every_command_while_they_have_it(discord_app: DiscordHarness) -> None:
    crew = Person(discord_app.peer, id=66, name="eve", roles=(CREW,))
    door = DiscordDoor(discord_app.app, "discord", str(GUILD), "66", "555", person=crew)
    object.__setattr__(discord_app.app.dispatch, "commands", door.spied())
    assert await door.press("settings") == "Only organizers can use /settings."
    await choose_role(door)
    await ran_all(door)
    for without in (replace(crew, roles=()), replace(crew, direct=True), replace(crew, guild=555, installed=False)):
        door.person = without
        assert await door.press("settings") == "Only organizers can use /settings."
    assert door.ran == []


def test_there_are_commands_of_organizers() -> None:
    assert {"organizer", "schedule", "settings"} <= set(FOR_ORGANIZERS)
