"""From a typed line to arguments."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.command_spec import Command, StaticContext
from bot.app.command_spec.parser import UNCLAIMED, split_arguments
from bot.app.registry import all_commands
from bot.search import index_of
from tests.builders import at, schedule

COMMANDS = all_commands()


def context() -> StaticContext:
    made = schedule()
    return StaticContext(now=at(8), schedule=made, search=index_of(made), commands=COMMANDS)


CONTEXT = context()


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("walk Venetian MGM", {"from": "Venetian", "to": "MGM"}),
        ("walk MGM Grand to Caesars Forum", {"from": "MGM Grand", "to": "Caesars Forum"}),
        ("walk from MGM Grand to The Venetian", {"from": "MGM Grand", "to": "The Venetian"}),
        ("walk to:MGM from:Venetian", {"from": "Venetian", "to": "MGM"}),
        ("find queues", {"words": "queues"}),
        ("find queues that sleep tuesday", {"words": "queues that sleep tuesday"}),
        ('find keys "and  doors" day:monday', {"words": 'keys "and  doors"', "day": "monday"}),
        ('find venue:"Caesars Forum" level:200', {"venue": "Caesars Forum", "level": "200"}),
        ("find about:keys kind:talk", {"words": "about:keys kind:talk"}),
        ("attend ARC301", {"code": "ARC301"}),
        ("attend ARC301 reserved", {"code": "ARC301", "seat": "reserved"}),
        ("attend queues that never reserved", {"code": "queues that never", "seat": "reserved"}),
        ("attend DAT310 backup of SEC203", {"code": "DAT310", "seat": "backup", "of": "SEC203"}),
        ("attend keys, locks and doors", {"code": "keys, locks and doors"}),
        ("nudges 15m 22:00-07:00 off", {"notice": "15m", "quiet": "22:00-07:00", "switch": "off"}),
        ("nudges off 15m", {"notice": "15m", "switch": "off"}),
        ("nudges early 25m", {"early": "25m"}),
        ("nextsession", {}),
        ("nextsession security forum", {"venue": "forum", "track": "security"}),
        ("timezone Europe/Berlin", {"zone": "Europe/Berlin"}),
        ("hotel the moon", {"venue": "the moon"}),
        ('info "never closed', {"topic": '"never', "text": "closed"}),
    ],
)
def test_the_words_of_a_line_find_their_parameters(line: str, arguments: dict[str, str]) -> None:
    command, _, rest = line.partition(" ")
    assert split_arguments(rest, COMMANDS[command].params, CONTEXT) == arguments


@given(st.sampled_from(sorted(COMMANDS)), st.text(max_size=60))
def test_no_line_is_too_strange(command: str, line: str) -> None:
    given_names = split_arguments(line, COMMANDS[command].params, CONTEXT)
    assert given_names.keys() <= {UNCLAIMED, *(param.name for param in COMMANDS[command].params)}


@pytest.mark.parametrize("command", ["find", "attend", "nudges", "walk"])
def test_a_long_line_is_not_tried_for_ever(command: str) -> None:
    begins = time.process_time()
    split_arguments("of to from a monday " * 8, COMMANDS[command].params, CONTEXT)
    assert time.process_time() - begins < 5


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_optional_parameters_of_one_kind_are_told_apart_by_a_word_and_not_by_position(command: Command) -> None:
    optional = [param for param in command.params if not param.required and not param.keyword_required]
    kinds = [param.type.options or param.type.name for param in optional]
    assert len(set(kinds)) == len(kinds)
    for param in command.params:
        if param.keyword_required:
            assert param.keyword
