"""The `hallway` command line. Subcommands import lazily, so that `--help` is quick."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated, Any

import typer

from bot.cli import conference as conferences
from bot.cli import deliveries, streets, walks
from bot.cli import legs as ways
from bot.cli.garbage import collect_rarely
from bot.domain.errors import HallwayError
from bot.domain.phrases import phrase

app = typer.Typer(
    name="hallway",
    help="Hallway: when to leave and how to walk to each session you chose.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
manifest = typer.Typer(help="Print the manifest of an app.", no_args_is_help=True)
app.add_typer(manifest, name="manifest")
invite = typer.Typer(help="Print the link that invites the bot.", no_args_is_help=True)
app.add_typer(invite, name="invite")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(conferences.app, name="conference")
app.add_typer(streets.venues, name="venues")
app.add_typer(streets.route, name="route")
app.add_typer(ways.app, name="legs")
app.add_typer(walks.app, name="walks")

Conference = Annotated[str, typer.Option(help="The conference to follow, by its slug.")]
Community = Annotated[str, typer.Option(help="The community to talk in.")]
User = Annotated[str, typer.Option("--as", help="Who you are.")]
IsOrganizer = Annotated[bool, typer.Option("--organizer", help="With organizer rights.")]
AtTime = Annotated[str, typer.Option(help="Rehearse from this ISO time on.")]
Speed = Annotated[float | None, typer.Option(help="Speed of the rehearsed clock.", min=0)]
# Formats are named after their files, so that `--help` can list them without importing any.
FORMATS = sorted(
    module.name.replace("_", "-") for module in iter_modules([str(Path(__file__).parent / "sources/formats")])
)


def _known(name: str) -> str:
    if name and name not in FORMATS:
        message = phrase("there is no format {name!r}: choose one of {formats}", name=name, formats=", ".join(FORMATS))
        raise typer.BadParameter(message)
    return name


FormatName = Annotated[
    str,
    typer.Option(
        "--format",
        help=phrase("The format, if it is not recognised: {formats}.", formats=", ".join(FORMATS)),
        callback=_known,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"hallway {version('hallway')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Hallway: when to leave and how to walk to each session you chose."""
    del version


