"""Plain words on Slack: answered only in direct messages to the app and where it is mentioned."""

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.slack.payload import parse_message
from tests.adapters.slack.stage import Stage, staged
from tests.fake_servers.slack import BOT, Asked, Person, Post, SlackPeer, labels, words
from tests.fakes.app_harness import AppHarness

HALLWAY = f"<@{BOT}>"
ANSWERS = ("chat.postMessage", "chat.postEphemeral", "respond", "views.open")


def answers(scene: Stage) -> list[Asked]:
    return [each for each in scene.peer.asked if each.method in ANSWERS]


async def said(scene: Stage, *lines: str, **more: Any) -> list[Asked]:
    """What the app answers to these messages."""
    before = len(answers(scene))
    for line in lines:
        await scene.ada.write(line, **more)
    await scene.quiet()
    return answers(scene)[before:]


async def test_a_direct_message_is_answered_by_the_command_that_it_means(scene: Stage) -> None:
    await scene.ada.type("/attend ARC301")
    await scene.quiet()
    (answer,) = await said(scene, "when do I have to leave?")
    assert (answer.method, answer.body["channel"]) == ("chat.postMessage", "D031")
    assert words(answer).startswith("Your next session starts")
    assert "Queues that never sleep" in words(answer)
    assert answer.body["unfurl_links"] is False


async def test_the_buttons_of_an_answer_work(scene: Stage) -> None:
    (answer,) = await said(scene, "add ARC301 and SEC203")
    assert words(answer).startswith("I'm not sure what you mean. Is it one of these?")
    assert labels(answer) == ["/attend ARC301", "/attend SEC203"]
    assert "Keys, locks and doors" in words(await scene.ada.press(answer, "/attend SEC203"))


async def test_a_change_of_plans_in_plain_words_counts(scene: Stage) -> None:
    (answer,) = await said(scene, "please add ARC301 to my agenda")
    assert words(answer).startswith("You're going.")
    (answer,) = await said(scene, "I can’t make ARC301")
    assert words(answer).startswith('I took "Queues that never sleep" off your agenda.')


async def test_a_mention_is_answered_so_that_only_its_author_sees_it(scene: Stage) -> None:
    await scene.ada.type("/attend ARC301")
    await scene.quiet()
    (answer,) = await said(scene, f"{HALLWAY} what's next?", channel="C200")
    assert answer.method == "chat.postEphemeral"
    assert (answer.body["channel"], answer.body["user"]) == ("C200", "U031")
    assert "Queues that never sleep" in words(answer)


async def test_an_answer_stays_in_the_thread_of_the_question(scene: Stage) -> None:
    (answer,) = await said(scene, f"{HALLWAY} help", channel="C200", thread_ts="99.1")
    assert answer.body["thread_ts"] == "99.1"
    (answer,) = await said(scene, "help", thread_ts="98.1")
    assert answer.body["thread_ts"] == "98.1"


async def test_where_no_private_message_can_be_shown_the_answer_comes_directly(scene: Stage) -> None:
    scene.peer.closed_to["C200"] = "user_not_in_channel"
    ephemeral, direct = await said(scene, f"{HALLWAY} my agenda", channel="C200")
    assert ephemeral.method == "chat.postEphemeral"
    assert (direct.method, direct.body["channel"]) == ("chat.postMessage", "U031")


async def test_small_talk_gets_no_answer(scene: Stage) -> None:
    assert await said(scene, "thanks", "lol", "that keynote was amazing", "see you tomorrow") == []
    assert await said(scene, f"{HALLWAY} thank you!", channel="C200") == []


async def test_what_is_not_understood_gets_one_helpful_line_and_fires_no_mention(scene: Stage) -> None:
    (answer,) = await said(scene, "where can I wash my <!channel> elephant &lt;b&gt;?")
    assert words(answer) == (
        'I did not understand "where can I wash my elephant &lt;b&gt;?". Try: `what\'s next`, '
        "`where is ARC301` or `my agenda tomorrow`. All commands: `help`"
    )


async def test_a_mention_without_words_gets_the_helpful_line(scene: Stage) -> None:
    (answer,) = await said(scene, f" {HALLWAY} ", channel="C200")
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
async def test_what_no_person_wrote_to_the_app_is_ignored(scene: Stage, more: dict[str, Any]) -> None:
    body = scene.ada.writes("what's next")
    body["event"] |= more
    assert parse_message(body) is None
    status, _ = await scene.ada.post.event(body)
    await scene.quiet()
    assert status in (200, 404)
    assert answers(scene) == []


async def test_an_event_that_comes_again_is_answered_once(scene: Stage) -> None:
    body = scene.ada.writes("add ARC301")
    for number in range(3):
        await scene.ada.post.event(body, **{"X-Slack-Retry-Num": str(number)})
    mention = {**body["event"], "type": "app_mention"}
    await scene.ada.post.event({**body, "event_id": "Ev0", "event": mention})
    await scene.quiet()
    assert len(answers(scene)) == 1


async def test_an_event_that_slack_did_not_sign_is_refused(scene: Stage) -> None:
    forger = Person(Post(scene.peer, scene.ada.post.url, secret="wrong"))
    status, _ = await forger.post.event(forger.writes("what's next"))
    await scene.quiet()
    assert status == 401
    assert answers(scene) == []


async def test_over_socket_mode_too(slack: SlackPeer, app: AppHarness) -> None:
    async with staged(slack, app, socket=True) as scene:
        (answer,) = await said(scene, "what's next")
        assert words(answer).startswith("Next at this conference:")


@pytest.mark.parametrize("line", ["/next", "/hallway next", "/hallway /next"])
async def test_an_alias_is_the_command_behind_the_one_command(scene: Stage, line: str) -> None:
    assert words(await scene.ada.type(line)).startswith("Next at this conference:")


async def test_the_alias_of_another_day(scene: Stage) -> None:
    assert words(await scene.ada.type("/hallway tomorrow")).startswith("Nothing on your agenda on Tue 30 Nov.")
