"""`hallway run` as a process, connected to a server that speaks Discord."""

import asyncio
import json
import re
import shlex
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.discord.permissions import PERMISSIONS
from tests.e2e.hallway import ROOT, Hallway, stopped
from tests.e2e.test_main_job import SCHEDULE, VENUES
from tests.fake_servers.discord import (
    ALL_PERMISSIONS,
    GUILD,
    MANAGE_GUILD,
    REMINDERS,
    TOKEN,
    DiscordPeer,
    Fault,
    Person,
    discord_peer,
)
from tests.fake_servers.discord_spec import discord_spec

EARLY, LATE, LATER = (f"2021-11-29T08:{minute}-08:00" for minute in (30, 41, 45))
"""At 08:40 everybody who sleeps in the Wynn is to be told of ARC1 in the Wynn."""


DEFERRED = 5
"""The type of an interaction's response that promises an answer."""


@pytest.fixture
async def peer() -> AsyncIterator[DiscordPeer]:
    spec = discord_spec()
    async with discord_peer(spec.check if spec else None) as made:
        yield made
    assert made.broken == []


@pytest.fixture
def imported(hallway: Hallway) -> Hallway:
    (hallway.home / "schedule.csv").write_text(SCHEDULE)
    (hallway.home / "venues.csv").write_text(VENUES)
    arguments = ("schedule.csv", "--conference", "tiny", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
    assert hallway.run("import", *arguments).returncode == 0
    return hallway


def settings(peer: DiscordPeer, **more: str) -> dict[str, str]:
    return {
        "HALLWAY_DISCORD_TOKEN": TOKEN,
        "HALLWAY_DISCORD_API_URL": f"{peer.url}/api/v10",
        "HALLWAY_DISCORD_GATEWAY_URL": f"{peer.url.replace('http', 'ws')}/gateway",
        "HALLWAY_HTTP_PORT": "0",
        "HALLWAY_LOG_FORMAT": "json",
        "HALLWAY_LOG_LEVEL": "debug",
        **more,
    }


@asynccontextmanager
async def running(hallway: Hallway, peer: DiscordPeer, *arguments: str, **more: str) -> AsyncIterator[Process]:
    """The process, connected; killed at the end if it still runs. What it wrote must not have the token in it."""
    before = len(peer.identified)
    process = await hallway.start("run", *arguments, settings=settings(peer, **more), stdout=PIPE)
    written = asyncio.create_task(process.communicate())
    try:
        await peer.until(lambda: len(peer.identified) > before, 180)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        for text in await written:
            assert TOKEN.encode() not in text


def channels(peer: DiscordPeer) -> list[str]:
    return [message.channel for message in peer.messages]


@pytest.mark.slow
async def test_a_nudge_comes_once_and_a_button_works_after_kill_9(imported: Hallway, peer: DiscordPeer) -> None:
    ada = Person(peer)
    async with running(imported, peer, "--at", LATE) as process:
        await ada.type("hotel", venue="Wynn")
        # Reminders are turned on after the choice: else its answer is the message that is due.
        await ada.type("nudges", switch="off")
        going = await ada.type("attend", code="ARC1")
        await ada.type("nudges", switch="on")
        await peer.until(lambda: channels(peer) == ["731"])
        process.send_signal(signal.SIGKILL)
    async with running(imported, peer, "--at", LATE):
        agenda = await ada.press(going, "Agenda")
        assert "Queues (ARC1)" in json.dumps(agenda.body)
        left = await replace(ada, direct=True).press(peer.messages[0], "On my way")
        assert left.body["data"]["content"] == (
            'Have a good walk! "Queues" starts at <t:1638205200:t>. No more reminders for this one.'
        )
    assert channels(peer) == ["731"]


async def answer_to(person: Person, command: str, **options: str) -> str:
    """The answer to a command, also if the bot first only promises it."""
    answer = await person.type(command, **options)
    if answer.body["type"] != DEFERRED:
        return str(answer.body["data"]["content"])
    return str((await person.peer.edited(person, 60)).body["content"])


@pytest.mark.slow
async def test_sigterm_in_the_middle_of_a_peak_loses_and_doubles_nothing(imported: Hallway, peer: DiscordPeer) -> None:
    people = [Person(peer, id=number, name=f"user{number}") for number in range(1000, 1080)]
    async with running(imported, peer, "--at", EARLY) as process:
        await asyncio.gather(*(answer_to(person, "hotel", venue="Wynn") for person in people))
        answers = await asyncio.gather(*(answer_to(person, "attend", code="ARC1") for person in people))
        assert all("You're going." in answer for answer in answers)
        await stopped(process)
    async with running(imported, peer, "--at", LATE) as process:
        await peer.until(lambda: len(peer.messages) >= 20, 180)
        await stopped(process)
    assert 20 <= len(peer.messages) < 80
    async with running(imported, peer, "--at", LATER):
        await peer.until(lambda: len(peer.messages) >= 80, 180)
    assert sorted(channels(peer)) == sorted(f"7{person.id}" for person in people)
    posts = [request for request in peer.asked if request.path.endswith("/messages")]
    assert len({request.body["nonce"] for request in posts}) == 80


async def test_sigterm_is_obeyed_though_discord_answers_nothing_but_faults(
    imported: Hallway, peer: DiscordPeer
) -> None:
    ada = Person(peer)
    peer.faults.append(Fault("POST", r"/channels/\d+/messages", 500, {"message": "upstream", "code": 0}, times=999))
    async with running(imported, peer, "--at", LATE) as process:
        await ada.type("hotel", venue="Wynn")
        await ada.type("nudges", switch="off")
        await ada.type("attend", code="ARC1")
        await ada.type("nudges", switch="on")
        await peer.until(lambda: any(request.path.endswith("/messages") for request in peer.asked))
        await stopped(process)


async def test_a_refused_token_ends_it_with_one_sentence(imported: Hallway, peer: DiscordPeer) -> None:
    peer.faults.append(Fault("GET", "/users/@me", 401, {"message": "401: Unauthorized", "code": 0}, times=9))
    done = await asyncio.to_thread(imported.run, "run", **settings(peer))
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("hallway: Discord refuses the token: copy it again")
    assert TOKEN not in done.stderr + done.stdout


async def test_the_doctor_looks_at_token_gateway_and_channels(imported: Hallway, peer: DiscordPeer) -> None:
    olga = Person(peer, id=32, name="olga", permissions=MANAGE_GUILD)
    async with running(imported, peer):
        await olga.type("settings", reminders=f"#{REMINDERS}")
    well = await asyncio.to_thread(imported.run, "doctor", **settings(peer))
    assert well.returncode == 0, well.stdout
    assert "ok     Discord: the token is of hallway, no privileged intents are asked for" in well.stdout
    assert "ok     Discord: Cloud Club: all permissions are there, also in #reminders" in well.stdout
    (everyone,) = [role for role in peer.guilds[GUILD]["roles"] if role["id"] == str(GUILD)]
    everyone["permissions"] = "1024"
    ill = await asyncio.to_thread(imported.run, "doctor", **settings(peer))
    assert ill.returncode == 1
    assert "hallway: 1 check failed (above)." in ill.stderr
    assert "fault  Discord: Cloud Club: lacks send messages, embed links" in ill.stdout
    everyone["permissions"] = str(ALL_PERMISSIONS)
    deny = {"id": str(GUILD), "type": 0, "allow": "0", "deny": str(1 << 36)}
    peer.guilds[GUILD]["channels"][1]["permission_overwrites"] = [deny]
    denied = await asyncio.to_thread(imported.run, "doctor", **settings(peer))
    assert "#reminders denies create private threads: allow it" in denied.stdout
    peer.faults.append(Fault("GET", "/users/@me", 401, {"message": "401: Unauthorized", "code": 0}))
    refused = await asyncio.to_thread(imported.run, "doctor", **settings(peer))
    assert "fault  Discord: Discord refuses the token" in refused.stdout


async def test_the_invitation_asks_for_the_least(imported: Hallway, peer: DiscordPeer) -> None:
    done = imported.run("invite", "discord", **settings(peer))
    link = "https://discord.com/oauth2/authorize?client_id=900&permissions=343597435904"
    assert done.stdout.splitlines()[0] == f"{link}&integration_type=0&scope=bot+applications.commands"
    asked = await asyncio.to_thread(imported.run, "invite", "discord", **settings(peer, HALLWAY_DISCORD_TOKEN="!"))
    assert asked.stdout.splitlines()[0].startswith(link)
    missing = imported.run("invite", "discord")
    assert missing.returncode == 1
    assert missing.stderr.startswith("hallway: HALLWAY_DISCORD_TOKEN is not set")


async def test_the_commands_of_the_guide_do_what_it_says(imported: Hallway, peer: DiscordPeer) -> None:
    guide = (ROOT / "docs" / "how-to" / "discord.md").read_text()
    commands = [shlex.split(line) for line in re.findall(r"^\$ hallway (.+)$", guide, re.MULTILINE)]
    assert [command[0] for command in commands] == ["import", "invite", "doctor", "run"]
    for command in commands[:-1]:
        done = await asyncio.to_thread(imported.run, *command, **settings(peer))
        assert (done.returncode, done.stderr) == (0, ""), command
    async with running(imported, peer, *commands[-1][1:]) as process:
        assert (await Person(peer).type("help")).body["type"] == 4
        await stopped(process)
    for name, why in PERMISSIONS.items():
        permission = name.replace("_", " ").replace("view channel", "view channels")
        assert f"| {permission} | {why} |" in guide
