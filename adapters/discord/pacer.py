"""One pacer in front of the client library, for whatever the bot sends on its own.

Discord allows a bot 50 requests a second; discord.py waits only after it was refused, and 10,000 refusals in ten
minutes ban the address. Answers to interactions do not count, and never wait here.
"""

from contextlib import AbstractAsyncContextManager

from aiolimiter import AsyncLimiter

A_SECOND = 45.0
"""A tenth is left to what is not paced: the gateway's own requests and the set-up of channels."""


def new_pacer(a_second: float = A_SECOND) -> AbstractAsyncContextManager[None]:
    """A context manager that lets one request begin at a time, evenly spaced, first come first served.

    Even spacing matters: a bucket of 45 would let 90 begin within the first second.
    """
    return AsyncLimiter(1, 1 / a_second)
