"""Nudges on Discord: direct messages, threads where they are refused, and everything that can go wrong on the way."""

import asyncio
from dataclasses import replace

import pytest

from bot.app.ports import DeliveryState
from bot.domain.attendee.attendee import Attendee, Reach
from tests.adapters.discord.conftest import DiscordHarness
from tests.fake_servers.discord import MANAGE_GUILD, REMINDERS, Fault, Message, Person

DIRECT = "731"
CLOSED = "you do not take direct messages from this server or from me"
MESSAGES = r"/channels/\d+/messages"
FAILED = {"message": "upstream", "code": 0}


async def attendee_of(discord_app: DiscordHarness, user: str = "31") -> Attendee:
    async with discord_app.app.store.read_transaction() as work:
        found = await work.people.find("discord", "100", user)
    assert found is not None
    return found


async def states(discord_app: DiscordHarness) -> list[str]:
    async with discord_app.app.store.read_transaction() as work:
        return [
            delivery.state.value for delivery in await work.deliveries.of_attendee((await attendee_of(discord_app)).id)
        ]


async def met(discord_app: DiscordHarness) -> None:
    """Ada goes to ARC301, and the channel for her direct messages is open. It is time to leave."""
    await discord_app.ada.type("hotel", venue="MGM")
    await due(discord_app.ada, seat="reserved")
    await discord_app.quiet()


async def due(person: Person, **seat: str) -> None:
    """Choose ARC301, and turn reminders on only then: the answer to `/attend` is not the message."""
    await person.type("nudges", switch="off")
    await person.type("attend", code="ARC301", **seat)
    await person.type("nudges", switch="on")


async def opened(discord_app: DiscordHarness) -> int:
    return sum(request.path == "/users/@me/channels" for request in discord_app.peer.asked)


async def test_a_nudge_is_one_direct_message_with_its_key_as_nonce(discord_app: DiscordHarness) -> None:
    await met(discord_app)
    (nudge,) = await discord_app.wait(hours=1)
    assert nudge.channel == DIRECT
    assert nudge.body["content"] == (
        'Leave MGM Grand by <t:1638201660:t> for "Queues that never sleep" at Venetian.\n'
        "49 min walk (enough for 9 in 10, estimate) + 10 min for check-in. It starts at <t:1638205200:t> in Room ARC301.\n"
        "Without the seat, leave by <t:1638202260:t> for the walk-up; whether there is room, nobody knows."
    )
    assert nudge.body["enforce_nonce"] is True
    assert len(nudge.body["nonce"]) == 24
    assert nudge.body["allowed_mentions"] == {"parse": []}
    assert [e["title"] for e in nudge.body["embeds"]] == ["Queues that never sleep (ARC301)"]
    assert await opened(discord_app) == 1
    assert await states(discord_app) == ["sent", "owed"]


async def test_a_button_of_a_nudge_works_where_it_was_sent(discord_app: DiscordHarness) -> None:
    await met(discord_app)
    (nudge,) = await discord_app.wait(hours=1)
    answer = await replace(discord_app.ada, direct=True).press(nudge, "On my way")
    assert answer.body["data"]["content"] == (
        'Have a good walk! "Queues that never sleep" starts at <t:1638205200:t>. No more reminders for this one.'
    )


async def test_a_button_counts_for_the_server_that_its_message_came_from(discord_app: DiscordHarness) -> None:
    elsewhere = replace(discord_app.ada, guild=555)
    await met(discord_app)
    (nudge,) = await discord_app.wait(hours=1)
    # The other server is the one that is used last.
    await elsewhere.type("attend", code="ARC301")
    answer = await replace(discord_app.ada, direct=True).press(nudge, "Not going")
    assert "ARC301" in str(answer.body)
    async with discord_app.app.store.read_transaction() as work:
        here, there = [await work.people.find("discord", tenant, "31") for tenant in ("100", "555")]
        assert here
        assert there
        chosen = [
            [attendance.session for attendance in await work.attendances.of_attendee(who.id, "cloud21")]
            for who in (here, there)
        ]
    assert chosen == [[], ["arc301"]]
    assert (here.current, there.current) == (True, False), "and what is written next is answered for it"


