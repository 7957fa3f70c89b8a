"""Marks of cancelled sessions in titles, and words that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.imports.cancel_marks import is_cancelled, says_cancelled, without_mark
from bot.domain.imports.session_codes import generate_codes
from tests.domain.imports.test_resolve import made, row


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Cancelled: Keynote by Ada", "Keynote by Ada"),
        ("CANCELED - Intro", "Intro"),
        ("CANCELLED Testing apps with APIs", "Testing apps with APIs"),
        ("POSTPONED Workshop", "Workshop"),
        ("[CANCELLED] Lightning talks", "Lightning talks"),
        ("Lightning talks (Cancelled)", "Lightning talks"),
        ("Lightning talks [abgesagt]", "Lightning talks"),
        ("Keynote - CANCELLED", "Keynote"),
        ("Workshop CANCELLED", "Workshop"),
        ("*Cancelled*: BoF", "BoF"),
        ("--CANCELLED-- BoF", "BoF"),
        ("ABGESAGT! Führung", "Führung"),
        ("ABGESAGT / CANCELLED: Führung", "Führung"),
        ("[Cancelled: speaker ill] Talk", "Talk"),
        ("Talk (cancelled due to illness)", "Talk"),
        ("~~Lightning talks~~", "Lightning talks"),
        ("<s>Lightning talks</s>", "Lightning talks"),
        ("T\u0336a\u0336l\u0336k\u0336", "Talk"),
        ("Entfällt: Yoga", "Yoga"),
        ("(fällt aus) Yoga", "Yoga"),
        ("Annulé : La table ronde", "La table ronde"),
        ("ANNULÉE – Table ronde", "Table ronde"),
        ("Cancelado: Taller", "Taller"),
        ("[Cancelada] Sessão", "Sessão"),
        ("Geannuleerd: Sessie", "Sessie"),
        ("ANNULLATO: Tavola rotonda", "Tavola rotonda"),
        ("[ОТМЕНЕНО] Доклад", "Доклад"),
        ("Отменён: доклад", "доклад"),
        ("Odwołane: Wykład", "Wykład"),
        ("ZRUŠENO: Přednáška", "Přednáška"),
        ("Inställt: Föredrag", "Föredrag"),
        ("【中止】講演", "講演"),
        ("中止：講演", "講演"),
        ("[取消] 讲座", "讲座"),
        ("취소: 강연", "강연"),
        ("İPTAL: Konuşma", "Konuşma"),
    ],
)
def test_a_session_whose_title_is_marked_is_cancelled(title: str, bare: str) -> None:
    assert (is_cancelled(title), without_mark(title)) == (True, bare)


@pytest.mark.parametrize(
    "title",
    [
        "CancelledError: surviving asyncio timeouts",
        "Cancelled tasks and where they go",
        "CANCELLED TASKS AND WHERE THEY GO",
        "Canceled culture in open source",
        "Cancelled-order handling",
        "cancelled::Error in Rust",
        "Task.cancelled() in depth",
        "Cancelled? How to survive",
        "Why was my flight cancelled?",
        "How we cancelled: the story",
        "Talk (instead of one cancelled)",
        "[Cancelled tasks] and more",
        "RESCHEDULED: Panel on tools",
        "[MOVED] Panel on tools",
        "Abgesagte Träume",
        "Das fällt aus dem Rahmen",
        "Annulations: a history",
        "취재: 강연",
    ],
)
def test_a_session_that_talks_about_cancelling_takes_place(title: str) -> None:
    assert (is_cancelled(title), without_mark(title)) == (False, title)


def test_a_title_that_is_nothing_but_the_mark_is_cancelled_and_a_state_may_be_any_such_word() -> None:
    assert [is_cancelled(word) for word in ("CANCELLED", "Abgesagt!")] == [True, True]
    assert [says_cancelled(word) for word in ("Annulé", "cancelled", "postponed", "accepted", "")] == [
        *[True] * 3,
        *[False] * 2,
    ]


def test_the_mark_does_not_change_the_code_of_a_talk() -> None:
    (before,) = generate_codes([row("Lightning talks", code="")]).values()
    (after,) = generate_codes([row("[CANCELLED] Lightning talks", code="")]).values()
    assert before == after


def test_a_session_without_a_code_stays_who_it_is_when_its_title_is_marked() -> None:
    first = made(row("Lightning talks"))
    second = made(row("CANCELLED: Lightning talks", cancelled=True), old=first)
    (before,), (after,) = first.schedule.sessions, second.schedule.sessions
    assert (after.id, after.code, after.cancelled) == (before.id, before.code, True)


@given(st.text(st.sampled_from("[](){}*_~!<>/:-– cancelledABGESAGT✂\u0336x")))
def test_no_title_breaks_the_search_for_marks(title: str) -> None:
    assert len(without_mark(title)) <= len(title)
