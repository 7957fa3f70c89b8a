"""From a reply to what a terminal shows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.render import TerminalStyle, lines_of, moment, visible
from bot.app.messages import Button, Card, Field, File, LinkButton, Reply, Strong, TimeForm, Typed, When
from tests.builders import ZONE, at

NOW = at(8)
FULL = Reply(
    lines=(("Leave by ", When(at(13, 5), ZONE), ": ", Strong("now"), " or ", Typed("/skip ARC301"), "."),),
    cards=(Card("ARC301 Queues", (("In ", "the hall"),), (Field("Seat", ("yes",)),), number=1),),
    buttons=(Button("Here", "here", {"venue": "MGM Grand"}), Button("Agenda", "agenda")),
    files=(File("a.md", "text/markdown", "é"),),
    links=(LinkButton("Join", "https://meet.example/1"),),
)


def test_everything_a_reply_has_is_shown() -> None:
    assert list(lines_of(FULL, NOW, TerminalStyle())) == [
        "Leave by 13:05: now or /skip ARC301.",
        "1. ARC301 Queues",
        "   In the hall",
        "   Seat: yes",
        "→ Join: https://meet.example/1",
        "→ /here MGM Grand · /agenda",
        "[a.md, 2 bytes; :show prints it]",
    ]


def test_colours_are_only_there_where_they_are_wanted() -> None:
    coloured = "\n".join(lines_of(FULL, NOW, TerminalStyle(colour=True)))
    assert "\x1b[1mnow\x1b[0m" in coloured
    assert "\x1b[36m/skip \x1b[0m\x1b[36mARC301\x1b[0m" in coloured


def test_lines_are_broken_at_the_width_and_keep_their_indent() -> None:
    card = Card("Queues that never sleep (ARC301) at all", (("one two three four five six",),), number=12)
    assert list(lines_of(Reply(cards=(card,)), NOW, TerminalStyle(width=20))) == [
        "12. Queues that",
        "    never sleep",
        "    (ARC301) at all",
        "   one two three",
        "   four five six",
    ]


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (When(at(13, 5), ZONE), "13:05"),
        (When(at(13, 5), ZONE, TimeForm.DAY), "Mon 29 Nov"),
        (When(at(13, 5), ZONE, TimeForm.DAY_TIME), "Mon 29 Nov 13:05"),
        (When(at(13, 5), ZONE, own="Europe/Berlin"), "13:05 (22:05 in Europe/Berlin)"),
        (When(at(13, 5), ZONE, own="America/Tijuana"), "13:05"),
        (When(NOW, ZONE, TimeForm.RELATIVE), "now"),
        (When(NOW + timedelta(minutes=25), ZONE, TimeForm.RELATIVE), "in 25 min"),
        (When(NOW + timedelta(minutes=125), ZONE, TimeForm.RELATIVE), "in 2 h 5 min"),
        (When(NOW - timedelta(hours=1), ZONE, TimeForm.RELATIVE), "1 h ago"),
        (When(NOW + timedelta(days=3), ZONE, TimeForm.RELATIVE), "in 3 days"),
    ],
)
def test_a_moment_is_said_in_the_conferences_zone(when: When, text: str) -> None:
    assert moment(when, NOW) == text


@given(st.text(max_size=200))
def test_no_text_moves_the_cursor_or_colours(text: str) -> None:
    reply = Reply(
        lines=((text,),), cards=(Card(text, ((text,),), (Field(text, (text,)),)),), buttons=(Button(text, text),)
    )
    shown = "\n".join(lines_of(reply, NOW, TerminalStyle(width=40)))
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in shown.replace("\n", ""))


def test_hostile_text_is_shown_as_it_is_without_its_power() -> None:
    assert visible("@everyone \x1b[2J<b>\u202egnp") == "@everyone [2J<b>gnp"
