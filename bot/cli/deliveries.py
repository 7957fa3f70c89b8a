"""`hallway deliveries` on the command line. What it needs is imported when it runs, so that `--help` is quick."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

app = typer.Typer(help="How the outbox stands, and what was set aside in it.")
ALL = "all"


def _known(which: str) -> str:
    if which != ALL and not which.isdecimal():
        message = f"{which!r} is no delivery: give the number that `hallway deliveries dead` shows, or {ALL}"
        raise typer.BadParameter(message)
    return which


Which = Annotated[str, typer.Argument(metavar="ID|all", help="Its number, or all.", callback=_known)]


@app.callback(invoke_without_command=True)
def standing(context: typer.Context) -> None:
    """How the outbox stands, and what was set aside in it."""
    if context.invoked_subcommand is None:
        _print(lambda dead_letters, database, _: dead_letters.standing(database))


@app.command()
def dead() -> None:
    """List what was set aside because it could not be sent, and why."""
    _print(lambda dead_letters, database, clock: dead_letters.dead(database, clock))


@app.command()
def retry(which: Which) -> None:
    """Owe again what was set aside."""
    _print(lambda dead_letters, database, clock: dead_letters.retry(database, clock, _number(which)))


@app.command()
def drop(which: Which) -> None:
    """Put away for good what was set aside."""
    _print(lambda dead_letters, database, clock: dead_letters.drop(database, clock, _number(which)))


def _number(which: str) -> int | None:
    return None if which == ALL else int(which)


def _print(ask: Callable[[Any, str, Any], Coroutine[Any, Any, str]]) -> None:
    from bot.cli import dead_letters  # noqa: PLC0415 — the database takes half a second
    from bot.config import load_settings  # noqa: PLC0415 — as above
    from bot.timing.clock import SystemClock  # noqa: PLC0415 — as above

    print(asyncio.run(ask(dead_letters, load_settings().database_url.get_secret_value(), SystemClock())))
