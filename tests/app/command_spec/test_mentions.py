"""A channel, a person or a role in a typed line, as each platform writes it: nothing behind it is dropped."""

import pytest

from bot.app.command_spec import StaticContext, Target
from bot.app.command_spec.parser import split_arguments
from bot.app.dispatcher.arguments import parse
from bot.app.messages import Reply, Request
from bot.app.registry import all_commands
from bot.domain.announcements.audience import Audience, Term, Who
from bot.domain.errors import BadInputError
from bot.search import index_of
from tests.builders import at, schedule

COMMANDS = all_commands()
MADE = schedule()
CONTEXT = StaticContext(now=at(8), schedule=MADE, search=index_of(MADE), commands=COMMANDS)

CHANNELS = ("<#C200|hall>", "<#C200>", "<#C200|>", "#hall", "<#200>", "<#C200|main hall>")
PEOPLE = ("<@U31|ada>", "<@U31>", "<@!31>", "@ada", "<@U31|Ada Lovelace>")
ROLES = ("<@&41|Crew>", "<@&41>", "<@&41|Night crew>")
BEHIND = {
    "by both": {"by": "by both"},
    "urgent": {"urgency": "urgent"},
    "notify": {"notify": "notify"},
    "everywhere": {"where": "everywhere"},
    "at 14:00": {"when": "14:00"},
    "at 10m before ARC301": {"when": "10m before ARC301"},
    "titled Food": {"title": "Food"},
    "urgent by both notify at 14:00": {"by": "both", "urgency": "urgent", "notify": "notify", "when": "14:00"},
}


def typed(line: str) -> dict[str, str]:
    name, _, rest = line.removeprefix("/").partition(" ")
    return split_arguments(rest, COMMANDS[name].params, CONTEXT)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("behind", "arguments"), BEHIND.items())
def test_what_stands_behind_the_channel_of_an_announcement_is_kept(
    channel: str, behind: str, arguments: dict[str, str]
) -> None:
    arguments = {name: value.removeprefix("by ") for name, value in arguments.items()}
    expected = {"text": "Lunch is served", **arguments}
    assert typed(f'/announce "Lunch is served" in {channel} {behind}') == {**expected, "channel": channel}
    if " " not in channel:
        assert typed(f'/announce "Lunch is served" to {channel} {behind}') == {**expected, "to": channel}
    assert typed(f'/announce "Lunch is served" {behind} in {channel}') == {**expected, "channel": channel}


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_stands_behind_a_channel_of_the_settings_is_kept(channel: str) -> None:
    line = f"/settings reminders {channel} digest {channel} announcements none"
    assert typed(line) == {"reminders": channel, "digest": channel, "announcements": "none"}
    assert typed(f"/settings reminders:{channel} digest:{channel}") == {"reminders": channel, "digest": channel}


@pytest.mark.parametrize("person", PEOPLE)
def test_what_stands_behind_a_person_is_kept(person: str) -> None:
    assert typed(f"/organizer add {person} until tuesday 18:00") == {
        "action": "add",
        "person": person,
        "until": "tuesday 18:00",
    }


@pytest.mark.parametrize("role", ROLES)
def test_what_stands_behind_a_role_is_kept(role: str) -> None:
    assert typed(f"/organizer role {role} until 2h") == {"action": "role", "role": role, "until": "2h"}


@pytest.mark.parametrize(
    "line",
    [
        "/announce Lunch to <#C200|hall> sometimes",
        "/announce Lunch in <#C200|hall> and <#C201|foyer>",
        "/settings digest <#C200|hall> please",
        "/organizer add <@U31|ada> and <@U32|bob>",
        "/organizer role <@&41|Crew> <@&42|Staff>",
    ],
)
def test_words_behind_a_mention_that_mean_nothing_are_refused_and_not_left_out(line: str) -> None:
    name, _, rest = line.removeprefix("/").partition(" ")
    try:
        call = parse(COMMANDS[name], Request("slack", "T1", "U1", name, rest), CONTEXT)
    except BadInputError:
        return
    assert isinstance(call, Reply), call.values


def test_an_audience_of_a_channel_and_people_keeps_both() -> None:
    request = Request("slack", "T1", "U1", "announce", "Lunch to <#C200|hall> and going ARC301 by both")
    call = parse(COMMANDS["announce"], request, CONTEXT)
    assert not isinstance(call, Reply)
    assert call.values["to"] == Target(Audience((Term(Who.GOING, "arc301"),)), ("C200",))