async def test_nobody_who_has_not_used_hallway_gets_a_channel(discord_app: DiscordHarness) -> None:
    await Person(discord_app.peer, id=44, name="eve").complete("attend", "code", "ARC")
    await discord_app.ada.type("now")
    await discord_app.quiet()
    assert [e.body["recipient_id"] for e in discord_app.peer.asked if e.path == "/users/@me/channels"] == ["31"]


async def test_a_direct_message_brings_its_channel_with_it(discord_app: DiscordHarness) -> None:
    alone = Person(discord_app.peer, id=77, name="bob", direct=True)
    await due(alone)
    await discord_app.quiet()
    (nudge,) = await discord_app.wait(hours=1)
    assert (nudge.channel, await opened(discord_app)) == ("777", 0)


async def agreed_to_threads(discord_app: DiscordHarness) -> None:
    organizer = replace(discord_app.ada, id=32, name="olga", permissions=MANAGE_GUILD)
    await organizer.type("settings", reminders=f"#{REMINDERS}")
    await met(discord_app)
    await discord_app.ada.type("nudges", threads="on")
    discord_app.peer.closed_to.add("31")


async def test_a_refused_message_goes_into_a_private_thread_that_names_nobody(discord_app: DiscordHarness) -> None:
    await agreed_to_threads(discord_app)
    (nudge,) = await discord_app.wait(hours=1)
    (made,) = [request for request in discord_app.peer.asked if request.path == f"/channels/{REMINDERS}/threads"]
    about = {name: made.body[name] for name in ("name", "type", "invitable")}
    assert about == {"name": "Hallway reminders", "type": 12, "invitable": False}
    assert any(request.path == f"/channels/{nudge.channel}/thread-members/31" for request in discord_app.peer.asked)
    reach = (await attendee_of(discord_app)).reach
    assert (reach.refused, reach.thread) == (CLOSED, nudge.channel)
    assert await states(discord_app) == ["sent", "owed"]
    refusals = len([request for request in discord_app.peer.asked if request.path == f"/channels/{DIRECT}/messages"])
    (recap,) = await discord_app.wait(hours=14)
    assert (recap.channel, recap.files) == (nudge.channel, ("2021-11-29-cloud21.md",))
    again = [request for request in discord_app.peer.asked if request.path == f"/channels/{DIRECT}/messages"]
    assert len(again) == refusals, "a refused direct message is not tried again"


async def test_a_thread_that_was_deleted_is_opened_anew(discord_app: DiscordHarness) -> None:
    await agreed_to_threads(discord_app)
    (nudge,) = await discord_app.wait(hours=1)
    gone = {"message": "Unknown Channel", "code": 10003}
    discord_app.peer.faults.append(Fault("POST", f"/channels/{nudge.channel}/messages", 404, gone))
    (recap,) = await discord_app.wait(hours=14)
    assert recap.channel != nudge.channel
    assert (await attendee_of(discord_app)).reach.thread == recap.channel


async def test_a_refusal_without_a_thread_is_told_at_the_next_command(discord_app: DiscordHarness) -> None:
    await met(discord_app)
    discord_app.peer.closed_to.add("31")
    assert await discord_app.wait(hours=1) == []
    assert await states(discord_app) == ["refused", "owed"]
    answer = await discord_app.ada.type("now")
    assert CLOSED in answer.body["data"]["content"]
    discord_app.peer.closed_to.clear()
    await discord_app.ada.press(answer, "Try again")
    (recap,) = await discord_app.wait(hours=14)
    assert recap.channel == DIRECT
    assert (await attendee_of(discord_app)).reach == Reach(DIRECT)


