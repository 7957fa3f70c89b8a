"""Forms on Slack: one that is refused comes back with what was filled in, and can be sent again."""

from dataclasses import replace
from typing import Any

import pytest

from bot.app.dispatcher import CommandLimits
from tests.adapters.slack.harness import SlackHarness
from tests.fake_servers.slack import ADMIN, Asked, Person, words
from tests.support.uploaded import moves_a_session


@pytest.fixture
def olga(slack_app: SlackHarness) -> Person:
    """She runs the workspace."""
    return Person(slack_app.ada.post, ADMIN, "olga")


def escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def filled(form: Asked) -> dict[str, str]:
    """What stands in the fields of a form."""
    found = {}
    for block in form.body["view"]["blocks"]:
        element = block.get("element", {})
        value = element.get("initial_value") or element.get("initial_option", {}).get("value")
        if value:
            found[block["block_id"]] = value
    return found


LONG = "Lunch is *served* in hall B & C, until <14:00>.\n" * 30
TYPED = {"text": LONG, "title": "Food", "to": "going NOWHERE1 and <#C200>", "by": "both"}


async def test_a_refused_form_comes_back_filled_and_is_sent_again(slack_app: SlackHarness, olga: Person) -> None:
    form = await olga.type("/announce")
    refused = await olga.fill_in(form, **TYPED)
    assert 'I found no "NOWHERE1"' in words(refused)
    assert filled(refused) == TYPED
    assert (refused.body["view"]["submit"], refused.body["view"]["callback_id"]) == (
        form.body["view"]["submit"],
        "form",
    )
    again = await olga.fill_in(refused, to="going NOWHERE2")
    assert ('I found no "NOWHERE2"' in words(again), "NOWHERE1" in words(again)) == (True, False)
    assert filled(again) == {**TYPED, "to": "going NOWHERE2"}
    preview = await olga.fill_in(again, to="going ARC301 and <#C200>", title="")
    assert preview.method == "respond"
    assert "Lunch is *served* in hall B &amp; C" in words(preview)
    assert "Food" not in words(preview)


async def test_a_form_whose_answer_is_late_comes_back_in_the_window_that_waits(
    slack_app: SlackHarness, olga: Person
) -> None:
    slack_app.handler.ack_patience = 0.0
    form = await olga.type("/announce")
    refused = await olga.fill_in(form, **TYPED)
    assert slack_app.peer.of("views.update")[-1]["view"] == refused.body["view"]
    assert filled(refused) == TYPED
    preview = await olga.fill_in(refused, to="going ARC301 and <#C200>")
    assert (preview.method, "isn't sent yet" in words(preview)) == ("views.update", True)


async def test_a_form_is_sent_again_after_the_right_was_lost_and_given_back(
    slack_app: SlackHarness, olga: Person
) -> None:
    await slack_app.ada.type("/news on")
    await olga.type("/organizer add <@U031|ada>")
    form = await slack_app.ada.type("/announce")
    await olga.type("/organizer remove <@U031|ada>")
    refused = await slack_app.ada.fill_in(form, text="Beer", to="everyone and <#C200>")
    assert (words(refused), filled(refused)) == (
        "Only organizers can use /announce.",
        {"text": "Beer", "to": "everyone and <#C200>"},
    )
    await olga.type("/organizer add <@U031|ada>")
    assert "isn't sent yet" in words(await slack_app.ada.fill_in(refused))


async def test_a_form_of_a_person_in_a_hurry_comes_back(slack_app: SlackHarness, olga: Person) -> None:
    form = await olga.type("/announce")
    slack_app.handler.dispatch = replace(slack_app.handler.dispatch, limits=CommandLimits(lambda: 0.0))
    for _ in range(10):
        await olga.type("/now")
    refused = await olga.fill_in(form, **TYPED)
    assert (words(refused), filled(refused)) == ("That was a lot at once: try again in 1 s.", TYPED)


