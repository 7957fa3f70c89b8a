"""Replies as messages of Slack's: harmless, legible, and never longer than Slack takes."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.action_codec import ButtonAction
from adapters.slack.home import home_view
from adapters.slack.modals import FormField, answer_view, form_view, parse_submission
from adapters.slack.render.escape import escape_entities, escape_text, plain, truncate
from adapters.slack.render.message import LONGEST_VALUE, render_message
from adapters.slack.render.mrkdwn import render_text, typed_line
from bot.app.messages import Button, Card, Channel, Field, File, Reply, Strong, TimeForm, Typed, When
from bot.app.text.visible import visible
from tests.fake_servers.slack import Asked, buttons, labels, words
from tests.fake_servers.slack_spec import slack_spec

MOMENT = datetime(2021, 11, 29, 17, tzinfo=UTC)
VEGAS = "America/Los_Angeles"
LIVE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)|`|:[\w+'-]+:|(?<![^\W_])[*_~](?=\S)")
"""Whatever Slack would turn into a mention, a link, a time, code, emoji or markup."""
HOSTILE = [
    "<!channel> free tickets",
    "<!here> <!everyone> <!subteam^S1> <@U031> <#C200>",
    "<https://evil.example|aws.amazon.com>",
    "see https://evil.example/?q=1&r=2 or mailto:x@evil",
    "<!date^0^{date}|now> <mailto:x@y|z>",
    "`code` ```block``` *bold* _slanted_ ~gone~",
    "> quoted",
    ">>> all quoted",
    "&lt;!channel&gt; &amp;lt; &#60;",
    ":tada: :+1: 10:30:45",
    "safe\u202eegnis\u202c and \u2066isolated\u2069",
    "nul\x00 bell\x07 esc\x1b[31m line\nbreak\r\ttab",
    "lone \ud800 surrogate",
    "@channel @here #general",
    "العربية hello 中文 日本語 👩‍💻 🏳️‍🌈 é ñ",
    "snake_case and C*-algebras and a~b",
    "{0.__class__} %s ${HOME} '; DROP TABLE session; --",
    "word " * 1_000,
    "x" * 5_000,
]


def checked(reply: Reply, turn: ButtonAction | None = None, page: int = 0) -> Asked:
    """The answer as the body of a message that Slack's documents allow."""
    message = render_message(reply, turn, page)
    asked = Asked("chat.postMessage", {"channel": "C200", "text": message.text, "blocks": list(message.blocks)})
    slack_spec().check(asked)
    return asked


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_out_harmless_and_legible(text: str) -> None:
    reply = Reply(
        ((text,), ("Before ", Strong(text), " after.")),
        (Card(text, ((text,),), (Field(text, (text,)),), number=1),),
        (Button(text, "session", {"code": text}), Button(text, "attend", {"code": text}), Button("Ok", "now")),
        listed=("arc301",),
    )
    asked = checked(reply)
    shown = [*asked.body["text"].split("\n"), *words(asked).split("\n")]
    for label in labels(asked):
        assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", label)
    for part in shown:
        ours = re.sub(r"^(Before )?\*|\*( after\.)?$", "", part)
        assert not LIVE.search(ours), part
        assert not re.match(r"\s*&gt;", part), "a quote"
    assert not set(str(asked.body)) & set("\u202e\u202c\u2066\u2069\x00\x07\x1b\ud800")
    readable = unescape(words(asked))
    assert all(word[:20] in readable for word in re.findall(r"[^\W\d_]{3,}", visible(text))[:3])
    slack_spec().check(Asked("views.publish", {"user_id": "U1", "view": home_view([(text, reply)])}))
    form = form_view(
        ButtonAction("attend", {"code": text[:50]}), [FormField("code", text, 200, options=((text, "a"),))], ""
    )
    for view in (form, answer_view(render_message(reply))):
        slack_spec().check(Asked("views.open", {"trigger_id": "t", "view": view}))


@given(st.text(max_size=300))
def test_no_text_at_all_is_live(text: str) -> None:
    assert not LIVE.search(escape_text(text))


@given(st.text(max_size=400), st.integers(2, 100))
def test_cutting_keeps_to_the_limit_and_cuts_nothing_in_two(text: str, limit: int) -> None:
    short = truncate(escape_text(text) + f"<!date^1^{{time}}|{escape_entities(text[:5])}>", limit)
    assert len(short) <= limit
    assert not re.search(r"<[^>]*$|&(?!amp;|lt;|gt;)", short.removesuffix("…"))


def test_a_cut_is_made_between_words_and_says_so() -> None:
    assert truncate("one two three four", 12) == "one two…"
    assert truncate("onetwothreefour", 8) == "onetwot…"
    assert truncate("fish &amp; chips", 9) == "fish…"
    assert truncate("at <!date^1^{time}|09:00> sharp", 12) == "at…"
    assert plain("", 10) == "…"


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (When(MOMENT, VEGAS), "<!date^1638205200^{time}|09:00 PST>"),
        (When(MOMENT, VEGAS, own=VEGAS), "<!date^1638205200^{time}|09:00 PST>"),
        (When(MOMENT, VEGAS, own="Europe/Berlin"), "<!date^1638205200^{time}|09:00 PST> (09:00 in Los Angeles)"),
        (When(MOMENT, VEGAS, TimeForm.DAY), "Mon 29 Nov"),
        (When(MOMENT, VEGAS, TimeForm.DAY_TIME), "Mon 29 Nov <!date^1638205200^{time}|09:00 PST>"),
        (
            When(MOMENT, VEGAS, TimeForm.DAY_TIME, "Europe/Berlin"),
            "<!date^1638205200^{date_short} {time}|Mon 29 Nov 09:00 PST> (09:00 in Los Angeles)",
        ),
        (When(MOMENT, VEGAS, TimeForm.RELATIVE), "<!date^1638205200^{ago}|at 09:00 PST>"),
    ],
)
def test_a_moment_is_shown_in_the_readers_own_time(when: When, shown: str) -> None:
    assert render_text((when,)) == shown