def main() -> None:
    """Run the command line. Exit status: 0, 1 after a failure (one sentence on stderr), 2 for wrong usage."""
    _open_closed()
    collect_rarely()
    try:
        app()
    except (HallwayError, KeyboardInterrupt) as fault:
        print(f"hallway: {fault}" if str(fault) else phrase("hallway: stopped"), file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _open_closed() -> None:
    """Open standard streams that were closed before the start, as in a service: Python sets them to None."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 — as long as the process


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@app.command()
def demo(
    conference: Conference = "",
    community: Community = "cloudweek",
    user: User = "you",
    organizer: IsOrganizer = False,
    at: AtTime = "",
    speed: Speed = None,
    as_json: AsJson = False,
) -> None:
    """A day at a sample conference, in about a minute."""
    from bot.cli import conversation, demo

    options = conversation.Options(conference, community, user, organizer, at, speed, as_json)
    _quiet()
    _run(demo.demo(options))


@app.command()
def chat(
    conference: Conference = "",
    community: Community = "console",
    user: User = "you",
    organizer: IsOrganizer = False,
    at: AtTime = "",
    speed: Speed = None,
    as_json: AsJson = False,
) -> None:
    """Talk to Hallway here, on the configured database."""
    from bot.cli import chat, conversation
    from bot.config import load_settings

    _quiet()
    options = conversation.Options(conference, community, user, organizer, at, speed, as_json)
    _run(chat.chat(load_settings(), options))


@app.command()
def mcp(conference: Conference = "", community: Community = "console", user: User = "you", at: AtTime = "") -> None:
    """The attendee's commands as tools for an assistant (Model Context Protocol), on standard input and output."""
    from adapters.console.interactions import read_moment
    from bot.cli import mcp
    from bot.config import load_settings
    from bot.timing.clock import RehearsalClock, SystemClock

    _quiet()
    clock = RehearsalClock(read_moment(at, "UTC"), 1) if at else SystemClock()
    _run(mcp.serve_stdio(load_settings(), mcp.Identity(user, community, conference), clock))


@app.command()
def run(
    at: AtTime = "", speed: Annotated[float, typer.Option(help="Speed of the rehearsed clock, with --at.", min=0)] = 1
) -> None:
    """Serve every platform whose credentials are set, and the web side."""
    from adapters.console.interactions import read_moment
    from bot.cli import logs, serve, shutdown
    from bot.config import load_settings
    from bot.timing.clock import RehearsalClock, SystemClock

    settings = load_settings()
    logs.configure(settings)
    clock = RehearsalClock(read_moment(at, "UTC"), speed) if at else SystemClock()
    shutdown.run(serve.run(settings, clock, speed if at else 1))


@app.command(name="import")
def import_(
    source: Annotated[str, typer.Argument(help="A schedule file, or the address of one.")],
    conference: Annotated[str, typer.Option(help="The short name of the conference, such as fosdem26.")],
    zone: Annotated[str, typer.Option(help="Its IANA time zone, such as Europe/Brussels.")] = "",
    format_name: FormatName = "",
    field_map: Annotated[str, typer.Option("--map", help="A TOML file that maps columns or paths to facts.")] = "",
    venues: Annotated[str, typer.Option(help="A CSV of venues: name,aliases,lat,lon,minutes_inside.")] = "",
    legs: Annotated[str, typer.Option(help="A CSV of ways between venues, as `hallway legs template` prints.")] = "",
    info: Annotated[str, typer.Option(help="A CSV of what everybody reads with /info: topic,place,hours,text.")] = "",
    title: Annotated[str, typer.Option(help="The title that people read.")] = "",
    check_in: Annotated[
        int | None, typer.Option(help="Minutes before the start when a reserved seat lapses.", min=0, max=120)
    ] = None,
    walk_up: Annotated[int | None, typer.Option(help="Minutes to come early without a seat.", min=0, max=120)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; store nothing.")] = False,
    at: AtTime = "",
    force: Annotated[bool, typer.Option("--force", help="Import even if many sessions would be removed.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Don't check the address again later.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a schedule and publish it; `hallway run` keeps polling an address."""
    from adapters.console.interactions import read_moment
    from bot.cli import import_ as importing
    from bot.config import load_settings
    from bot.timing.clock import RehearsalClock, SystemClock

    clock = RehearsalClock(read_moment(at, "UTC")) if at else SystemClock()
    settings = load_settings()
    report = asyncio.run(
        importing.import_schedule(
            settings.database_url.get_secret_value(),
            source,
            conference,
            clock,
            zone=zone,
            format_name=format_name,
            field_map=field_map,
            venues=venues,
            dry_run=dry_run,
            force=force,
            hosts=settings.feed_hosts,
            once=once,
            files=importing.FactFiles(legs, info, title, check_in, walk_up),
        )
    )
    print(importing.report_text(report, as_json=as_json))


@app.command()
def rehearse(
    old: Annotated[str, typer.Argument(help="The old schedule file.")],
    new: Annotated[str, typer.Argument(help="The new schedule file.")],
    zone: Annotated[str, typer.Option(help="Its IANA time zone, such as Europe/Brussels.")] = "",
    venues: Annotated[str, typer.Option(help="A CSV of venues: name,aliases,lat,lon,minutes_inside.")] = "",
    agendas: Annotated[str, typer.Option(help="A CSV of agendas: who,code,choice; without it, made-up people.")] = "",
    at: AtTime = "",
    as_json: AsJson = False,
) -> None:
    """Show who would be sent what if the new schedule replaced the old one; nothing is stored or sent."""
    from pathlib import Path

    from adapters.console.interactions import read_moment
    from bot.cli import conversation
    from bot.cli import rehearse as rehearsing
    from bot.cli.import_ import read_apart
    from bot.sources import read_venues

    async def show() -> None:
        await rehearsing.rehearse(await read_apart(Path(old)), await read_apart(Path(new)), terms, sink)

    _quiet()
    listed_venues = read_venues(Path(venues)) if venues else ()
    moment = read_moment(at, zone or "UTC") if at else None
    terms = rehearsing.RehearsalOptions(zone, listed_venues, moment, Path(agendas) if agendas else None)
    sink = conversation.sink_for(conversation.Options(json=as_json))
    _run(show())


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.config import load_settings
    from migrations import run as migrations

    url = load_settings().database_url.get_secret_value()
    asyncio.run(migrations.upgrade(url))
    current, _ = asyncio.run(migrations.status(url))
    print(phrase("The database has schema {schema}, the newest.", schema=current))


@app.command()
def backup(file: Annotated[str, typer.Argument(help="The file to write.")]) -> None:
    """Write a backup of the database into a file, also while Hallway runs."""
    from bot.cli import backup as backups
    from bot.config import load_settings

    print(backups.back_up(load_settings().database_url.get_secret_value(), Path(file)))


@app.command()
def restore(
    file: Annotated[str, typer.Argument(help="What `hallway backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a database that has data.")] = False,
) -> None:
    """Replace the database by a backup; stop Hallway first."""
    from bot.cli import backup as backups
    from bot.config import load_settings

    print(backups.restore(load_settings().database_url.get_secret_value(), Path(file), force=force))


@app.command()
def doctor() -> None:
    """Check settings, database, credentials and clock."""
    from bot.cli import doctor
    from bot.config import load_settings
    from bot.timing.clock import SystemClock

    async def count_failed() -> int:
        failed = 0
        async for finding in doctor.examine(load_settings(), SystemClock()):
            print(f"{'ok   ' if finding.passed else 'fault'}  {finding.subject}: {finding.text}")
            failed += not finding.passed
        return failed

    failed = asyncio.run(count_failed())
    if failed == 1:
        raise HallwayError("1 check failed (above).")
    if failed:
        raise HallwayError("{count} checks failed (above).", count=failed)


@app.command()
def link(
    one: Annotated[str, typer.Argument(metavar="PLATFORM:TENANT", help="A community, such as discord:1234.")] = "",
    other: Annotated[str, typer.Argument(metavar="PLATFORM:TENANT", help="Another.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Unlink them.")] = False,
) -> None:
    """Link two communities, so that organizers of either can announce to both. Without arguments, list the links."""
    from bot.cli import link as linking
    from bot.config import load_settings
    from bot.timing.clock import SystemClock

    if bool(one) != bool(other) or (undo and not one):
        message = phrase("name two communities, or none to list all links")
        raise typer.BadParameter(message)
    database = load_settings().database_url.get_secret_value()
    done = linking.change(database, SystemClock(), one, other, undo=undo) if one else linking.listed(database)
    print(asyncio.run(done))


@manifest.callback()
def manifest_of() -> None:
    """Print the manifest of an app."""


@manifest.command(name="slack")
def manifest_slack(
    many: Annotated[bool, typer.Option("--many", help="For many workspaces that install the app themselves.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of YAML.")] = False,
) -> None:
    """Print the manifest of the Slack app: with Socket Mode, or with request URLs under HALLWAY_PUBLIC_URL."""
    from bot.cli import slack
    from bot.config import load_settings

    print(slack.manifest_text(load_settings(), many=many, as_json=as_json))


@invite.callback()
def invite_to() -> None:
    """Print the link that invites the bot."""


@invite.command(name="discord")
def invite_discord() -> None:
    """Print the link that invites the Discord bot."""
    from adapters.discord import invite_text
    from bot.cli.platforms import discord_application
    from bot.config import load_settings

    print(invite_text(asyncio.run(discord_application(load_settings()))))


def _quiet() -> None:
    """Log errors only, to stderr: a console shows messages for people."""
    from bot.cli import logs
    from bot.config import load_settings

    settings = load_settings()
    logs.configure(settings.model_copy(update={"log_level": "error"}))


if __name__ == "__main__":
    main()
