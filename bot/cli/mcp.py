"""`hallway mcp`: the attendee's commands as tools of the Model Context Protocol, on standard input and output."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.app.ports import Clock
from bot.cli.application import build_application
from bot.config import Settings
from bot.domain.errors import BadInputError

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

PLATFORM = "console"


@dataclass(frozen=True, slots=True)
class Identity:
    """The person for whom an assistant asks; the operator chooses them, as in `hallway chat`."""

    user: str
    community: str
    conference: str = ""


def require_sdk() -> None:
    """Raise `BadInputError` if the official SDK is not installed."""
    if find_spec("mcp") is None:
        raise BadInputError('This needs the extra "mcp": install it with pip install "hallway[mcp]"')


async def serve_stdio(settings: Settings, identity: Identity, clock: Clock) -> None:
    """Answer an assistant until its end of the pipe closes.

    Raises:
        BadInputError: the SDK is not installed, or the conference is unknown.
    """
    require_sdk()
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 — an extra

    async with opened_server(settings, identity, clock) as server, stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


@asynccontextmanager
async def opened_server(settings: Settings, identity: Identity, clock: Clock) -> "AsyncIterator[Server]":
    """Open the configured database, and make the server for one person."""
    from adapters.mcp.caller import Caller  # noqa: PLC0415 — an extra
    from adapters.mcp.server import server_of  # noqa: PLC0415 — an extra

    database = settings.database_url.get_secret_value()
    async with build_application(database, clock, {}, [], feed_hosts=settings.feed_hosts) as application:
        async with application.store.write_transaction() as work:
            attendee = await work.people.join(PLATFORM, identity.community, identity.user)
            if identity.conference:
                if await work.conferences.get(identity.conference) is None:
                    raise BadInputError(
                        "There is no conference {conference}: add one with `hallway import`.",
                        conference=repr(identity.conference),
                    )
                await work.communities.save(replace(attendee.community, conference=identity.conference))
        caller = Caller(PLATFORM, identity.community, identity.user, by_name=True)
        yield server_of(application.dispatch, lambda _: caller)
