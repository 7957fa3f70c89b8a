"""Suggestions keep the time, by which repeats of one talk are told apart, and cut the title."""

from dataclasses import replace

from bot.app.command_spec import StaticContext
from bot.app.command_spec.audience_suggestions import audiences
from bot.app.command_spec.suggestions import MAX_LABEL, sessions
from bot.search import index_of
from tests.builders import ARC, SEC, at, schedule


def test_a_long_title_is_cut_and_the_time_is_not() -> None:
    made = schedule([replace(ARC, title="Queues " * 30), SEC])
    context = StaticContext(now=at(8), schedule=made, search=index_of(made), commands={})
    labels = [option.label for option in sessions("", context)]
    assert labels[1] == "SEC203 Keys, locks and doors (Mon 11:00)"
    assert labels[0].startswith("ARC301 Queues Queues")
    assert labels[0].endswith("… (Mon 09:00)")
    assert len(labels[0]) <= MAX_LABEL


def test_an_audience_is_completed_term_by_term_and_keeps_the_time() -> None:
    made = schedule([replace(ARC, title="Queues " * 30), SEC])
    context = StaticContext(now=at(8), schedule=made, search=index_of(made), commands={})
    usual = audiences("", context)
    assert [option.value for option in usual[:4]] == ["everyone", "organizers", "going ARC301", "going SEC203"]
    assert usual[2].label.startswith("going ARC301 Queues Queues")
    assert usual[2].label.endswith("Queues… (Mon 09:00)")
    assert all(len(option.label) <= MAX_LABEL for option in usual)
    assert [option.value for option in audiences("everyone and going sec", context)] == ["everyone and going SEC203"]
    assert [option.value for option in audiences("org", context)] == ["organizers"]
    assert "next MGM Grand" in [option.value for option in audiences("MGM", context)]
    assert [option.value for option in audiences("day mon", context)] == ["day 2021-11-29"]