async def test_a_channel_that_is_gone_is_opened_again(discord_app: DiscordHarness) -> None:
    await met(discord_app)
    gone = {"message": "Unknown Channel", "code": 10003}
    discord_app.peer.faults.append(Fault("POST", f"/channels/{DIRECT}/messages", 404, gone))
    (nudge,) = await discord_app.wait(hours=1)
    assert (nudge.channel, await opened(discord_app)) == (DIRECT, 2)


@pytest.mark.parametrize("taken", [True, False])
async def test_what_failed_after_it_was_taken_is_one_message_all_the_same(
    discord_app: DiscordHarness, taken: bool
) -> None:
    await met(discord_app)
    discord_app.peer.faults.append(Fault("POST", MESSAGES, 500, FAILED, taken=taken))
    sent: list[Message] = await discord_app.wait(hours=1)
    assert len(sent) == 1
    assert await states(discord_app) == ["sent", "owed"]


async def test_a_rate_limit_is_waited_out_under_the_same_nonce(discord_app: DiscordHarness) -> None:
    await met(discord_app)
    limited = {"message": "You are being rate limited.", "retry_after": 0.05, "global": False}
    discord_app.peer.faults.append(Fault("POST", MESSAGES, 429, limited, times=2))
    assert len(await discord_app.wait(hours=1)) == 1
    nonces = {request.body["nonce"] for request in discord_app.peer.asked if request.path.endswith("/messages")}
    assert len(nonces) == 1


async def test_too_many_new_channels_are_waited_out(discord_app: DiscordHarness) -> None:
    too_fast = {"message": "You are opening direct messages too fast.", "code": 40003}
    refused = Fault("POST", "/users/@me/channels", 403, too_fast, times=100)
    discord_app.peer.faults.append(refused)
    await due(discord_app.ada)
    await discord_app.quiet()
    # After how many of her commands it is tried depends on how fast they follow one another.
    assert refused.times < 100
    refused.times = 1
    (nudge,) = await discord_app.wait(hours=1)
    assert (nudge.channel, refused.times) == (DIRECT, 0)
    assert await states(discord_app) == ["sent", "owed"]


async def test_a_message_that_discord_never_takes_is_set_aside_and_the_others_go_out(
    discord_app: DiscordHarness,
) -> None:
    bob = replace(discord_app.ada, id=33, name="bob")
    await due(bob)
    await met(discord_app)
    spoilt = {"message": "Invalid Form Body", "code": 50035}
    discord_app.peer.faults.append(Fault("POST", f"/channels/{DIRECT}/messages", 400, spoilt))
    (nudge,) = await discord_app.wait(hours=1)
    assert nudge.channel == "733"
    assert await states(discord_app) == ["dead", "owed"]


async def test_a_community_that_removes_hallway_is_sent_nothing_more(discord_app: DiscordHarness) -> None:
    await met(discord_app)
    await discord_app.peer.send("GUILD_DELETE", {"id": "100"})
    async with asyncio.timeout(60):
        while (await attendee_of(discord_app)).community.left_at is None:  # noqa: ASYNC110 — it waits for a row
            await asyncio.sleep(0)
    assert await states(discord_app) == []
    assert await discord_app.wait(hours=1) == []


async def test_what_is_due_before_it_is_connected_waits_for_that_and_spends_no_attempt(
    discord_app: DiscordHarness,
) -> None:
    await met(discord_app)
    messenger = discord_app.platform.messenger
    connected = messenger.client
    messenger.client = lambda: None
    async with discord_app.app.store.read_transaction() as work:
        owed, *_ = await work.deliveries.of_attendee((await attendee_of(discord_app)).id)
    until_due = (owed.nudge.due_at - discord_app.app.clock.now()).total_seconds()
    assert await discord_app.wait(seconds=until_due + 10) == []
    async with discord_app.app.store.read_transaction() as work:
        waiting, *_ = await work.deliveries.of_attendee((await attendee_of(discord_app)).id)
    assert (waiting.state, waiting.attempt) == (DeliveryState.OWED, 0)
    messenger.client = connected
    (nudge,) = await discord_app.wait(seconds=1)
    assert nudge.channel == DIRECT
