"""`hallway legs` on the command line. Each command imports its modules when it runs, so that `--help` is fast."""

import asyncio
from typing import Annotated

import typer

app = typer.Typer(help="Import, show and export the ways between venues.", no_args_is_help=True)

Slug = Annotated[str, typer.Option("--conference", help="The conference; without it, the only one.")]


@app.callback()
def legs() -> None:
    """Import, show and export the ways between venues."""


@app.command(name="import")
def import_(
    file: Annotated[str, typer.Argument(help="A CSV of ways, as `hallway legs template` prints it.")],
    conference: Slug = "",
) -> None:
    """Replace the ways of earlier files by those of a file; people are planned again."""
    from pathlib import Path  # noqa: PLC0415 — as below

    from bot.cli import ways  # noqa: PLC0415 — the database takes half a second
    from bot.config import load_settings  # noqa: PLC0415 — as above
    from bot.sources.ways_csv import read_ways  # noqa: PLC0415 — as above
    from bot.timing.clock import SystemClock  # noqa: PLC0415 — as above

    read = read_ways(Path(file))
    database = load_settings().database_url.get_secret_value()
    print(asyncio.run(ways.import_ways(database, SystemClock(), conference, *read)))


@app.command()
def show(conference: Slug = "") -> None:
    """Print the stored ways as a CSV that can be imported again."""
    from bot.cli import ways  # noqa: PLC0415 — the database takes half a second
    from bot.config import load_settings  # noqa: PLC0415 — as above

    print(asyncio.run(ways.ways_table(load_settings().database_url.get_secret_value(), conference)), end="")


@app.command()
def template(conference: Slug = "") -> None:
    """Print every pair of venues with the known minutes, as a CSV to complete and import."""
    from bot.cli import ways  # noqa: PLC0415 — the database takes half a second
    from bot.config import load_settings  # noqa: PLC0415 — as above

    print(asyncio.run(ways.template(load_settings().database_url.get_secret_value(), conference)), end="")