def test_the_neutral_words_have_their_markup() -> None:
    assert (
        render_text((Strong("Go"), " with ", Typed("/attend `1`"), " in ", Channel("C200")))
        == "*Go* with `/attend  1 ` in <#C200>"
    )
    assert render_text((Channel("<!channel>"), Strong(" "))) == "&lt;!channel&gt;"
    assert render_text((Typed("/schedule <a> & b"),)) == "`/schedule &lt;a&gt; &amp; b`"


def test_a_name_that_slack_keeps_is_typed_behind_the_one_command() -> None:
    assert [typed_line(line) for line in ("/help attend", "/find queues", "hallway import FILE")] == [
        "/hallway help attend",
        "/find queues",
        "hallway import FILE",
    ]


@given(
    st.lists(st.text(max_size=900), max_size=30),
    st.lists(st.tuples(st.text(max_size=500), st.text(max_size=5_000)), max_size=14),
    st.integers(0, 9),
)
def test_every_page_is_within_slacks_limits(lines: list[str], cards: list[tuple[str, str]], page: int) -> None:
    reply = Reply(
        tuple((line,) for line in lines),
        tuple(Card(title, ((text,),), (Field(title, (text,)),), n) for n, (title, text) in enumerate(cards, 1)),
        tuple(Button(f"b{n}", "session", {"code": str(n)}) for n in range(40)),
        listed=tuple(f"id{n}" for n in range(len(cards))),
    )
    for turn in (None, ButtonAction("find", line="queues")):
        asked = checked(reply, turn, page)
        assert sum(map(len, re.findall(r"'text': '([^']*)'", str(asked.body["blocks"])))) < 13_000


def test_all_pages_together_show_everything_once() -> None:
    cards = tuple(Card(f"Card {n}", number=n) for n in range(1, 13))
    turn = ButtonAction("find", line="x")
    pages = [checked(Reply((("Head.",),), cards), turn, page) for page in range(3)]
    titles = re.findall(r"\*(\d+ · Card \d+)\*", "\n".join(map(words, pages)))
    assert titles == [f"{n} · Card {n}" for n in range(1, 13)]
    assert words(checked(Reply((("Head.",),), cards), turn, 99)) == words(pages[2])
    assert words(checked(Reply((("Head.",),), cards))).startswith("Head.\n… there is more than fits here.")


def test_a_question_too_long_to_be_asked_again_has_no_pages() -> None:
    asked = checked(Reply(cards=tuple(Card(f"Card {n}") for n in range(12))), ButtonAction("find", line="x" * 3_000))
    assert labels(asked) == []
    assert asked.body["text"].startswith("… there is more than fits here.")


def test_files_come_once_and_nothing_at_all_is_said_too() -> None:
    reply = Reply(cards=tuple(Card(f"Card {n}") for n in range(6)), files=(File("a.md", "text/markdown", "# ä"),))
    assert [len(render_message(reply, ButtonAction("find"), page).attached) for page in (0, 1)] == [1, 0]
    assert checked(Reply()).body["text"] == "Done."
    assert checked(Reply(cards=(Card(""),))).body["text"] == "Done."


def test_a_button_that_does_not_fit_is_left_out_and_equal_ones_are_one() -> None:
    made = (Button("Long", "session", {"code": "x" * LONGEST_VALUE}), Button("A", "now"), Button("B", "now"))
    assert labels(checked(Reply((("Hi",),), buttons=made))) == ["A"]
    listed = Reply(cards=(Card("One", number=1),), listed=("x" * LONGEST_VALUE,))
    assert labels(checked(listed)) == []


def test_of_several_that_people_press_next_one_stands_out() -> None:
    made = (*(Button(f"{n}", "attend", {"code": f"{n}"}) for n in range(3)), Button("TargetGoneError", "forgetme"))
    assert [button.get("style") for button in buttons(checked(Reply(buttons=made)).body)] == [
        "primary",
        None,
        None,
        "danger",
    ]


def test_listed_sessions_have_a_button_beside_them() -> None:
    cards = (Card("ARC301 Queues", number=1), Card("Backups"))
    made = (Button("1 ARC301", "session", {"code": "ARC301"}), Button("Agenda", "agenda"))
    assert labels(checked(Reply(cards=cards, buttons=made, listed=("arc301",)))) == ["Open", "Agenda"]


def test_a_form_that_is_too_long_is_none_and_what_was_entered_is_read() -> None:
    assert form_view(ButtonAction("attend", {"code": "x" * LONGEST_VALUE}), [], None) is None
    assert form_view(ButtonAction("attend"), [], "x" * 3_000) is None
    state = {
        "values": {"code": {"value": {"value": "ARC301"}}, "seat": {"value": {"selected_option": None, "value": None}}}
    }
    form = form_view(ButtonAction("attend", {"day": "Mon"}, seen=3), [FormField("code", "", 200)], "http://back")
    assert form is not None
    assert parse_submission({**form, "state": state}).action == ButtonAction(
        "attend", {"day": "Mon", "code": "ARC301"}, seen=3
    )
    assert parse_submission(form).response_url == "http://back"
    assert parse_submission({}).action == ButtonAction("")
