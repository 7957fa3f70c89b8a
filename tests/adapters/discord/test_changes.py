"""A schedule that changes, on Discord: the message about it, its buttons, and the digest in a channel."""

from dataclasses import replace

from bot.domain.schedule.session import SessionState
from tests.adapters.discord.conftest import DiscordHarness
from tests.app.nudges.test_session_changed import changed, moved
from tests.builders import ARC, DAT, SEC, at
from tests.fake_servers.discord import CHANNEL, MANAGE_GUILD, Message, Person, items

MOVED = moved(DAT, at(12, 30), venue="MGM Grand", room="Hall *1*")


async def change_message(discord_app: DiscordHarness) -> Message:
    """Ada hears that DAT310 has moved, on the eve of it."""
    discord_app.app.clock.move_to(at(20, day=28))
    await discord_app.ada.type("hotel", venue="MGM")
    await discord_app.ada.type("attend", code="DAT310", seat="reserved")
    await discord_app.quiet()
    await changed(discord_app.app, MOVED)
    (message,) = await discord_app.wait(minutes=6)
    return message


async def agenda(discord_app: DiscordHarness) -> str:
    return str((await discord_app.ada.type("agenda", day="monday")).body)


async def test_the_message_says_old_and_new_and_has_three_buttons(discord_app: DiscordHarness) -> None:
    message = await change_message(discord_app)
    head = '"Counting to infinity" is now at <t:1638217800:t>, in MGM Grand, Hall \\*1\\*.'
    assert message.body["content"] == head
    (card,) = message.body["embeds"]
    first = card["description"].split("\n")[0]
    assert first.startswith("now **MGM Grand, Hall \\*1\\***, **<t:1638217800:t>**-**<t:1638221400:t>** (was ")
    assert "(was Caesars Forum, Room DAT310, <t:1638214200:t>" in first
    assert [item["label"] for item in items(message)] == ["Keep", "Swap to the repeat", "Drop", "Agenda"]


async def test_keep_keeps_the_seat(discord_app: DiscordHarness) -> None:
    message = await change_message(discord_app)
    answer = await replace(discord_app.ada, direct=True).press(message, "Keep")
    assert "with a reserved seat" in str(answer.body)
    assert "DAT310" in await agenda(discord_app)


async def test_swap_takes_the_repeat_and_drops_this_one(discord_app: DiscordHarness) -> None:
    message = await change_message(discord_app)
    swapped = await replace(discord_app.ada, direct=True).press(message, "Swap to the repeat")
    assert "DAT310-R" in str(swapped.body)
    # The message itself has told that DAT310 changed.
    assert "This has changed since that message" not in str(swapped.body)
    shown = await agenda(discord_app)
    assert ("Counting to infinity (DAT310-R)" in shown, "Counting to infinity (DAT310)" in shown) == (True, False)


async def test_drop_drops_it_and_its_nudges(discord_app: DiscordHarness) -> None:
    message = await change_message(discord_app)
    dropped = await replace(discord_app.ada, direct=True).press(message, "Drop")
    assert "off your agenda" in str(dropped.body)
    assert await discord_app.wait(hours=18) == []


async def test_a_button_outlives_the_next_change_and_says_so(discord_app: DiscordHarness) -> None:
    message = await change_message(discord_app)
    await changed(discord_app.app, moved(MOVED, at(16)))
    answer = await replace(discord_app.ada, direct=True).press(message, "Keep")
    assert "This has changed since that message: Counting to infinity (DAT310)" in str(answer.body)
    await changed(discord_app.app, replace(MOVED, state=SessionState.CANCELLED))
    answer = await replace(discord_app.ada, direct=True).press(message, "Keep")
    assert answer.body["data"]["content"] == '"Counting to infinity" was cancelled. Find another one with /find.'


async def test_the_digest_stands_in_the_channel_that_an_organizer_chose(discord_app: DiscordHarness) -> None:
    discord_app.app.clock.move_to(at(20, day=28))
    await Person(discord_app.peer, id=77, permissions=MANAGE_GUILD).type("settings", digest=f"#{CHANNEL}")
    await changed(discord_app.app, MOVED, replace(ARC, state=SessionState.CANCELLED), leaving=(SEC,))
    (digest,) = await discord_app.wait(minutes=6)
    assert digest.channel == str(CHANNEL)
    assert digest.body["allowed_mentions"] == {"parse": []}
    head, *lines = digest.body["content"].split("\n")
    assert head == "**The schedule of Cloud 21 has changed**: 3 sessions."
    assert [line.split(": ")[1] for line in lines] == [
        "Queues that never sleep (ARC301)",
        "Keys, locks and doors (SEC203)",
        "Counting to infinity (DAT310)",
    ]
    assert "Hall \\*1\\*" in lines[2]
