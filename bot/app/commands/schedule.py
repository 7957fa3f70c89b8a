"""`/schedule [status|refresh|diff|import|apply|keep]`: where the schedule comes from, and what becomes of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.app.command_spec import (
    DURATION,
    TEXT,
    ZONE,
    Access,
    Call,
    Command,
    Context,
    Effect,
    Param,
    ParamType,
    Requirement,
    StaticContext,
    choice,
)
from bot.app.messages import Button, Card, Field, Reply, Text, Typed
from bot.app.ports import PollResult
from bot.app.text import Reader, count, sentence
from bot.domain.errors import BadInputError
from bot.domain.imports.feed import LATEST, SOONEST, Feed
from bot.domain.imports.report import ImportReport

MOST_LINES = 12


def read_every(text: str, context: StaticContext) -> timedelta:
    """From a minute to a day."""
    every = DURATION.read(text, context)
    if not SOONEST <= every <= LATEST:
        message = f"{text!r} is no time between two looks: from 1m to 24h."
        raise BadInputError(message)
    return every


def read_slug(text: str, _: StaticContext) -> str:
    """The short name of a conference: letters, digits and dashes."""
    slug = text.strip().casefold()
    if not 1 < len(slug) <= 60 or not slug.replace("-", "").isalnum():  # noqa: PLR2004 — one letter is no name
        message = f"{text!r} is no short name of a conference: letters, digits and dashes, such as fosdem26."
        raise BadInputError(message)
    return slug


ACTION = Param(
    "action", choice("status", "refresh", "diff", "import", "apply", "keep"), "what to do; status if nothing"
)
ADDRESS = Param("address", TEXT, "where the schedule is: https://…")
NAME = Param(
    "as", ParamType("slug", read_slug), "the short name of a new conference", keyword="as", keyword_required=True
)
IN_ZONE = Param("zone", ZONE, "its time zone, if the file does not say it", keyword="zone", keyword_required=True)
EVERY = Param(
    "every",
    ParamType(DURATION.name, read_every),
    "how often to look, such as 10m",
    keyword="every",
    keyword_required=True,
)

STATUS = Button("Status", "schedule", {"action": "status"})
DIFFERENCE = Button("Show difference", "schedule", {"action": "diff"})
DECIDE = (
    Button("Apply", "schedule", {"action": "apply"}),
    Button("Keep old", "schedule", {"action": "keep"}),
    DIFFERENCE,
)


async def handle(call: Call, context: Context) -> Reply:
    """Every action answers with what is so afterwards."""
    if call.get(ACTION) != "import" and not context.schedule.conference.slug:
        import_ = Typed("/schedule import ADDRESS as NAME")
        return Reply((sentence("This community follows no conference yet. ", import_, " brings one in."),))
    return await ACTIONS[call.get(ACTION) or "status"](call, context)


async def _status(_: Call, context: Context) -> Reply:
    feed = await context.work.feeds.get(context.schedule.conference.slug)
    if feed is None:
        follow = Typed("/schedule import ADDRESS")
        told = sentence(_size(context), ", from a file. ", follow, " keeps it fresh from an address.")
        return Reply((told,))
    return _shown(feed, (sentence(_size(context), f", from {feed.url}."),), context)


async def _refresh(_: Call, context: Context) -> Reply:
    return _done(await context.feeds.refresh(context.schedule.conference.slug, context.attendee.id), context)


async def _diff(_: Call, context: Context) -> Reply:
    report = await context.feeds.compare(context.schedule.conference.slug)
    if report.difference.is_empty:
        return Reply((sentence("The feed and our schedule are the same."),), buttons=(STATUS,))
    feed = await context.work.feeds.get(context.schedule.conference.slug)
    buttons = DECIDE[:2] if feed and feed.held else (Button("Refresh", "schedule", {"action": "refresh"}),)
    return Reply((sentence("Taking in the feed would change this:"), *_lines(report)), buttons=(*buttons, STATUS))


async def _import(call: Call, context: Context) -> Reply:
    """Follow an address. Who changes a schedule that others use too needs the operator."""
    address, zone, every = call.get(ADDRESS), call.get(IN_ZONE), call.get(EVERY)
    if not address:
        message = "Which address? /schedule import https://… as NAME."
        raise BadInputError(message)
    if " " in address:
        message = (
            f"{address.partition(' ')[2]!r} is not understood: /schedule import ADDRESS as NAME zone ZONE every 10m."
        )
        raise BadInputError(message)
    slug = call.get(NAME) or context.schedule.conference.slug
    if not slug:
        message = f"A new conference needs a short name: /schedule import {address} as NAME."
        raise BadInputError(message)
    known = await context.work.feeds.get(slug)
    await _may_change(slug, known, context)
    feed = replace(known or Feed(slug, address, context.now), url=address, due_at=context.now, etag="", modified="")
    feed = replace(feed, digest="", failures=0, fault="", community=context.attendee.community.id)
    feed = replace(feed, zone=zone or feed.zone, organizers=_with(feed, context))
    feed = replace(feed, every=int(every.total_seconds()) // 60) if every else feed
    result = await context.feeds.follow(feed, context.attendee.id)
    follow = (
        () if slug == context.schedule.conference.slug else (Button("Follow it here", "conference", {"name": slug}),)
    )
    reply = _done(result, context)
    return replace(reply, buttons=(*follow, *reply.buttons))


async def _apply(_: Call, context: Context) -> Reply:
    slug = context.schedule.conference.slug
    await _may_change(slug, await context.work.feeds.get(slug), context)
    return _done(await context.feeds.apply(slug), context)


async def _keep(_: Call, context: Context) -> Reply:
    slug = context.schedule.conference.slug
    await _may_change(slug, await context.work.feeds.get(slug), context)
    feed = await context.feeds.keep_old(slug)
    told = "Kept as it was. I ask again when the feed would lose something else, and take in what is whole."
    return _shown(feed, (sentence(told),), context)


async def _may_change(slug: str, feed: Feed | None, context: Context) -> None:
    """Whose feed it is; a schedule without one belongs to the only community that uses it."""
    own = context.attendee.community.id
    foreign = feed is not None and feed.community not in (None, own)
    if not foreign and (feed is None or feed.community is None) and await context.work.conferences.get(slug):
        async for chunk in context.work.attendances.everyone(slug):
            foreign = foreign or any(attendee.community.id != own for attendee, _ in chunk)
    if foreign:
        message = "Other communities use this schedule too, so only the operator changes where it comes from."
        raise BadInputError(message)


def _with(feed: Feed, context: Context) -> tuple[int, ...]:
    """Whoever brought it in is asked when a copy is held."""
    return tuple(dict.fromkeys((*feed.organizers, context.attendee.id)))


def _size(context: Context) -> str:
    return f"{context.schedule.conference.title}: {count(len(context.schedule.listed), 'session')}"


def _done(result: PollResult, context: Context) -> Reply:
    """What a look at the feed came to."""
    feed, report = result.feed, result.report
    if feed.fault:
        return _shown(feed, (sentence("That failed; the last good copy stays: ", feed.fault),), context)
    if feed.held:
        head = sentence(f"Held, and nothing is changed. {feed.held}. What shall I do?")
        return Reply((head, *(_lines(report) if report else ())), buttons=(*DECIDE, STATUS))
    if report is None or report.difference.is_empty:
        return _shown(feed, (sentence("Nothing is new."),), context)
    told = sentence("Taken in; those concerned are told.")
    return Reply((told, *_lines(report)), buttons=(STATUS,))


def _lines(report: ImportReport) -> list[Text]:
    lines = list(report.changes())
    rest = [f"… and {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return [sentence(line.strip()) for line in (*lines[:MOST_LINES], *rest)]


def _shown(feed: Feed, head: tuple[Text, ...], context: Context) -> Reply:
    """The feed in full; what is held comes with the question."""
    reader = Reader.of(context.attendee, context.schedule)

    def at(moment: datetime | None) -> Text:
        never = sentence("never")
        return sentence(reader.day_time(moment), " (", reader.relative(moment), ")") if moment else never

    fields = [
        Field("Health", (feed.health.value,)),
        Field("Looked at", at(feed.checked_at)),
        Field("Our copy is as of", at(feed.fresh_at)),
        Field("Last change", sentence(*at(feed.changed_at), f": {feed.changes}" if feed.changes else "")),
        Field("Next look", sentence(*at(feed.due_at), f", then every {feed.every} min")),
    ]
    fields += [Field("Fault", (feed.fault,))] if feed.fault else []
    fields += [Field("Held", sentence(feed.held, ", since ", *at(feed.held_at)))] if feed.held else []
    look = (Button("Refresh", "schedule", {"action": "refresh"}), DIFFERENCE)
    return Reply(head, (Card("The feed", fields=tuple(fields)),), DECIDE if feed.held else look)


ACTIONS: Mapping[str, Callable[[Call, Context], Awaitable[Reply]]] = {
    "status": _status,
    "refresh": _refresh,
    "diff": _diff,
    "import": _import,
    "apply": _apply,
    "keep": _keep,
}

COMMAND = Command(
    "schedule",
    "Where the schedule comes from, and what changed",
    handle,
    (ACTION, ADDRESS, NAME, IN_ZONE, EVERY),
    access=Access.ORGANIZERS,
    effect=Effect.EXTERNAL,
    requires=Requirement.COMMUNITY,
    examples=("/schedule", "/schedule import https://example.org/schedule.json as mine every 5m", "/schedule diff"),
)
