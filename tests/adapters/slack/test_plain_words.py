"""Plain words on Slack: answered only in direct messages to the app and where it is mentioned."""

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.slack.payload import parse_message
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.fake_servers.slack import BOT, Asked, Person, Post, SlackPeer, labels, words
from tests.fakes.app_harness import AppHarness

HALLWAY = f"<@{BOT}>"
ANSWERS = ("chat.postMessage", "chat.postEphemeral", "respond", "views.open")


def answers(slack_app: SlackHarness) -> list[Asked]:
    return [request for request in slack_app.peer.asked if request.method in ANSWERS]


async def answers_to(slack_app: SlackHarness, *lines: str, **more: Any) -> list[Asked]:
    """What the app answers to these messages."""
    before = len(answers(slack_app))
    for line in lines:
        await slack_app.ada.write(line, **more)
    await slack_app.quiet()
    return answers(slack_app)[before:]


async def test_a_direct_message_is_answered_by_the_command_that_it_means(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    await slack_app.quiet()
    (answer,) = await answers_to(slack_app, "when do I have to leave?")
    assert (answer.method, answer.body["channel"]) == ("chat.postMessage", "D031")
    assert words(answer).startswith("Your next session starts")
    assert "Queues that never sleep" in words(answer)
    assert answer.body["unfurl_links"] is False


async def test_the_buttons_of_an_answer_work(slack_app: SlackHarness) -> None:
    (answer,) = await answers_to(slack_app, "add ARC301 and SEC203")
    assert words(answer).startswith("I'm not sure what you mean. Is it one of these?")
    assert labels(answer) == ["/attend ARC301", "/attend SEC203"]
    assert "Keys, locks and doors" in words(await slack_app.ada.press(answer, "/attend SEC203"))


async def test_a_change_of_plans_in_plain_words_counts(slack_app: SlackHarness) -> None:
    (answer,) = await answers_to(slack_app, "please add ARC301 to my agenda")
    assert words(answer).startswith("You're going.")
    (answer,) = await answers_to(slack_app, "I can’t make ARC301")
    assert words(answer).startswith('I took "Queues that never sleep" off your agenda.')


async def test_a_mention_is_answered_so_that_only_its_author_sees_it(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    await slack_app.quiet()
    (answer,) = await answers_to(slack_app, f"{HALLWAY} what's next?", channel="C200")
    assert answer.method == "chat.postEphemeral"
    assert (answer.body["channel"], answer.body["user"]) == ("C200", "U031")
    assert "Queues that never sleep" in words(answer)


async def test_an_answer_stays_in_the_thread_of_the_question(slack_app: SlackHarness) -> None:
    (answer,) = await answers_to(slack_app, f"{HALLWAY} help", channel="C200", thread_ts="99.1")
    assert answer.body["thread_ts"] == "99.1"
    (answer,) = await answers_to(slack_app, "help", thread_ts="98.1")
    assert answer.body["thread_ts"] == "98.1"


async def test_where_no_private_message_can_be_shown_the_answer_comes_directly(slack_app: SlackHarness) -> None:
    slack_app.peer.closed_to["C200"] = "user_not_in_channel"
    ephemeral, direct = await answers_to(slack_app, f"{HALLWAY} my agenda", channel="C200")
    assert ephemeral.method == "chat.postEphemeral"
    assert (direct.method, direct.body["channel"]) == ("chat.postMessage", "U031")


async def test_small_talk_gets_no_answer(slack_app: SlackHarness) -> None:
    assert await answers_to(slack_app, "thanks", "lol", "that keynote was amazing", "see you tomorrow") == []
    assert await answers_to(slack_app, f"{HALLWAY} thank you!", channel="C200") == []


async def test_what_is_not_understood_gets_one_helpful_line_and_fires_no_mention(slack_app: SlackHarness) -> None:
    (answer,) = await answers_to(slack_app, "where can I wash my <!channel> elephant &lt;b&gt;?")
    assert words(answer) == (
        'I did not understand "where can I wash my elephant &lt;b&gt;?". Try: `what\'s next`, '
        "`where is ARC301` or `my agenda tomorrow`. All commands: `help`"
    )


async def test_a_mention_without_words_gets_the_helpful_line(slack_app: SlackHarness) -> None:
    (answer,) = await answers_to(slack_app, f" {HALLWAY} ", channel="C200")
    assert words(answer).startswith("Hello! Ask me, for example: `what's next`")


IGNORED: Sequence[dict[str, Any]] = (
    {"bot_id": "B1"},
    {"app_id": "A2"},
    {"subtype": "message_changed"},
    {"subtype": "message_deleted"},
    {"subtype": "file_share"},
    {"subtype": "bot_message"},
    {"user": None},
    {"ts": None},
    {"type": "message", "channel_type": "channel", "channel": "C200"},
    {"type": "message", "channel_type": "mpim", "channel": "G200"},
    {"text": None},
    {"type": "reaction_added"},
)


@pytest.mark.parametrize("more", IGNORED, ids=str)
async def test_what_no_person_wrote_to_the_app_is_ignored(slack_app: SlackHarness, more: dict[str, Any]) -> None:
    body = slack_app.ada.writes("what's next")
    body["event"] |= more
    assert parse_message(body) is None
    status, _ = await slack_app.ada.post.event(body)
    await slack_app.quiet()
    assert status in (200, 404)
    assert answers(slack_app) == []


async def test_an_event_that_comes_again_is_answered_once(slack_app: SlackHarness) -> None:
    body = slack_app.ada.writes("add ARC301")
    for number in range(3):
        await slack_app.ada.post.event(body, **{"X-Slack-Retry-Num": str(number)})
    mention = {**body["event"], "type": "app_mention"}
    await slack_app.ada.post.event({**body, "event_id": "Ev0", "event": mention})
    await slack_app.quiet()
    assert len(answers(slack_app)) == 1


async def test_an_event_that_slack_did_not_sign_is_refused(slack_app: SlackHarness) -> None:
    forger = Person(Post(slack_app.peer, slack_app.ada.post.url, secret="wrong"))
    status, _ = await forger.post.event(forger.writes("what's next"))
    await slack_app.quiet()
    assert status == 401
    assert answers(slack_app) == []


async def test_over_socket_mode_too(slack: SlackPeer, app: AppHarness) -> None:
    async with slack_harness(slack, app, socket=True) as slack_app:
        (answer,) = await answers_to(slack_app, "what's next")
        assert words(answer).startswith("Next at this conference:")


@pytest.mark.parametrize("line", ["/next", "/hallway next", "/hallway /next"])
async def test_an_alias_is_the_command_behind_the_one_command(slack_app: SlackHarness, line: str) -> None:
    assert words(await slack_app.ada.type(line)).startswith("Next at this conference:")


async def test_the_alias_of_another_day(slack_app: SlackHarness) -> None:
    assert words(await slack_app.ada.type("/hallway tomorrow")).startswith("Nothing on your agenda on Tue 30 Nov.")
