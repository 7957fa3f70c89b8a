"""What Discord's errors mean for a delivery. Codes: discord.com/developers/docs/topics/opcodes-and-status-codes."""

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

CLOSED: dict[int, str] = {
    50007: "you do not take direct messages from this server or from me",
    50278: "we are in no server together any more",
    10013: "Discord does not know you any more",
    20026: "Discord has stopped my direct messages",
    340001: "Discord has stopped my direct messages to new people",
}
"""Final for this person: no other message is tried until they ask for it."""
UNKNOWN_MESSAGE, UNKNOWN_MEMBER = 10008, 10007
GONE = frozenset({10003, 50001, 50013, 160002, 50083, UNKNOWN_MESSAGE, UNKNOWN_MEMBER})
"""The channel, thread, message or member is gone, or we may not use it any more."""
TOO_FAST = frozenset({40003, 40002})
"""Opening direct messages too fast; only a wait helps, and only for those who have no channel yet."""
A_WHILE = timedelta(minutes=1)


class TargetGoneError(Exception):
    """The place that a message was meant for is gone: another may be opened."""


class MessageGoneError(TargetGoneError):
    """The message is gone: somebody deleted it."""


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turns what discord.py raises into a `SendError`, or `TargetGoneError`."""
    try:
        yield
    except discord.RateLimited as error:
        raise TemporaryError(
            f"Discord asks to wait {error.retry_after:.0f} s", timedelta(seconds=error.retry_after)
        ) from None
    except discord.HTTPException as error:
        raise error_for(error.status, error.code) from None
    except (aiohttp.ClientConnectorError, RuntimeError) as error:
        # Nothing left this machine: the connection was refused, or the client has been closed.
        raise TemporaryError(f"no connection to Discord ({type(error).__name__})") from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DeliveryUnknownError(f"Discord did not answer ({type(error).__name__})") from None


def error_for(status: int, code: int) -> SendError | TargetGoneError:
    """What an answer of Discord's means; `code` is its own, 0 if it gave none."""
    if code in CLOSED:
        return RecipientUnreachableError(CLOSED[code])
    if code in GONE:
        return MessageGoneError(f"error {code}") if code == UNKNOWN_MESSAGE else TargetGoneError(f"error {code}")
    if code in TOO_FAST:
        return TemporaryError(f"Discord asks to wait (error {code})", A_WHILE)
    return _meaning_of_status(status, code)


def _meaning_of_status(status: int, code: int) -> SendError:
    match status:
        case 401:
            # Whoever a message is for, the token is none any more.
            return RateLimitedError("Discord refuses the token", A_WHILE)
        case 429:
            return TemporaryError("Discord asks to wait (error 429)", A_WHILE)
        case 403:
            return RecipientUnreachableError(f"Discord forbids it (error {code})")
        case _ if status >= 500:  # noqa: PLR2004 — Discord's own faults
            return DeliveryUnknownError(f"Discord failed with status {status}")
        case _:
            return InvalidMessageError(f"Discord did not take the message (status {status}, error {code})")
