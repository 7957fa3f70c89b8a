"""Announcements on Slack: the command alone opens a form, for organizers and nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.app.access.authorization import may_ask
from bot.app.command_spec import Call, Context
from bot.app.messages import Reply, Request
from bot.domain.errors import StoreError
from tests.adapters.slack.harness import SlackHarness
from tests.adapters.slack.test_conversation import with_command
from tests.fake_servers.slack import ADMIN, TEAM, Asked, Person, words
from tests.fakes.memory_store import MemoryStore

FORM = [
    ("text", True),
    ("to~pick", None),
    ("to", False),
    ("channel", None),
    ("when", False),
    ("by", None),
    ("title", False),
    ("where", None),
]
"""The fields, and whether several lines go into one; None where one of a list is chosen."""


@pytest.fixture
def olga(slack_app: SlackHarness) -> Person:
    """She runs the workspace, also when Slack is asked about her."""
    return Person(slack_app.ada.post, ADMIN, "olga")


def fields(form: Asked) -> list[tuple[str, bool | None]]:
    blocks = form.body["view"]["blocks"]
    return [(block["block_id"], block["element"].get("multiline")) for block in blocks]


async def log_entries(slack_app: SlackHarness) -> list[tuple[str, bool]]:
    async with slack_app.app.store.read_transaction() as work:
        here = await work.communities.get("slack", TEAM)
        return [(entry.what, entry.allowed) for entry in await work.audit.latest(here.id, 9)] if here else []


@pytest.mark.parametrize("line", ["/announce", "/hallway announce"])
async def test_the_command_alone_opens_a_form_that_leads_to_the_channel(
    slack_app: SlackHarness, olga: Person, line: str
) -> None:
    form = await olga.type(line)
    assert (form.method, form.body["view"]["title"]["text"], fields(form)) == ("views.open", "/announce", FORM)
    assert str(form.body["trigger_id"]).startswith("trigger")
    elements = {block["block_id"]: block["element"] for block in form.body["view"]["blocks"]}
    by, where = elements["by"], elements["where"]
    assert elements["channel"]["type"] == "conversations_select"
    assert [option["value"] for option in by["options"]] == ["channel", "dm", "both"]
    assert [option["value"] for option in where["options"]] == ["everywhere", "local"]
    assert await log_entries(slack_app) == []
    preview = await olga.fill_in(form, text="*Lunch* is\nin hall B", title="Food", to="everyone and <#C200>")
    assert (preview.method, "isn't sent yet. This is how it will look:\n" in words(preview)) == ("respond", True), (
        words(preview)
    )
    rows = [block["elements"] for block in preview.body["blocks"] if block["type"] == "actions"]
    styles = {button["text"]["text"]: button.get("style") for row in rows for button in row}
    assert [label for label, style in styles.items() if style] == ["Confirm"]
    await olga.press(preview, "Confirm")
    sent = await slack_app.wait(minutes=1)
    posted = [message for message in sent if message.channel == "C200"]
    assert len(posted) == 1
    assert posted[0].body["text"].startswith("*Food*: *Lunch* is\nin hall B")
    assert posted[0].body["blocks"][0]["text"]["text"] == "*Food*: *Lunch* is\nin hall B"


async def test_whoever_organizes_nothing_is_refused_at_once_and_that_is_noted(slack_app: SlackHarness) -> None:
    refused = await slack_app.ada.type("/announce")
    assert (refused.method, words(refused)) == ("respond", "Only organizers can use /announce.")
    assert slack_app.peer.of("views.open") == []
    assert await log_entries(slack_app) == [("/announce", False)]


async def test_who_was_made_an_organizer_here_gets_the_form_until_that_is_over(
    slack_app: SlackHarness, olga: Person
) -> None:
    await slack_app.ada.type("/news on")
    await olga.type("/organizer add <@U031|ada>")
    form = await slack_app.ada.type("/announce")
    assert form.method == "views.open"
    await olga.type("/organizer remove <@U031|ada>")
    late = await slack_app.ada.fill_in(form, text="Beer", to="everyone")
    assert words(late) == "Only organizers can use /announce."
    assert words(await slack_app.ada.type("/announce")) == "Only organizers can use /announce."


async def test_who_runs_the_workspace_calls_everybody_and_what_stands_behind_the_channel_counts(
    slack_app: SlackHarness, olga: Person
) -> None:
    line = '/announce "Leave the hall" to everyone in <#C200|hall> urgent by both notify at 12:00 titled Fire'
    preview = await olga.type(line)
    for shown in ("*Urgent: Fire*: Leave the hall", "12:00 PST", "Notifies", "<#C200>"):
        assert shown in words(preview), words(preview)
    number = words(preview).split("Announcement ")[1].split("*")[0]
    await olga.type(f"/announce confirm {number}")
    assert "12:00" in words(await olga.type(f"/announce really {number}"))
    await slack_app.wait(hours=5)
    (posted,) = [message for message in slack_app.peer.messages if message.channel == "C200"]
    assert "<!channel>" in posted.body["text"].splitlines()
    # The check of the peer takes every live mention for an accident.
    assert all("something live" in problem for problem in slack_app.peer.broken)
    slack_app.peer.broken.clear()


async def test_an_organizer_who_does_not_run_the_workspace_calls_nobody(slack_app: SlackHarness, olga: Person) -> None:
    await olga.type("/organizer add <@U031|ada>")
    refused = await slack_app.ada.type('/announce "Leave" to everyone in <#C200|hall> notify')
    assert "You can't notify everybody" in words(refused)


async def test_what_is_typed_is_not_asked_for(slack_app: SlackHarness, olga: Person) -> None:
    listed = await olga.type("/announce list")
    assert (listed.method, words(listed)) == ("respond", "There are no announcements yet.")


async def test_a_form_that_slack_delivers_twice_is_opened_once(slack_app: SlackHarness, olga: Person) -> None:
    body = olga.command("/announce")
    for number in range(3):
        assert await olga.post.form(body, **{"X-Slack-Retry-Num": str(number)}) == (200, "")
    await slack_app.quiet()
    assert len(slack_app.peer.of("views.open")) == 1


async def test_anybody_gets_the_form_of_a_command_that_is_for_everybody(slack_app: SlackHarness) -> None:
    async def handle(call: Call, context: Context) -> Reply:
        return Reply((("done",),))

    attend = slack_app.app.dispatch.commands["attend"]
    asking = replace(attend, handle=handle, form=("code",))
    with_command(slack_app, asking)
    form = await slack_app.ada.type("/attend")
    assert [name for name, _ in fields(form)] == ["code"]


class Away(MemoryStore):
    """A store that nobody can read."""

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[Any]:
        raise StoreError("away")
        yield


async def test_where_nobody_can_say_who_organizes_nobody_is_asked(slack_app: SlackHarness) -> None:
    request = Request("slack", TEAM, ADMIN, "announce", organizer=True)
    assert await may_ask(slack_app.app.store, request, slack_app.app.clock.now())
    assert not await may_ask(Away(), request, slack_app.app.clock.now())


async def test_a_button_opens_no_form_for_whoever_organizes_nothing(slack_app: SlackHarness, olga: Person) -> None:
    preview = await olga.type('/announce "Beer" to everyone in <#C200|hall>')
    refused = await slack_app.ada.press(preview, "Change…")
    assert (refused.method, words(refused)) == ("respond", "Only organizers can use /announce.")
    assert slack_app.peer.of("views.open") == []


async def test_a_field_takes_what_its_command_takes(slack_app: SlackHarness, olga: Person) -> None:
    form = await olga.type("/announce")
    limits = {block["block_id"]: block["element"].get("max_length") for block in form.body["view"]["blocks"]}
    takes = {param.name: param.type.max_length for param in slack_app.app.dispatch.commands["announce"].params}
    assert {name: takes[name] for name, limit in limits.items() if limit} == {
        name: limit for name, limit in limits.items() if limit
    }
    longest = {"text": "x" * limits["text"], "title": "y" * limits["title"]}
    preview = await olga.fill_in(form, **longest, to="everyone and <#C200>")
    assert f"*{longest['title']}*: xxx" in words(preview)
