"""`hallway deliveries` on the command line. Each command imports its modules when it runs, so that `--help` is fast."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from bot.domain.phrases import phrase

app = typer.Typer(help="Show waiting and failed deliveries.")
ALL = "all"


def _checked(which: str) -> str:
    if which != ALL and not which.isdecimal():
        message = phrase(
            "{which!r} is not a delivery: give a number from `hallway deliveries dead`, or {all}", which=which, all=ALL
        )
        raise typer.BadParameter(message)
    return which


Which = Annotated[str, typer.Argument(metavar="ID|all", help="Its number, or all.", callback=_checked)]


@app.callback(invoke_without_command=True)
def show_states(context: typer.Context) -> None:
    """Show waiting and failed deliveries."""
    if context.invoked_subcommand is None:
        _print(lambda dead_letters, database, _: dead_letters.state_table(database))


@app.command()
def dead() -> None:
    """List failed deliveries, and why they failed."""
    _print(lambda dead_letters, database, clock: dead_letters.dead(database, clock))


@app.command()
def retry(which: Which) -> None:
    """Requeue failed deliveries."""
    _print(lambda dead_letters, database, clock: dead_letters.retry(database, clock, _number(which)))


@app.command()
def drop(which: Which) -> None:
    """Remove failed deliveries for good."""
    _print(lambda dead_letters, database, clock: dead_letters.drop(database, clock, _number(which)))


def _number(which: str) -> int | None:
    return None if which == ALL else int(which)


def _print(ask: Callable[[Any, str, Any], Coroutine[Any, Any, str]]) -> None:
    from bot.cli import dead_letters  # noqa: PLC0415 — the database takes half a second
    from bot.config import load_settings  # noqa: PLC0415 — as above
    from bot.timing.clock import SystemClock  # noqa: PLC0415 — as above

    print(asyncio.run(ask(dead_letters, load_settings().database_url.get_secret_value(), SystemClock())))
