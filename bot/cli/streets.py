"""`hallway venues` and `hallway route`. Each command imports its modules when it runs, so that `--help` is fast."""

from pathlib import Path
from typing import Annotated

import typer

from bot.domain.phrases import phrase

venues = typer.Typer(help="Find venues on a map.", no_args_is_help=True)
route = typer.Typer(help="Find ways on foot between venues on a map.", no_args_is_help=True)

Extract = Annotated[str, typer.Argument(metavar="FILE", help="An extract: .osm, .osm.pbf, or JSON of Overpass.")]
Venues = Annotated[str, typer.Option(help="A CSV of venues: name,aliases,lat,lon,minutes_inside.")]


@venues.callback()
def venues_of() -> None:
    """Find venues on a map."""


@venues.command()
def suggest(
    file: Extract,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names of venues; quote spaces.")],
    take: Annotated[
        list[str] | None, typer.Option(metavar="NAME=NUMBER", help="Take this candidate; once for each venue.")
    ] = None,
    output: Annotated[str, typer.Option(help="The list of venues to write, or to add to.")] = "venues.csv",
) -> None:
    """Show things with these names on a map, and write those you take into a list for `hallway import --venues`."""
    from bot.cli import venue_choice  # noqa: PLC0415 — as the docstring of this module says

    venue_choice.suggest(Path(file), names, take or [], Path(output))


@route.callback()
def route_of() -> None:
    """Find ways on foot between venues on a map."""


@route.command()
def cut(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A large extract, such as a country: .osm or .osm.pbf.")],
    venues: Venues,
    margin: Annotated[int, typer.Option(help="Metres around the venues.", min=0, max=20_000)] = 800,
    output: Annotated[str, typer.Option(help="The small extract to write.")] = "small.osm.pbf",
) -> None:
    """Cut the streets around the venues out of a large extract."""
    from bot.cli import routes  # noqa: PLC0415 — as the docstring of this module says

    print(routes.cut(Path(file), Path(venues), margin, Path(output)))


@route.command()
def build(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An extract: .osm or .osm.pbf.")],
    venues: Venues = "",
    conference: Annotated[str, typer.Option(help="Route between its venues, and store the ways.")] = "",
    output: Annotated[str, typer.Option(help="The list of ways to write; with --conference only if you name it.")] = "",
    outlines: Annotated[str, typer.Option(help="A GeoJSON file for the outlines of the venues.")] = "",
) -> None:
    """Find the way on foot between each two venues, from entrance to entrance, with and without steps."""
    from bot.cli import routes  # noqa: PLC0415 — as the docstring of this module says

    if bool(venues) == bool(conference):
        message = phrase("name either --venues or --conference")
        raise typer.BadParameter(message)
    wanted = routes.Outputs(output or ("" if conference else "legs.csv"), outlines)
    print(routes.build(Path(file), Path(venues) if venues else None, conference, wanted))


@route.command()
def rooms(
    conference: Annotated[str, typer.Option(help="The conference; it needs the address of its indoor map.")],
) -> None:
    """Import the ways between rooms from the conference's indoor map (c3nav)."""
    import asyncio  # noqa: PLC0415 — as the docstring of this module says
    import sys  # noqa: PLC0415 — as above

    from bot.cli import rooms as importing  # noqa: PLC0415 — as above
    from bot.config import load_settings  # noqa: PLC0415 — as above
    from bot.sources.fetch.c3nav import C3nav  # noqa: PLC0415 — as above
    from bot.timing.clock import SystemClock  # noqa: PLC0415 — as above

    settings = load_settings()

    def connect(base: str) -> C3nav:
        return C3nav(base, settings.c3nav_key.get_secret_value(), settings.feed_hosts)

    def progress(line: str) -> None:
        print(line, file=sys.stderr)

    database = settings.database_url.get_secret_value()
    print(asyncio.run(importing.import_rooms(database, conference, SystemClock(), connect, progress)))
