"""`hallway walks` on the command line. Each command imports its modules when it runs, so that `--help` is fast."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from bot.domain.phrases import phrase

app = typer.Typer(help="Show what was promised of walks, and what came of it.", no_args_is_help=True)


@app.callback()
def walks() -> None:
    """Show the promised walking times, and whether they were right."""


@app.command()
def report(
    conference: Annotated[str, typer.Option("--conference", help="Only this one, by its short name.")] = "",
) -> None:
    """List by way and hour how many people followed, the promised minutes, and how many arrived in time."""
    from bot.config import load_settings  # noqa: PLC0415 — the database takes half a second
    from bot.timing.clock import SystemClock  # noqa: PLC0415 — as above

    database = load_settings().database_url.get_secret_value()
    print(asyncio.run(reported(database, SystemClock().now(), conference)))


async def reported(database: str, now: datetime, conference: str = "") -> str:
    """Return the report of one conference, or of all.

    Raises:
        HallwayError: there is no such conference.
    """
    from bot.app.text import walks_report  # noqa: PLC0415 — as above
    from bot.cli.database import opened  # noqa: PLC0415 — as above
    from bot.domain.errors import HallwayError  # noqa: PLC0415 — as above

    listed: list[str] = []
    async with opened(database) as work:
        records = [record.conference for record in await work.conferences.records()]
        chosen = [entry for entry in records if conference in ("", entry.slug)]
        if conference and not chosen:
            raise HallwayError(
                "There is no conference {conference}: see `hallway conference list`.", conference=conference
            )
        for entry in chosen:
            listed += [
                f"{entry.title} ({entry.slug})",
                *walks_report(await work.walks.promises(entry.slug), entry.tz, now),
            ]
    return "\n".join(listed) or phrase("No conferences. To add one: hallway import FILE --conference NAME")