async def test_a_file_is_remembered_when_its_form_is_refused(slack_app: SlackHarness, olga: Person) -> None:
    form = await olga.type("/schedule upload")
    moves_a_session(slack_app.app)
    refused = await olga.fill_in(form, file=olga.peer.choose("talks.csv", b"1"), zone="Atlantis")
    assert filled(refused) == {"zone": "Atlantis"}
    block: dict[str, Any] = next(item for item in refused.body["view"]["blocks"] if item.get("block_id") == "file")
    assert (block["optional"], block["hint"]["text"]) == (True, "Without another one I take talks.csv.")
    taken = await olga.fill_in(refused, zone="America/Los_Angeles")
    assert (taken.method, "changed" in words(taken)) == ("respond", True), words(taken)


async def test_a_form_that_slack_delivers_twice_is_worked_on_once(slack_app: SlackHarness, olga: Person) -> None:
    body = olga.fills_in(await olga.type("/announce"), text="Beer", to="everyone and <#C200>")
    for _ in range(2):
        assert await olga.post.payload(body) == (200, "")
    await slack_app.quiet()
    listed = await replace(olga).type("/announce list")
    assert words(listed).count("Beer") == 1


FIELDS = [
    {
        "text": '"Lunch is in hall B"',
        "to": "to everyone",
        "channel": "C200",
        "when": "at 14:00",
        "title": 'titled "Food"',
    },
    {"text": "Lunch is in hall B", "to~pick": "everyone", "to": "in <#C200|hall>", "when": "14:00", "title": '"Food"'},
    {
        "text": "Lunch is in hall B",
        "to": "To Everyone and <#C200>",
        "when": "At 14:00",
        "title": "Food",
        "by": "channel",
    },
]


@pytest.mark.parametrize("typed", FIELDS)
async def test_each_field_takes_the_words_of_the_documents(
    slack_app: SlackHarness, olga: Person, typed: dict[str, str]
) -> None:
    preview = await olga.fill_in(await olga.type("/announce"), **typed)
    shown = words(preview)
    assert "*Food*: Lunch is in hall B\n" in shown
    for part in ("everyone", "14:00", "<#C200>"):
        assert part in shown


async def test_every_audience_in_the_list_is_one(slack_app: SlackHarness, olga: Person) -> None:
    form = await olga.type("/announce")
    blocks = {block["block_id"]: block["element"] for block in form.body["view"]["blocks"]}
    values = [option["value"] for option in blocks["to~pick"]["options"]]
    assert values[:3] == ["everyone", "organizers", "going ARC301"]
    for value in values:
        preview = await olga.fill_in(form, **{"text": "Hello", "to~pick": value, "channel": "C200"})
        assert "isn't sent yet" in words(preview), value
    refused = await olga.fill_in(form, **{"text": "Hello", "to~pick": values[2], "to": "the moon", "channel": "C200"})
    elements = {block["block_id"]: block["element"] for block in refused.body["view"]["blocks"] if "element" in block}
    assert elements["to~pick"]["initial_option"]["value"] == "going ARC301"
    assert elements["channel"]["initial_conversation"] == "C200"


async def test_a_refused_line_with_a_text_is_shown_again_to_be_copied(slack_app: SlackHarness, olga: Person) -> None:
    line = '/announce "Lunch is served in hall B until 14:00" to going NOWHERE1 in <#C200|hall>'
    refused = await olga.type(line)
    shown = words(refused).splitlines()
    assert shown[0].startswith('I found no "NOWHERE1"')
    assert shown[-1] == f"You typed `{escaped(line)}`"


async def test_a_user_group_as_audience_is_refused_with_what_to_do_instead(
    slack_app: SlackHarness, olga: Person
) -> None:
    refused = await olga.type('/announce "Meet at the desk" to <!subteam^S1|@crew> urgent')
    assert "I can't write to a role or a user group" in words(refused)
