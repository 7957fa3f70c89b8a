"""Shared code of `chat` and `demo`: a conversation on the console, at a terminal or in a pipe."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adapters.console import ChatSession, ConsoleMessenger, JsonSink, Sink, TerminalStyle, TextSink, chat_piped
from adapters.console.chat import PLATFORM, lines_of_input
from adapters.console.interactions import read_moment
from bot.app.ports import Clock, DeliveryFilter
from bot.app.registry import all_commands
from bot.app.schedules.learning import RehearsedLearning
from bot.app.simulation import Rehearsal
from bot.cli.application import Application, build_application
from bot.domain.errors import BadInputError
from bot.timing.clock import RehearsalClock, SystemClock

WIDEST = 100
FINISHING = 2.0
"""Seconds that unfinished messages get when the input ends."""


@dataclass(frozen=True, slots=True)
class Options:
    """The command-line options of `chat` and `demo`."""

    conference: str = ""
    community: str = "console"
    user: str = "you"
    organizer: bool = False
    at: str = ""
    speed: float | None = None
    json: bool = False
    feed_hosts: frozenset[str] = frozenset()


@dataclass(slots=True)
class Conversation:
    """A chat session with the application behind it."""

    application: Application
    rehearsal: Rehearsal
    session: ChatSession
    messenger: ConsoleMessenger


def is_terminal() -> bool:
    """Whether a person types the input and reads the output."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def clock_for(options: Options, zone: str) -> Clock:
    """Return the real clock, or a simulated one if `--at` is given.

    Without `--speed`, a simulated clock runs at a terminal, and stands still in a pipe or with `--json`.

    Raises:
        BadInputError: `--speed` is given without `--at`.
    """
    if not options.at:
        if options.speed is not None:
            raise BadInputError("--speed rehearses, so it needs --at TIME too.")
        return SystemClock()
    speed = options.speed if options.speed is not None else float(is_terminal() and not options.json)
    return RehearsalClock(read_moment(options.at, zone), speed)


def sink_for(options: Options) -> Sink:
    """Return a sink that writes JSON lines, or text at most as wide as the terminal."""
    if options.json:
        return JsonSink(_write)
    width = min(shutil.get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else 0
    return TextSink(_write, TerminalStyle(width, colour=sys.stdout.isatty()))


def _write(line: str) -> None:
    """Print a line; end the process if the pipe is closed, because then no further message can be shown either."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        # Without this, Python would report a second error when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@asynccontextmanager
async def open_conversation(database: str, options: Options, clock: Clock) -> AsyncIterator[Conversation]:
    """Open the conversation of one community, and send only the deliveries of this community.

    Raises:
        BadInputError: the database does not have the conference of `--conference`.
    """
    messenger = ConsoleMessenger()
    speed = clock.speed if isinstance(clock, RehearsalClock) else 1
    scopes = [DeliveryFilter(PLATFORM, 0)]
    opened = build_application(database, clock, {PLATFORM: messenger}, scopes, speed, options.feed_hosts)
    async with opened as application:
        async with application.store.write_transaction() as work:
            attendee = await work.people.join(PLATFORM, options.community, options.user)
            scopes[:] = [DeliveryFilter(PLATFORM, attendee.community.id)]
            if options.conference:
                if await work.conferences.get(options.conference) is None:
                    raise BadInputError(
                        "There is no conference {conference}: add one with `hallway import`.",
                        conference=repr(options.conference),
                    )
                await work.communities.save(replace(attendee.community, conference=options.conference))
        movable = clock if isinstance(clock, RehearsalClock) else None
        jobs = (application.announcements, RehearsedLearning(application.learning))
        rehearsal = Rehearsal(application.dispatch, application.scheduler, movable, other_jobs=jobs)
        organizers = messenger.organizers
        session = ChatSession(
            rehearsal, sink_for(options), options.community, options.user, options.organizer, organizers
        )
        await rehearsal.look_at(PLATFORM, options.community)
        messenger.backend, messenger.sink = rehearsal, session.sink
        yield Conversation(application, rehearsal, session, messenger)


async def converse(
    conversation: Conversation, history: Path | None, day_ends: datetime | None = None, closing_text: str = ""
) -> None:
    """Run the conversation until the input ends. If the clock runs by itself, deliveries are sent in the meantime.

    Args:
        conversation: the chat session and its application.
        history: the file in which a terminal stores the typed lines, if any.
        day_ends: until this time, a pause in typing at a terminal moves the clock on to the next event; None for never.
        closing_text: the text to show at a terminal when the clock has reached `day_ends`.
    """
    clock = conversation.application.clock
    async with _ticking(conversation.application, running=not isinstance(clock, RehearsalClock) or clock.speed > 0):
        if not is_terminal():
            await chat_piped(conversation.session, lines_of_input())
            return
        from adapters.console.terminal import chat_at_terminal  # noqa: PLC0415 — a pipe needs no terminal library

        commands = [(command.name, command.help) for command in all_commands().values()]
        await chat_at_terminal(conversation.session, commands, history, day_ends, closing_text)


@asynccontextmanager
async def _ticking(application: Application, *, running: bool) -> AsyncIterator[None]:
    if not running:
        yield
        return
    application.timers.start()
    running_ = [asyncio.create_task(loop.run()) for loop in (application.delivery_loop, application.announcement_loop)]
    try:
        yield
    finally:
        application.delivery_loop.stop()
        application.announcement_loop.stop()
        await asyncio.gather(*running_, return_exceptions=True)
        await application.scheduler.finish(FINISHING)
