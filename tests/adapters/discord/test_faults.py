"""What Discord's errors mean for a delivery: who is told, what is tried again, what is never tried again."""

import aiohttp
import discord
import pytest

from adapters.discord.faults import Gone, Missing, meaning_of, told_as_faults
from bot.app.ports import NotNow, Paused, Refused, Spoilt, Unsure


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (403, 50007, Refused),
        (403, 50278, Refused),
        (404, 10013, Refused),
        (403, 340001, Refused),
        (403, 99999, Refused),
        (404, 10003, Gone),
        (404, 10008, Missing),
        (403, 50001, Gone),
        (403, 50013, Gone),
        (403, 40003, NotNow),
        (401, 0, Paused),
        (429, 0, NotNow),
        (500, 0, Unsure),
        (503, 0, Unsure),
        (400, 50035, Spoilt),
        (404, 0, Spoilt),
    ],
)
def test_each_answer_has_its_meaning(status: int, code: int, meaning: type[Exception]) -> None:
    assert type(meaning_of(status, code)) is meaning


@pytest.mark.parametrize(
    ("raised", "meaning"),
    [
        (discord.RateLimited(70), NotNow),
        (RuntimeError("Session is closed"), NotNow),
        (aiohttp.ServerDisconnectedError(), Unsure),
        (TimeoutError(), Unsure),
        (ConnectionResetError(), Unsure),
    ],
)
def test_what_the_library_raises_becomes_a_fault_of_ours(raised: Exception, meaning: type[Exception]) -> None:
    with pytest.raises(meaning), told_as_faults():
        raise raised


def test_a_fault_of_the_program_is_not_hidden() -> None:
    with pytest.raises(KeyError), told_as_faults():
        raise KeyError
