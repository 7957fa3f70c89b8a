"""An announcement by `hallway run`: a storm of limits, kill -9 in the middle, a pause and a recall; everybody once."""

import asyncio
import signal
from collections import Counter
from dataclasses import replace

from tests.e2e.hallway import Hallway
from tests.e2e.test_discord import imported, peer, running
from tests.peers.discord import GUILD, MANAGE_GUILD, Asked, DiscordPeer, Fault, Person, member, user

__all__ = ["imported", "peer"]
CROWD, CLOSED = 60, 2
LIMITED = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False}
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
    told = [each for each in peer.messages if "You get this" in str(each.body.get("content"))]
    return Counter(each.channel for each in told)


def number_in(preview: Asked) -> str:
    return str(preview.body["data"]["content"]).split()[1].strip("*,")


async def test_everybody_gets_it_once_or_is_on_the_report(imported: Hallway, peer: DiscordPeer) -> None:
    olga = promoted(peer, 32)
    people = [Person(peer, id=number, name=f"user{number}") for number in range(1000, 1000 + CROWD)]
    expected = {f"7{person.id}" for person in people[CLOSED:]}
    async with running(imported, peer) as process:
        for person in people:
            await person.type("news", switch="on")
        peer.closed_to |= {str(person.id) for person in people[:CLOSED]}
        peer.faults.append(Fault("POST", r"/channels/\d+/messages", 429, LIMITED, times=8))
        preview = await olga.type("announce", text="The walkway is closed", to="everyone", by="dm")
        assert f"{CROWD} direct messages" in str(preview.body)
        await olga.press(preview, "Confirm")
        await peer.until(lambda: len(reached(peer)) >= 10, 60)
        process.send_signal(signal.SIGKILL)
    assert len(reached(peer)) < len(expected)
    number = number_in(preview)
    async with running(imported, peer):
        await olga.type("announce", action="pause", number=number)
        await asyncio.sleep(1)
        paused = len(reached(peer))
        await asyncio.sleep(1)
        assert len(reached(peer)) == paused
        await olga.type("announce", action="resume", number=number)
        await peer.until(lambda: set(reached(peer)) == expected, LEASES)
        assert set(reached(peer).values()) == {1}
        await peer.until(lambda: "is out" in progress_of(peer), LEASES)
        report = await olga.type("announce", action="report", number=number)
        fields = {each["name"]: each["value"] for each in report.body["data"]["embeds"][0]["fields"]}
        assert fields["Messages"] == f"{CROWD - CLOSED} sent, {CLOSED} refused"
        await olga.type("announce", action="recall", number=number)
        await peer.until(lambda: not reached(peer), 60)
        demoted = replace(olga, permissions=0)
        refused = await demoted.type("announce", action="list")
        assert "Only organizers" in str(refused.body)


def progress_of(peer: DiscordPeer) -> str:
    """The one message that tells olga how far it is."""
    (progress,) = [each for each in peer.messages if each.channel == "732"]
    return str(progress.body["content"])
