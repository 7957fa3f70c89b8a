"""Replies as messages of Discord's: harmless, legible, and never longer than Discord takes."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.action_codec import ButtonAction
from adapters.discord.components import BUTTON, LONGEST_CUSTOM_ID, ActionButton, ActionSelect, action_in, custom_id
from adapters.discord.render.escape import cut, escaped
from adapters.discord.render.markdown import markdown
from adapters.discord.render.message import render_message
from bot.app.messages import Button, Card, Channel, Field, File, Reply, Strong, TimeForm, Typed, When
from bot.app.text.visible import visible

MOMENT = datetime(2021, 11, 29, 17, tzinfo=UTC)
VEGAS = "America/Los_Angeles"
LIVE = re.compile(r"(?<!\\)(?:<[@#:/ta]|@everyone|@here|\[[^\]]*\]\(|https?://|`|\*\*|\|\||~~|__)")
"""Whatever Discord would turn into a mention, a link, a time or markup."""
HOSTILE = [
    "@everyone free tickets",
    "@here <@&1> <@31> <#200>",
    "[aws.amazon.com](https://evil.example)",
    "see https://evil.example/?q=1 or http://evil",
    "<https://evil.example> </nextsession:1> <t:0:R> <:smile:1> <a:x:1>",
    "`code` ```block``` **bold** __under__ ~~gone~~ ||hidden||",
    "# heading",
    "> quoted",
    "- list",
    "1. numbered",
    "-# small",
    "safe\u202eegnis\u202c and \u2066isolated\u2069",
    "nul\x00 bell\x07 esc\x1b[31m line\nbreak\r\ttab",
    "lone \ud800 surrogate",
    "back\\slash \\*not bold\\*",
    "العربية hello 中文 日本語 👩‍💻 🏳️‍🌈 é ñ",
    "{0.__class__} %s ${HOME} '; DROP TABLE session; --",
    "word " * 1_000,
    "x" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_out_harmless_and_legible(text: str) -> None:
    reply = Reply(
        ((text,), ("Before ", Strong(text), " after.")),
        (Card(text, ((text,),), (Field(text, (text,)),), number=1),),
        (Button(text, "session", {"code": text}), Button("Ok", "now")),
        listed=("arc301",),
    )
    message = render_message(reply)
    embed = message.embeds[0].to_dict()
    shown = [
        message.content,
        embed["title"],
        embed["description"],
        *(v for f in embed["fields"] for v in (f["name"], f["value"])),
    ]
    for part in shown:
        ours = re.sub(r"(?m)^(Before )?\*\*|\*\*( after\.)?$", "", part)
        assert not LIVE.search(ours), part
        assert not re.search(r"(?m)^\s*(?:#|>|-|\d+\.\s)", part)
        assert not set(part) & set("\u202e\u202c\u2066\u2069\x00\x07\x1b\ud800")
    words = re.findall(r"[^\W\d_]{3,}", visible(text))[:3]
    assert all(word[:20] in embed["title"] for word in words)  # legible
    for row in message.rows:
        for item in row:
            assert len(str(item.custom_id)) <= LONGEST_CUSTOM_ID


@given(st.text(max_size=300))
def test_no_text_at_all_is_live(text: str) -> None:
    assert not LIVE.search(escaped(text))


@given(st.text(max_size=400), st.integers(2, 100))
def test_cutting_keeps_to_the_limit_and_says_so(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")


def test_a_cut_is_made_between_words() -> None:
    assert cut("one two three four", 12) == "one two…"
    assert cut("onetwothreefour", 8) == "onetwot…"


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (When(MOMENT, VEGAS), "<t:1638205200:t>"),
        (When(MOMENT, VEGAS, own=VEGAS), "<t:1638205200:t>"),
        (When(MOMENT, VEGAS, own="Europe/Berlin"), "<t:1638205200:t> (09:00 in Los Angeles)"),
        (When(MOMENT, VEGAS, TimeForm.DAY), "Mon 29 Nov"),
        (When(MOMENT, VEGAS, TimeForm.DAY_TIME), "Mon 29 Nov <t:1638205200:t>"),
        (When(MOMENT, VEGAS, TimeForm.DAY_TIME, "Europe/Berlin"), "<t:1638205200:F> (09:00 in Los Angeles)"),
        (When(MOMENT, VEGAS, TimeForm.RELATIVE), "<t:1638205200:R>"),
    ],
)
def test_a_moment_is_shown_in_the_readers_own_time(when: When, shown: str) -> None:
    assert markdown((when,)) == shown


def test_the_neutral_words_have_their_markdown() -> None:
    assert (
        markdown((Strong("Go"), " with ", Typed("/attend `1`"), " in ", Channel("201")))
        == "**Go** with `/attend  1 ` in <#201>"
    )
    assert markdown((Channel("gen@eral"),)) == "gen@\u200beral"


@given(
    st.lists(st.text(max_size=900), max_size=30),
    st.lists(st.tuples(st.text(max_size=500), st.text(max_size=5_000)), max_size=14),
    st.integers(0, 9),
)
def test_every_page_is_within_discords_limits(lines: list[str], cards: list[tuple[str, str]], page: int) -> None:
    reply = Reply(
        tuple((line,) for line in lines),
        tuple(Card(title, ((text,),), number=n) for n, (title, text) in enumerate(cards, 1)),
        tuple(Button(f"b{n}", "session", {"code": str(n)}) for n in range(40)),
        listed=tuple(f"id{n}" for n in range(len(cards))),
    )
    for turn in (None, ButtonAction("find", {"words": "queues"})):
        message = render_message(reply, turn, page)
        assert len(message.content) <= 2_000
        assert len(message.embeds) <= 10
        assert sum(map(len, message.embeds)) <= 6_000
        assert len(message.rows) <= 5
        assert all(len(row) <= 5 for row in message.rows)
        wires = [item.custom_id for row in message.rows for item in row]
        assert len(wires) == len(set(wires))


def test_all_pages_together_show_everything_once() -> None:
    cards = tuple(Card(f"Card {n}", number=n) for n in range(1, 13))
    turn = ButtonAction("find", {"words": "x"})
    pages = [render_message(Reply((("Head.",),), cards), turn, page) for page in range(3)]
    assert [embed.title for page in pages for embed in page.embeds] == [f"{n} · Card {n}" for n in range(1, 13)]
    assert [page.content for page in pages] == ["Head.", "", ""]
    assert render_message(Reply((("Head.",),), cards), turn, 99).embeds == pages[2].embeds
    assert render_message(Reply((("Head.",),), cards)).content == "Head.\n… there is more than fits here."


def test_a_question_too_long_to_be_asked_again_has_no_pages() -> None:
    cards = tuple(Card(f"Card {n}") for n in range(12))
    message = render_message(Reply(cards=cards), ButtonAction("find", {"words": "x" * 100}))
    assert message.rows == []
    assert message.content == "… there is more than fits here."


def test_what_is_wrong_has_another_colour_and_files_come_once() -> None:
    reply = Reply(cards=(Card("Oh"),), files=(File("a.md", "text/markdown", "# ä"),), is_error=True)
    message = render_message(reply)
    assert message.embeds[0].colour == discord.Colour(0xC0392B)
    (file,) = message.files
    assert (file.filename, file.fp.read()) == ("a.md", "# ä".encode())
    cards = tuple(Card(f"Card {n}") for n in range(6))
    assert render_message(replace(reply, cards=cards), ButtonAction("find"), 1).files == []


def test_an_action_comes_back_from_a_custom_id_of_at_most_100_characters() -> None:
    action = ButtonAction("attend", {"code": "x" * 71}, ("venue",), home="1")
    wire = custom_id(BUTTON, action)
    assert wire is not None
    assert wire.startswith("do:attend?code=")
    assert len(wire) == LONGEST_CUSTOM_ID
    assert action_in(wire) == action
    assert custom_id(BUTTON, replace(action, home="12")) is None


def test_a_button_that_fits_without_its_server_only_goes_without_it() -> None:
    buttons = (Button("Short", "now"), Button("Long", "session", {"code": "x" * 78}))
    ((short, long),) = render_message(Reply((("Hi",),), buttons=buttons), home="100").rows
    assert [action_in(str(button.custom_id)).home for button in (short, long)] == ["100", ""]


def test_a_button_that_does_not_fit_is_left_out_and_equal_ones_are_one() -> None:
    buttons = (Button("Long", "session", {"code": "x" * 200}), Button("A", "now"), Button("B", "now"))
    ((only,),) = render_message(Reply((("Hi",),), buttons=buttons)).rows
    assert isinstance(only, ActionButton)
    assert only.item.label == "A"


def test_listed_sessions_are_a_list_to_choose_from() -> None:
    cards = (Card("ARC301 Queues", number=1), Card("Backups"))
    buttons = (Button("1 ARC301", "session", {"code": "ARC301"}), Button("Agenda", "agenda"))
    message = render_message(Reply(cards=cards, buttons=buttons, listed=("arc301",)))
    (choosing,), (agenda,) = message.rows
    assert isinstance(choosing, ActionSelect)
    assert [(option.label, option.value) for option in choosing.item.options] == [("1 · ARC301 Queues", "arc301")]
    assert isinstance(agenda, ActionButton)
