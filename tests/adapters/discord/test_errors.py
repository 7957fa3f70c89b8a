"""What Discord's errors mean for a delivery: who is told, what is tried again, what is never tried again."""

import aiohttp
import discord
import pytest

from adapters.discord.errors import DiscordTargetGoneError, MessageGoneError, error_for, translate_errors
from bot.app.ports import (
    DeliveryUnknownError,
    InvalidMessageError,
    RateLimitedError,
    RecipientUnreachableError,
    TemporaryError,
)


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (403, 50007, RecipientUnreachableError),
        (403, 50278, RecipientUnreachableError),
        (404, 10013, RecipientUnreachableError),
        (403, 340001, RecipientUnreachableError),
        (403, 99999, RecipientUnreachableError),
        (404, 10003, DiscordTargetGoneError),
        (404, 10008, MessageGoneError),
        (403, 50001, DiscordTargetGoneError),
        (403, 50013, DiscordTargetGoneError),
        (403, 40003, TemporaryError),
        (401, 0, RateLimitedError),
        (429, 0, TemporaryError),
        (500, 0, DeliveryUnknownError),
        (503, 0, DeliveryUnknownError),
        (400, 50035, InvalidMessageError),
        (404, 0, InvalidMessageError),
    ],
)
def test_each_answer_has_its_meaning(status: int, code: int, meaning: type[Exception]) -> None:
    assert type(error_for(status, code)) is meaning


@pytest.mark.parametrize(
    ("raised", "meaning"),
    [
        (discord.RateLimited(70), TemporaryError),
        (RuntimeError("Session is closed"), TemporaryError),
        (aiohttp.ServerDisconnectedError(), DeliveryUnknownError),
        (TimeoutError(), DeliveryUnknownError),
        (ConnectionResetError(), DeliveryUnknownError),
    ],
)
def test_what_the_library_raises_becomes_a_fault_of_ours(raised: Exception, meaning: type[Exception]) -> None:
    with pytest.raises(meaning), translate_errors():
        raise raised


def test_a_fault_of_the_program_is_not_hidden() -> None:
    with pytest.raises(KeyError), translate_errors():
        raise KeyError
