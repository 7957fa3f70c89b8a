"""`hallway venues` and `hallway route`. Each command imports its modules when it runs, so that `--help` is fast."""

from pathlib import Path
from typing import Annotated

import typer

venues = typer.Typer(help="Find venues on a map.", no_args_is_help=True)

Extract = Annotated[str, typer.Argument(metavar="FILE", help="An extract: .osm, .osm.pbf, or JSON of Overpass.")]


@venues.callback()
def venues_of() -> None:
    """Find venues on a map."""


@venues.command()
def suggest(
    file: Extract,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names of venues, each as one word.")],
    take: Annotated[
        list[str] | None, typer.Option(metavar="NAME=NUMBER", help="Take this candidate; once for each venue.")
    ] = None,
    output: Annotated[str, typer.Option(help="The list of venues to write, or to add to.")] = "venues.csv",
) -> None:
    """Show what has these names on a map, and write what you take into a list for `hallway import --venues`."""
    from bot.cli import venue_choice  # noqa: PLC0415 — as the docstring of this module says

    venue_choice.suggest(Path(file), names, take or [], Path(output))
