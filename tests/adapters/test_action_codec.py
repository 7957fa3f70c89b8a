"""The text of a button: what was written comes back, and buttons on old messages still mean what they meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.action_codec import ButtonAction, asked_params, decode_action, encode_action, repeated_action
from bot.app.messages import Reply, Request
from bot.app.registry import all_commands

COMMANDS = all_commands()


@given(
    arguments=st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=20), max_size=3),
    seen=st.none() | st.integers(0, 99),
    page=st.none() | st.integers(0, 9),
    home=st.just("") | st.integers(1, 2**63).map(str),
    line=st.text(max_size=20),
)
def test_an_action_comes_back_from_its_text(
    arguments: dict[str, str], seen: int | None, page: int | None, home: str, line: str
) -> None:
    clean = {name: value for name, value in arguments.items() if value.isprintable()}
    action = ButtonAction("attend", clean, ("venue",), seen, page, home, line if line.isprintable() else "")
    text = encode_action(action, 2_000)
    assert text is not None
    assert decode_action(text) == action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("agenda?", ButtonAction("agenda")),
        ("here?venue=MGM+Grand", ButtonAction("here", {"venue": "MGM Grand"})),
        ("attend?code=ARC205&~a=seat%2Cof", ButtonAction("attend", {"code": "ARC205"}, ("seat", "of"))),
        ("skip?code=ARC205&~s=7", ButtonAction("skip", {"code": "ARC205"}, seen=7)),
        ("find?words=&~p=2", ButtonAction("find", {"words": ""}, page=2)),
        ("session?code=a/b&~h=1234567890", ButtonAction("session", {"code": "a/b"}, home="1234567890")),
        ("find?~p=1&~l=two+words", ButtonAction("find", page=1, line="two words")),
    ],
)
def test_a_button_on_an_old_message_means_what_it_meant(text: str, action: ButtonAction) -> None:
    assert decode_action(text) == action
    assert encode_action(action, 100) == text


@pytest.mark.parametrize("text", ["", "?", "a?~s=x&~p=-3", "a?b", "%ff?%zz=%ff", "a?" + "&" * 90])
def test_a_text_that_makes_no_sense_is_read_all_the_same(text: str) -> None:
    action = decode_action(text)
    assert (action.seen, action.page, action.asks) == (None, None, ())


def test_the_prefix_counts_towards_the_limit() -> None:
    assert encode_action(ButtonAction("now"), 7, "do:") == "do:now?"
    assert encode_action(ButtonAction("now"), 6, "do:") is None


def test_only_a_command_without_effect_is_run_again_for_another_page() -> None:
    find = Request("discord", "1", "2", "find", line="queues")
    assert repeated_action(find, COMMANDS["find"], Reply()) == ButtonAction("find", line="queues")
    assert repeated_action(find, COMMANDS["find"], Reply(is_error=True)) is None
    assert repeated_action(find, COMMANDS["attend"], Reply()) is None
    assert repeated_action(find, None, Reply()) is None


def test_a_form_asks_for_what_the_command_still_has() -> None:
    action = ButtonAction("find", asks=("level", "gone", "words"))
    assert [param.name for param in asked_params(COMMANDS["find"], action)] == ["level", "words"]
    assert asked_params(None, action) == []
