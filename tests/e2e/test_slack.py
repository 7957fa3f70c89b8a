"""`hallway run` as a process, connected to a server that speaks Slack, over HTTP and by Socket Mode."""

import asyncio
import json
import signal
import socket
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from tests.e2e.hallway import Hallway, stopped
from tests.e2e.test_main_job import SCHEDULE, VENUES
from tests.fake_servers.slack import APP_TOKEN, SECRET, TOKEN, Fault, Person, Post, SlackPeer, slack_peer, words
from tests.fake_servers.slack_spec import slack_spec

EARLY, LATE, LATER = (f"2021-11-29T08:{minute}-08:00" for minute in (30, 41, 45))
"""A minute after everybody who sleeps in the Wynn was to be told of ARC1 in the Wynn."""


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    async with slack_peer(slack_spec().check) as made:
        yield made
    assert not made.broken, made.broken


@pytest.fixture
def imported(hallway: Hallway) -> Hallway:
    (hallway.home / "schedule.csv").write_text(SCHEDULE)
    (hallway.home / "venues.csv").write_text(VENUES)
    arguments = ("schedule.csv", "--conference", "tiny", "--zone", "America/Los_Angeles", "--venues", "venues.csv")
    assert hallway.run("import", *arguments).returncode == 0
    return hallway


@dataclass(slots=True)
class Run:
    """The process and how to speak to it."""

    process: Process
    post: Post

    def person(self, id_: str = "U031", name: str = "ada") -> Person:
        return Person(self.post, id_, name)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def settings(peer: SlackPeer, port: int, *, by_socket: bool, **more: str) -> dict[str, str]:
    heard = {"HALLWAY_SLACK_APP_TOKEN": APP_TOKEN} if by_socket else {"HALLWAY_SLACK_SIGNING_SECRET": SECRET}
    return {
        "HALLWAY_SLACK_BOT_TOKEN": TOKEN,
        "HALLWAY_SLACK_API_URL": f"{peer.url}/api/",
        "HALLWAY_HTTP_PORT": str(port),
        "HALLWAY_LOG_FORMAT": "json",
        "HALLWAY_LOG_LEVEL": "debug",
        **heard,
        **more,
    }


@asynccontextmanager
async def running(
    hallway: Hallway, peer: SlackPeer, *arguments: str, by_socket: bool = False, **more: str
) -> AsyncIterator[Run]:
    """The process, connected; killed at the end if it still runs. What it wrote must hold no secret."""
    port = free_port()
    chosen = settings(peer, port, by_socket=by_socket, **more)
    process = await hallway.start("run", *arguments, settings=chosen, stdout=PIPE)
    written = asyncio.create_task(process.communicate())
    try:
        await ready(port)
        yield Run(process, Post(peer, "" if by_socket else f"http://127.0.0.1:{port}/slack/events"))
    finally:
        if process.returncode is None:
            process.kill()
        for text in await written:
            for secret in (TOKEN, APP_TOKEN, SECRET, "trigger1", "/respond/"):
                assert secret.encode() not in text, text.decode()[-3_000:]


async def ready(port: int) -> None:
    """Until `/readyz` says so."""
    async with asyncio.timeout(180), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)


def channels(peer: SlackPeer) -> list[str]:
    return [message.channel for message in peer.messages]


@pytest.mark.parametrize("by_socket", [True, False])
async def test_a_nudge_comes_once_and_a_button_works_after_kill_9(
    imported: Hallway, peer: SlackPeer, by_socket: bool
) -> None:
    async with running(imported, peer, "--at", LATE, by_socket=by_socket) as run:
        await run.person().type("/hotel Wynn")
        # Reminders are turned on after the choice: else its answer is the message that is due.
        await run.person().type("/nudges off")
        going = await run.person().type("/attend ARC1")
        await run.person().type("/nudges on")
        await peer.until(lambda: channels(peer) == ["D031"])
        run.process.send_signal(signal.SIGKILL)
    async with running(imported, peer, "--at", LATE, by_socket=by_socket) as run:
        agenda = await run.person().press(going, "Agenda")
        assert "\n*1 · Queues (ARC1)*\n" in words(agenda)
        left = await run.person().press(peer.messages[0], "On my way")
        assert words(left) == (
            'Have a good walk! "Queues" starts at <!date^1638205200^{time}|09:00 PST>. No more reminders for this one.'
        )
        assert "ARC1" in words(await run.person().open_home())
    assert channels(peer) == ["D031"]


