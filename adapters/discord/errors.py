"""What Discord's errors mean for a delivery.

Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.app.ports import (
    DeliveryUnknownError,
    InvalidMessageError,
    RateLimitedError,
    RecipientUnreachableError,
    SendError,
    TemporaryError,
)
from bot.domain.nudges.retry import bounded_pause

CLOSED: dict[int, str] = {
    50007: "you do not take direct messages from this server or from me",
    50278: "we are in no server together any more",
    10013: "Discord does not know you any more",
    20026: "Discord has stopped my direct messages",
    340001: "Discord has stopped my direct messages to new people",
}
"""Codes after which no message is tried for this person until they ask for it, and the reason they are shown."""
UNKNOWN_MESSAGE, UNKNOWN_MEMBER = 10008, 10007
GONE = frozenset({10003, 50001, 50013, 160002, 50083, UNKNOWN_MESSAGE, UNKNOWN_MEMBER})
"""The channel, thread, message or member does not exist, or we have no access to it any more."""
TOO_FAST = frozenset({40003, 40002})
"""Direct message channels are opened too fast; only waiting helps."""
A_WHILE = timedelta(minutes=1)


class DiscordTargetGoneError(Exception):
    """The channel or member of a message is gone; the caller may open another channel."""


class MessageGoneError(DiscordTargetGoneError):
    """The message was deleted."""


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise the errors of discord.py as our own.

    Raises:
        SendError: with what it means for a delivery.
        DiscordTargetGoneError: the target is gone.
    """
    try:
        yield
    except discord.RateLimited as error:
        pause = bounded_pause(error.retry_after)
        raise TemporaryError(f"Discord asks to wait {pause:.0f} s", timedelta(seconds=pause)) from None
    except discord.HTTPException as error:
        raise error_for(error.status, error.code) from None
    except (aiohttp.ClientConnectorError, RuntimeError) as error:
        # Discord got nothing: the connection was refused, or the client is closed.
        raise TemporaryError(f"no connection to Discord ({type(error).__name__})") from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DeliveryUnknownError(f"Discord did not answer ({type(error).__name__})") from None


def error_for(status: int, code: int) -> SendError | DiscordTargetGoneError:
    """The error for an HTTP status and Discord's own code, which is 0 if Discord gave none."""
    if code in CLOSED:
        return RecipientUnreachableError(CLOSED[code])
    if code in GONE:
        return MessageGoneError(f"error {code}") if code == UNKNOWN_MESSAGE else DiscordTargetGoneError(f"error {code}")
    if code in TOO_FAST:
        return TemporaryError(f"Discord asks to wait (error {code})", A_WHILE)
    return _meaning_of_status(status, code)


def _meaning_of_status(status: int, code: int) -> SendError:
    match status:
        case 401:
            # The token is not valid any more, so no message of the lane can be sent.
            return RateLimitedError("Discord refuses the token", A_WHILE)
        case 429:
            return TemporaryError("Discord asks to wait (error 429)", A_WHILE)
        case 403:
            return RecipientUnreachableError(f"Discord forbids it (error {code})")
        case _ if status >= 500:  # noqa: PLR2004 — errors of Discord's servers
            return DeliveryUnknownError(f"Discord failed with status {status}")
        case _:
            return InvalidMessageError(f"Discord did not take the message (status {status}, error {code})")
