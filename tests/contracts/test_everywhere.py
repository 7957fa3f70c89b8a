"""A server of Discord and a workspace of Slack, linked: one announcement goes to both, and one report adds up."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from adapters.console.render import describe_card as console_manner
from adapters.discord.render.markdown import describe_card as discord_manner
from adapters.slack.render.mrkdwn import describe_card as slack_manner
from bot.app.messages import Card
from bot.app.ports import DeliveryState
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.discord.test_announcing import promote, refresh
from tests.adapters.slack.harness import SlackHarness
from tests.fake_servers.discord import CHANNEL, GUILD, MANAGE_GUILD, Asked, Person
from tests.fake_servers.slack import ADMIN, TEAM, words
from tests.fake_servers.slack import Person as SlackPerson

GENERAL, NEWS = str(CHANNEL), "C200"
READERS = ("U040", "U041", "U042")


@pytest.fixture
async def olga(discord_app: DiscordHarness) -> Person:
    """She may manage the server, also when Discord is asked about her."""
    promote(discord_app, 32)
    await refresh(discord_app)
    return replace(discord_app.ada, id=32, name="olga", permissions=MANAGE_GUILD)


@pytest.fixture
def boss(slack_app: SlackHarness) -> SlackPerson:
    """Who runs the workspace."""
    return SlackPerson(slack_app.ada.post, ADMIN, "boss")


def content(answer: Asked) -> str:
    return str(answer.body["data"].get("content", ""))


def fields(answer: Asked) -> dict[str, str]:
    return {field["name"]: field["value"] for field in answer.body["data"]["embeds"][-1]["fields"]}


async def joined(olga: Person, boss: SlackPerson) -> None:
    """Olga asks for a code, the boss enters it and agrees."""
    (code,) = re.findall(r"link:([A-Z2-9-]{14})", content(await olga.type("settings", link="new")))
    entered = await boss.type(f"/settings link:{code}")
    assert "Nothing is linked yet" in words(entered)
    assert "are linked" in words(await boss.press(entered, "Agree and link"))
    await boss.type(f"/settings announcements <#{NEWS}>")


async def summed(discord_app: DiscordHarness, number: int) -> dict[DeliveryState, int]:
    """What became of it over all, which is the sum over the communities."""
    async with discord_app.app.store.read_transaction() as work:
        made = await work.announcements.get(number)
        assert made is not None
        whole = (await work.announcement_deliveries.stats(number)).states
        parts = [
            Counter((await work.announcement_deliveries.stats(number, community)).states)
            for community in made.communities
        ]
    assert dict(sum(parts, Counter())) == whole
    return dict(whole)


async def test_one_announcement_goes_to_both_platforms_once_and_one_report_adds_up(
    discord_app: DiscordHarness, slack_app: SlackHarness, olga: Person, boss: SlackPerson
) -> None:
    await joined(olga, boss)
    await discord_app.ada.type("news", switch="on")
    for user in READERS:
        await SlackPerson(slack_app.ada.post, user, user.lower()).type("/news on")
    arguments = {"text": "Lunch is in *hall B*", "title": "Food", "channel": f"#{CHANNEL}", "by": "both"}
    preview = await olga.type("announce", **arguments, where="everywhere")
    shown = fields(preview)
    assert shown["Sends"] == "4 direct messages and 2 channel posts, in less than a minute"
    assert shown["Cloud Club (Discord)"] == "1 direct message, posted in the channels above"
    slack = next(name for name in shown if name.endswith("(Slack)"))
    assert shown[slack] == "3 direct messages, posted in its announcements channel"
    assert shown["Looks on Slack"] == "only the text"
    slack_app.peer.closed_to["D042"] = "messages_tab_disabled"
    await olga.press(preview, "Confirm")
    await discord_app.wait(minutes=1)
    await slack_app.wait(minutes=1)
    await discord_app.wait(minutes=1)
    on_discord = Counter(message.channel for message in discord_app.peer.messages if "Food" in str(message.body))
    on_slack = Counter(message.channel for message in slack_app.peer.messages if "Food" in str(message.body))
    assert on_discord == {GENERAL: 1, "731": 1}
    assert on_slack == {NEWS: 1, "D040": 1, "D041": 1}
    (posted,) = [message for message in slack_app.peer.messages if message.channel == NEWS]
    assert "From Cloud Club (Discord), which is linked with this community." in words(posted)
    number = content(preview).split()[1].strip("*,")
    report = await olga.type("announce", action="report", number=number)
    found = fields(report)
    assert found["Messages"] == "5 sent, 1 refused"
    assert (found["Cloud Club (Discord)"], found[slack]) == ("2 sent", "3 sent, 1 refused")
    assert await summed(discord_app, int(number)) == {DeliveryState.SENT: 5, DeliveryState.REFUSED: 1}
    progress = [message for message in discord_app.peer.messages if message.channel == "732"]
    assert len(progress) == 1
    assert "has been sent" in str(progress[0].body["content"])
    await olga.type("announce", action="recall", number=number)
    await discord_app.wait(minutes=1)
    assert [message for message in slack_app.peer.messages if "Food" in str(message.body)] == []
    assert [message for message in discord_app.peer.messages if "Food" in str(message.body)] == []


async def test_from_slack_to_discord_by_a_form_and_undone_by_a_button_there(
    discord_app: DiscordHarness, slack_app: SlackHarness, olga: Person, boss: SlackPerson
) -> None:
    await joined(olga, boss)
    await olga.type("settings", announcements=f"#{CHANNEL}")
    form = await boss.type("/announce")
    preview = await boss.fill_in(form, text="Doors open", to=f"everyone and <#{NEWS}>", where="everywhere")
    assert "Looks on Discord" in words(preview)
    assert "*Looks on Discord*\nonly the text" in words(preview)
    later = await boss.type(f'/announce "Late" to everyone in <#{NEWS}> at 12:00 everywhere')
    for message in (preview, later):
        await boss.press(message, "Confirm")
    await slack_app.wait(minutes=1)
    await discord_app.wait(minutes=1)
    await slack_app.wait(minutes=1)
    assert [message.channel for message in discord_app.peer.messages if "Doors open" in str(message.body)] == [GENERAL]
    assert [message.channel for message in slack_app.peer.messages if "Doors open" in str(message.body)] == [NEWS]
    mine = await olga.type("settings")
    (label,) = [button["label"] for row in mine.body["data"]["components"] for button in row["components"]]
    assert "The link is removed." in content(await olga.press(mine, label))
    await slack_app.wait(hours=5)
    await discord_app.wait(minutes=1)
    assert [message.channel for message in discord_app.peer.messages if "Late" in str(message.body)] == []
    assert [message.channel for message in slack_app.peer.messages if "Late" in str(message.body)] == [NEWS]
    async with discord_app.app.store.read_transaction() as work:
        here = await work.communities.get("slack", TEAM)
        there = await work.communities.get("discord", str(GUILD))
        assert here is not None
        assert there is not None
        newest = (await work.announcements.of_community(here.id, 1))[0]
        log = [(entry.doer, entry.what) for entry in await work.audit.latest(here.id, 9)]
    assert newest.skipped == ((there.id, "the link was undone"),)
    assert ("an organizer of Cloud Club (Discord)", "undid the link with Cloud Club (Discord)") in log


HOSTILE = "@everyone <!channel> <@31> [free](https://evil.example) *x*"


async def test_what_a_linked_community_is_called_calls_nobody_and_leads_nowhere(
    discord_app: DiscordHarness, slack_app: SlackHarness, olga: Person, boss: SlackPerson
) -> None:
    await joined(olga, boss)
    await olga.type("settings", announcements=f"#{CHANNEL}")
    await olga.press(await olga.type("announce", text="One", channel=f"#{CHANNEL}", where="everywhere"), "Confirm")
    await boss.press(await boss.type(f'/announce "Two" to everyone in <#{NEWS}> everywhere'), "Confirm")
    async with discord_app.app.store.write_transaction() as work:
        for address in (("discord", str(GUILD)), ("slack", TEAM)):
            community = await work.communities.add(*address)
            await work.communities.save(replace(community, name=HOSTILE))
    for _ in range(2):
        await discord_app.wait(minutes=1)
        await slack_app.wait(minutes=1)
    (on_discord,) = [message for message in discord_app.peer.messages if "Two" in str(message.body)]
    (on_slack,) = [message for message in slack_app.peer.messages if "One" in str(message.body)]
    assert on_discord.body["allowed_mentions"] == {"parse": []}
    shown = str(on_discord.body["content"])
    assert shown.startswith("Two\nFrom ")
    for dangerous in ("@everyone", "<!channel>", "<@31>", "[free](", "https://"):
        assert dangerous not in shown.replace("\\<", "").replace("\\[", ""), dangerous
    # On Slack nothing is live but what stands between < and >.
    assert re.findall(r"<[!@#h][^>]*>", words(on_slack)) == []


BARE, FULL = (
    Card("Food", (("Lunch",),)),
    Card("Food", (("Lunch",),), link="https://a.example", picture="https://b.example/c.png"),
)


def test_how_a_card_looks_elsewhere_is_told_in_the_order_in_which_it_is_drawn() -> None:
    bare = [manner(BARE) for manner in (console_manner, discord_manner, slack_manner)]
    assert bare == [
        "plain lines: title, text",
        "a block with a coloured edge: title in bold, text",
        "a message without an edge: title in bold, text",
    ]
    full = [manner(FULL) for manner in (console_manner, discord_manner, slack_manner)]
    assert full == [
        "plain lines: title, text, link, address of the picture",
        "a block with a coloured edge: title in bold, text, link, picture",
        "a message without an edge: title in bold, text, link, picture",
    ]