@pytest.mark.slow
async def test_sigterm_in_the_middle_of_a_peak_loses_and_doubles_nothing(imported: Hallway, peer: SlackPeer) -> None:
    ids = [f"U1{number:03}" for number in range(60)]
    async with running(imported, peer, "--at", EARLY) as run:
        for id_ in ids:
            await run.person(id_, id_).type("/hotel Wynn")
            await run.person(id_, id_).type("/attend ARC1")
        await stopped(run.process)
    async with running(imported, peer, "--at", LATE) as run:
        await peer.until(lambda: len(peer.messages) >= 15, 180)
        await stopped(run.process)
    assert 15 <= len(peer.messages) < 60
    async with running(imported, peer, "--at", LATER):
        await peer.until(lambda: len(peer.messages) >= 60, 180)
    assert sorted(channels(peer)) == sorted(f"D{id_[1:]}" for id_ in ids)
    assert len({body["client_msg_id"] for body in peer.of("chat.postMessage")}) == 60
    assert len(peer.of("chat.postMessage")) == 60


async def test_sigterm_is_obeyed_though_slack_answers_nothing_but_faults(imported: Hallway, peer: SlackPeer) -> None:
    async with running(imported, peer, "--at", LATE, by_socket=True) as run:
        for line in ("/hotel Wynn", "/nudges off", "/attend ARC1"):
            await run.person().type(line)
        peer.faults.append(Fault("chat.*|respond|apps.*", 500, "no", times=999))
        await run.post.form(run.person().command("/nudges on"))
        await peer.until(lambda: bool(peer.of("chat.postMessage")))
        await peer.hang_up()
        await stopped(run.process)


async def test_two_processes_on_one_database_do_a_double_click_once(imported: Hallway, peer: SlackPeer) -> None:
    async with running(imported, peer, "--at", LATE) as one, running(imported, peer, "--at", LATE) as other:
        shown = await one.person().type("/session ARC1")
        before = len(peer.of("respond"))
        press = one.person().presses(shown, "Going")
        again = other.person().presses(shown, "Going")
        answers = await asyncio.gather(
            *(hallway.post.payload(body) for hallway, body in ((one, press), (other, press), (other, again)))
        )
        assert [status for status, _ in answers] == [200, 200, 200]
        # Whoever stops finishes the answers that are under way.
        for hallway in (one, other):
            await stopped(hallway.process)
        (answer,) = peer.of("respond")[before:]
        assert words(answer).startswith("You're going.\n")


async def test_a_refused_token_ends_it_with_one_sentence(imported: Hallway, peer: SlackPeer) -> None:
    peer.tokens.clear()
    done = await asyncio.to_thread(imported.run, "run", **settings(peer, 0, by_socket=True))
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("hallway: Slack refuses the bot token: copy it again")
    assert TOKEN not in done.stderr + done.stdout


async def test_what_nobody_signed_is_refused_on_the_one_server(imported: Hallway, peer: SlackPeer) -> None:
    async with running(imported, peer) as run, aiohttp.ClientSession() as session:
        for path in ("/slack/events", "/slack/commands", "/slack/interactions"):
            url = run.post.url.replace("/slack/events", path)
            async with session.post(url, data="ssl_check=1", headers={"X-Slack-Request-Timestamp": "abc"}) as answer:
                assert answer.status == 401
            assert await Post(peer, url).form(run.person().command("/nextsession")) == (200, "")
        async with session.get(run.post.url.replace("/slack/events", "/metrics")) as answer:
            assert answer.status == 200
        await peer.until(lambda: len(peer.of("respond")) == 3)
    assert json.dumps(peer.of("respond")[0]["blocks"])
