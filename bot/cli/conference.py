"""`hallway conference` on the command line. Each command imports its modules when it runs, so that `--help` is fast."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

app = typer.Typer(help="Show, publish, archive and delete conferences.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(metavar="NAME", help="Its short name, as `hallway conference list` shows it.")]


@app.callback()
def conference() -> None:
    """Show, publish, archive and delete conferences."""


@app.command(name="list")
def listed() -> None:
    """List all conferences: who may follow them, and who does."""
    _print(lambda conferences, database, _: conferences.listed(database))


@app.command()
def show(slug: Slug) -> None:
    """Show a conference: its days, its source, its owner and the communities that follow it."""
    _print(lambda conferences, database, _: conferences.show(database, slug))


@app.command()
def title(slug: Slug, text: Annotated[str, typer.Argument(metavar="TITLE", help="Its new title.")]) -> None:
    """Change the title that people read."""
    _print(lambda conferences, database, _: conferences.retitle(database, slug, text))


@app.command()
def c3nav(
    slug: Slug, address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Its address, or off for none.")]
) -> None:
    """Link rooms to the conference's indoor map, such as https://nav.fosdem.org; see also `hallway route rooms`."""
    _print(lambda conferences, database, clock: conferences.link_rooms(database, clock, slug, address))


@app.command()
def export(
    slug: Slug, folder: Annotated[str, typer.Argument(metavar="FOLDER", help="Where the four files are written.")]
) -> None:
    """Write the schedule and what organizers know (venues, ways, topics) as files that can be imported again."""
    _print(lambda conferences, database, _: conferences.export(database, slug, folder))


@app.command()
def publish(slug: Slug) -> None:
    """Let every community follow a conference. Communities that follow another one keep theirs."""
    _print(lambda conferences, database, _: conferences.publish(database, slug))


@app.command()
def archive(slug: Slug) -> None:
    """Stop offering a conference and checking its source. Communities that follow it keep it."""
    _print(lambda conferences, database, _: conferences.archive(database, slug))


@app.command()
def delete(
    slug: Slug,
    *,
    force: Annotated[bool, typer.Option("--force", help="Delete it though communities follow it.")] = False,
) -> None:
    """Delete a conference for good, with the agendas of its attendees."""
    _print(lambda conferences, database, clock: conferences.delete(database, clock, slug, force=force))


def _print(ask: Callable[[Any, str, Any], Coroutine[Any, Any, str]]) -> None:
    from bot.cli import conferences  # noqa: PLC0415 — the database takes half a second
    from bot.config import load_settings  # noqa: PLC0415 — as above
    from bot.timing.clock import SystemClock  # noqa: PLC0415 — as above

    print(asyncio.run(ask(conferences, load_settings().database_url.get_secret_value(), SystemClock())))
