"""An announcement by `hallway run`: a storm of limits, kill -9 in the middle, a pause and a recall; everybody once."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.e2e.hallway import Hallway
from tests.e2e.test_discord import imported, peer, running
from tests.e2e.test_slack import peer as slack
from tests.e2e.test_slack import running as running_slack
from tests.fake_servers.discord import GUILD, MANAGE_GUILD, Asked, DiscordPeer, Fault, Person, member, user
from tests.fake_servers.slack import ADMIN, SlackPeer, words
from tests.fake_servers.slack import Fault as SlackError

__all__ = ["imported", "peer", "slack"]
pytestmark = pytest.mark.slow
CROWD, CLOSED = 120, 5
TEAM, TEAM_CLOSED = 24, 2
"""Fewer where a workspace may be sent 270 a minute, and 50 taken back."""
LIMITED = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False}
MANY = 1_000_000
IN_FLIGHT = 16
LEASES = 150
"""Seconds until what a killed process had claimed is claimed again, on a slow machine."""


def promoted(peer: DiscordPeer, id_: int) -> Person:
    """Somebody whom the server lets manage it, also when it is asked."""
    everyone = peer.guilds[GUILD]["roles"][0]
    everyone["permissions"] = "0"
    role = {**everyone, "id": "3200", "name": "staff", "permissions": str(MANAGE_GUILD), "position": 1}
    peer.guilds[GUILD]["roles"] = [everyone, role]
    peer.members[id_] = {**member(user(id_, "olga")), "roles": ["3200"]}
    return Person(peer, id=id_, name="olga", permissions=MANAGE_GUILD)


def reached(peer: DiscordPeer) -> Counter[str]:
    """How often each channel for direct messages holds the announcement."""
    messages = [message for message in peer.messages if "You get this" in str(message.body.get("content"))]
    return Counter(message.channel for message in messages)


def number_in(preview: Asked) -> str:
    return str(preview.body["data"]["content"]).split()[1].strip("*,")


async def rested(count: Callable[[], int]) -> int:
    """How many there are, once what was under way is through and no other has come for two seconds."""
    before = -1
    while (now := count()) != before:
        before = now
        await asyncio.sleep(2)
    return now


async def test_everybody_gets_it_once_or_is_on_the_report(imported: Hallway, peer: DiscordPeer) -> None:
    olga = promoted(peer, 32)
    people = [Person(peer, id=number, name=f"user{number}") for number in range(1000, 1000 + CROWD)]
    expected = {f"7{person.id}" for person in people[CLOSED:]}
    async with running(imported, peer) as process:
        for person in people:
            await person.type("news", switch="on")
        peer.closed_to |= {str(person.id) for person in people[:CLOSED]}
        peer.faults.append(Fault("POST", r"/channels/\d+/messages", 429, LIMITED, times=8))
        # From the middle on none is taken, however many are on their way when the process dies.
        peer.faults.append(Fault("POST", r"/channels/\d+/messages", 429, LIMITED, times=MANY, spared=CROWD // 2))
        preview = await olga.type("announce", text="The walkway is closed", to="everyone", by="dm")
        assert f"{CROWD} direct messages" in str(preview.body)
        await olga.press(preview, "Confirm")
        await peer.until(lambda: len(reached(peer)) >= CROWD // 3, 180)
        process.send_signal(signal.SIGKILL)
    assert len(reached(peer)) < len(expected)
    number = number_in(preview)
    async with running(imported, peer):
        await olga.type("announce", action="pause", number=number)
        assert await rested(lambda: len(reached(peer))) < len(expected)
        peer.faults.clear()
        await olga.type("announce", action="resume", number=number)
        await peer.until(lambda: set(reached(peer)) == expected, LEASES)
        assert set(reached(peer).values()) == {1}
        await peer.until(lambda: "has been sent" in progress_of(peer), LEASES)
        report = await olga.type("announce", action="report", number=number)
        fields = {field["name"]: field["value"] for field in report.body["data"]["embeds"][0]["fields"]}
        assert fields["Messages"] == f"{CROWD - CLOSED} sent, {CLOSED} refused"
        await olga.type("announce", action="recall", number=number)
        await peer.until(lambda: not reached(peer), 180)
        demoted = replace(olga, permissions=0)
        refused = await demoted.type("announce", action="list")
        assert "Only organizers" in str(refused.body)


def progress_of(peer: DiscordPeer) -> str:
    """The one message that tells olga how far it is."""
    (progress,) = [message for message in peer.messages if message.channel == "732"]
    return str(progress.body["content"])


async def test_everybody_in_a_workspace_gets_it_once_or_is_on_the_report(imported: Hallway, slack: SlackPeer) -> None:
    ids = [f"U1{number:03}" for number in range(TEAM)]
    expected = {f"D{id_[1:]}" for id_ in ids[TEAM_CLOSED:]}
    async with running_slack(imported, slack) as run:
        for id_ in ids:
            await run.person(id_, id_).type("/news on")
        slack.closed_to |= {f"D{id_[1:]}": "user_disabled" for id_ in ids[:TEAM_CLOSED]}
        slack.faults.append(SlackError("chat.postMessage", 429, _LIMITED, {"Retry-After": "1"}, times=8))
        slack.faults.append(
            SlackError("chat.postMessage", 429, _LIMITED, {"Retry-After": "1"}, times=MANY, spared=TEAM // 2)
        )
        olga = run.person(ADMIN, "olga")
        preview = await olga.type('/announce "The walkway is closed" to everyone by dm')
        assert f"{TEAM} direct messages" in words(preview)
        await olga.press(preview, "Confirm")
        await slack.until(lambda: len(copies_by_channel(slack)) >= TEAM // 3, 180)
        run.process.send_signal(signal.SIGKILL)
    assert len(copies_by_channel(slack)) < len(expected)
    number = words(preview).split()[1].strip("*,")
    async with running_slack(imported, slack) as run:
        olga = run.person(ADMIN, "olga")
        await olga.type(f"/announce pause {number}")
        assert await rested(lambda: len(copies_by_channel(slack))) < len(expected)
        slack.faults.clear()
        await olga.type(f"/announce resume {number}")
        await slack.until(lambda: set(copies_by_channel(slack)) == expected, LEASES)
        await slack.until(lambda: "has been sent" in slack_progress(slack), LEASES)
        # What was under way when the process died may show twice here: the report says so, and nobody finds the other one.
        twice = sum(copies_by_channel(slack).values()) - len(expected)
        assert twice <= IN_FLIGHT
        report = await olga.type(f"/announce report {number}")
        assert f"{TEAM - TEAM_CLOSED} sent, {TEAM_CLOSED} refused" in words(report)
        assert twice == 0 or "sent again after a doubt" in words(report)
        await olga.type(f"/announce recall {number}")
        await slack.until(lambda: sum(copies_by_channel(slack).values()) == twice, LEASES)


_LIMITED = {"ok": False, "error": "ratelimited"}


def copies_by_channel(slack: SlackPeer) -> Counter[str]:
    """How often each channel for direct messages holds the announcement."""
    messages = [message for message in slack.messages if "You get this" in words(message)]
    return Counter(message.channel for message in messages)


def slack_progress(slack: SlackPeer) -> str:
    """What olga is told of how far it is."""
    return " ".join(words(message) for message in slack.messages if message.channel == f"D{ADMIN[1:]}")
