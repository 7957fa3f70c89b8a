"""A day on which an organizer's right ends at noon, on Discord and on Slack: what goes out, and what each person sees.

Every request is real HTTP or WebSocket, and is held against the schema of the platform. The right ends in two ways: the
platform takes it, or an appointment made in Hallway runs out.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pytest

from bot.domain.schedule.session import SessionState
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.discord.test_announcing import promote, refresh
from tests.adapters.slack.harness import SlackHarness
from tests.app.announcements.test_following import changed
from tests.builders import DAT_AGAIN
from tests.contracts.test_organizers_day import labels as discord_labels
from tests.fake_servers.discord import CHANNEL, MANAGE_GUILD
from tests.fake_servers.discord import Person as DiscordPerson
from tests.fake_servers.slack import ADMIN, Person, labels, words
from tests.fakes.app_harness import AppHarness

REFUSED = "Only organizers can use /announce."
AUTHOR_LAPSED = "was cancelled: its author is no longer an organizer"
PEOPLE = {"ada": 31, "olga": 32, "bob": 33, "eve": 34}
"""Bob and Olga run the place, Eve was appointed until noon, Ada attends."""
BY = {"the platform takes it": "olga", "an appointment runs out": "eve"}
"""Who loses the right at noon, by the way it ends."""


class Place(Protocol):
    """A platform with people on it. Answers and messages are what the platform was given."""

    @property
    def app(self) -> AppHarness: ...
    async def type(self, who: str, command: str, **options: str) -> Any: ...
    async def press(self, who: str, answer: Any, label: str) -> Any: ...
    async def fill_in(self, who: str, form: Any, **values: str) -> Any: ...
    async def wait(self, **span: float) -> None: ...
    async def demote(self, who: str) -> None: ...
    def text(self, answer: Any) -> str: ...
    def labels(self, answer: Any) -> list[str]: ...
    def messages(self, who: str) -> list[Any]: ...
    def posts(self) -> list[str]: ...


@dataclass(slots=True)
class OnDiscord:
    """A server of Discord."""

    harness: DiscordHarness
    demoted: set[str] = field(default_factory=set)

    @property
    def app(self) -> AppHarness:
        return self.harness.app

    async def start(self) -> "OnDiscord":
        promote(self.harness, PEOPLE["olga"])
        self.harness.peer.members[PEOPLE["bob"]] = self.harness.peer.members[PEOPLE["olga"]]
        await refresh(self.harness)
        return self

    def _person(self, who: str) -> DiscordPerson:
        manages = who in ("olga", "bob") and who not in self.demoted
        return replace(self.harness.ada, id=PEOPLE[who], name=who, permissions=MANAGE_GUILD if manages else 0)

    async def type(self, who: str, command: str, **options: str) -> Any:
        given = {name: f"#{CHANNEL}" if name == "channel" else value for name, value in options.items()}
        given = {name: f"@{PEOPLE[value]}" if name == "person" else value for name, value in given.items()}
        return await self._person(who).type(command, **given)

    async def press(self, who: str, answer: Any, label: str) -> Any:
        return await self._person(who).press(answer, label)

    async def fill_in(self, who: str, form: Any, **values: str) -> Any:
        return await self._person(who).fill_in(form, **values)

    async def wait(self, **span: float) -> None:
        await self.harness.wait(**span)

    async def demote(self, who: str) -> None:
        self.demoted.add(who)
        member = self.harness.peer.members[PEOPLE[who]]
        self.harness.peer.members[PEOPLE[who]] = {**member, "roles": []}

    def text(self, answer: Any) -> str:
        body = answer.body.get("data") or answer.body
        cards = [embed.get("description", "") for embed in body.get("embeds", ())]
        return "\n".join(filter(None, [body.get("content"), *cards]))

    def labels(self, answer: Any) -> list[str]:
        return discord_labels(answer)

    def messages(self, who: str) -> list[Any]:
        return [message for message in self.harness.peer.messages if message.channel == f"7{PEOPLE[who]}"]

    def posts(self) -> list[str]:
        return [
            str(message.body["content"]) for message in self.harness.peer.messages if message.channel == str(CHANNEL)
        ]


@dataclass(slots=True)
class OnSlack:
    """A workspace of Slack."""

    harness: SlackHarness

    @property
    def app(self) -> AppHarness:
        return self.harness.app

    def start(self) -> "OnSlack":
        self.harness.peer.users[self._id("bob")] = {"is_admin": True}
        return self

    def _id(self, who: str) -> str:
        return ADMIN if who == "olga" else f"U0{PEOPLE[who]}"

    def _person(self, who: str) -> Person:
        return Person(self.harness.ada.post, self._id(who), who)

    async def type(self, who: str, command: str, **options: str) -> Any:
        options = {**options, **({"channel": "in <#C200|general>"} if "channel" in options else {})}
        given = {"text": '"{}"', "when": "at {}", "to": "to {}", "by": "by {}", "until": "until {}"}
        if "person" in options:
            options["person"] = f"<@{self._id(options['person'])}|{options['person']}>"
        line = " ".join(given.get(name, "{}").format(value) for name, value in options.items())
        return await self._person(who).type(f"/{command} {line}".strip())

    async def press(self, who: str, answer: Any, label: str) -> Any:
        return await self._person(who).press(answer, label)

    async def fill_in(self, who: str, form: Any, **values: str) -> Any:
        return await self._person(who).fill_in(form, **values)

    async def wait(self, **span: float) -> None:
        await self.harness.wait(**span)

    async def demote(self, who: str) -> None:
        self.harness.peer.users[self._id(who)] = {"is_admin": False}

    def text(self, answer: Any) -> str:
        return words(answer)

    def labels(self, answer: Any) -> list[str]:
        return labels(answer)

    def messages(self, who: str) -> list[Any]:
        return [message for message in self.harness.peer.messages if message.channel == f"D{self._id(who)[1:]}"]

    def posts(self) -> list[str]:
        return [str(message.body["text"]) for message in self.harness.peer.messages if message.channel == "C200"]


@pytest.fixture(params=["discord", "slack"])
async def place(request: pytest.FixtureRequest, discord_app: DiscordHarness, slack_app: SlackHarness) -> Place:
    return await OnDiscord(discord_app).start() if request.param == "discord" else OnSlack(slack_app).start()


async def planned(place: Place, who: str, **options: str) -> str:
    """Plan and confirm an announcement; gives its number."""
    preview = await place.type(who, "announce", **options)
    assert "isn't sent yet" in place.text(preview)
    await place.press(who, preview, "Confirm")
    return number_of(place, preview)


def number_of(place: Place, preview: Any) -> str:
    return place.text(preview).split()[1].strip("*,")


@pytest.mark.parametrize("lapse", BY)
async def test_what_an_organizer_planned_before_noon_stays_where_it_was_when_the_right_ends(
    place: Place, lapse: str
) -> None:
    who = BY[lapse]
    await place.type("ada", "news", switch="on")
    if who == "eve":
        assert "organizer until" in place.text(
            await place.type("bob", "organizer", action="add", person="eve", until="12:00")
        )

    # The morning: she plans, an announcement goes out, and a session is cancelled.
    first = await planned(place, who, text="Doors open", channel="", when="10m before SEC203")
    slides = await planned(place, who, text="Slides are online", channel="", when="the end of DAT310")
    seats = await planned(place, who, text="Last seats", channel="", when="10m before DAT310-R")
    direct = await planned(place, who, text="See you at the party", to="everyone", by="dm", when="13:00")
    draft = await place.type(who, "announce", text="Lunch", channel="")
    await place.wait(hours=3)
    assert place.posts() == ["Doors open"]
    await changed(place.app, replace(DAT_AGAIN, state=SessionState.CANCELLED))
    await place.wait(minutes=55)
    (question,) = [message for message in place.messages(who) if "is on hold" in place.text(message)]
    assert place.labels(question) == ["Send now", "New time…", "Drop it"]
    form = await place.type(who, "announce")

    # Noon: the right ends. Nothing that she had begun works any more: forms, buttons, lists, old messages.
    await place.wait(minutes=5)
    if who == "olga":
        await place.demote(who)
    tried = [
        await place.fill_in(who, form, text="Beer", to="everyone"),
        await place.type(who, "announce"),
        await place.press(who, draft, "Confirm"),
        await place.press(who, draft, "Change…"),
        *[await place.press(who, question, label) for label in ("Send now", "New time…", "Drop it")],
        await place.type(who, "announce", action="list"),
        await place.type(who, "announce", action="recall", number=first),
    ]
    # A refused form shows below what was typed, so that it is not lost.
    assert [place.text(message).splitlines()[0] for message in tried] == [REFUSED] * len(tried)
    assert "Only organizers" not in place.text(await place.type(who, "nextsession"))

    # The afternoon: what was due is called off, its author reads why, and nobody else gets anything.
    await place.wait(hours=3)
    assert place.posts() == ["Doors open"]
    assert place.messages("ada") == []
    ends = {number: [message for message in place.messages(who) if f"Announcement {number}" in place.text(message)]
            for number in (slides, direct)}  # fmt: skip
    assert [(len(found), AUTHOR_LAPSED in place.text(found[0])) for found in ends.values()] == [(1, True)] * 2

    # The one who is left sees all of it, and decides about what waits.
    listed = place.text(await place.type("bob", "announce", action="list")).splitlines()
    states = {line.split(".")[0].strip("\\"): line for line in listed}
    assert [AUTHOR_LAPSED in states[number] for number in (first, slides, seats, direct)] == [False, True, False, True]
    assert "has been sent" in states[first]
    assert "is on hold" in states[seats]
    held = await place.type("bob", "announce", action="show", number=seats)
    assert "goes out now" in place.text(await place.press("bob", held, "Send now"))
    await place.type("bob", "announce", action="recall", number=first)
    await place.wait(minutes=1)
    assert place.posts() == ["Last seats"]
    log = place.text(await place.type("bob", "organizer", action="log")).splitlines()
    refused = [line.partition("/announce")[2] for line in log if line.endswith("(refused)")]
    assert refused == [
        f" recall {first} (refused)",
        " list (refused)",
        *[f" {action} {seats} (refused)" for action in ("cancel", "change", "send")],
        *[f" {action} {number_of(place, draft)} (refused)" for action in ("change", "confirm")],
        " (refused)",
        " Beer to everyone (refused)",
    ]
