"""`/schedule [status|refresh|diff|import|upload|edit|apply|keep]`: the source of the schedule, and its changes."""

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
from bot.app.editing.edit import PARAMS as EDIT_PARAMS
from bot.app.editing.edit import apply_edit, consent_lines, edit_request, edits_card, preview, wants_edit
from bot.app.editing.rights import check_may_change
from bot.app.editing.upload import (
    UPLOADED,
    apply_upload,
    ask_for_file,
    attachment_of,
    change_lines,
    discard_upload,
    upload,
)
from bot.app.messages import Button, Card, Field, Reply, Text, Typed
from bot.app.ports import PollResult
from bot.app.text import Reader, n, s, t
from bot.domain.errors import BadInputError
from bot.domain.imports.feed import LATEST, SOONEST, Feed, Health, web_address

MAX_ADDRESS_CHARACTERS = 1_000


def read_every(text: str, context: StaticContext) -> timedelta:
    """Read an interval from one minute to one day."""
    every = DURATION.read(text, context)
    if not SOONEST <= every <= LATEST:
        raise BadInputError(s('I can\'t check the schedule every "{text}". Choose from 1m to 24h.', text=text))
    return every


def read_slug(text: str, _: StaticContext) -> str:
    """The short name of a conference: letters, digits and dashes."""
    slug = text.strip().casefold()
    if not 1 < len(slug) <= 60 or not slug.replace("-", "").isalnum():  # noqa: PLR2004 — one letter is no name
        raise BadInputError(
            s('"{text}" can\'t be a short name. Use letters, digits and dashes, such as fosdem26.', text=text)
        )
    return slug


ACTION = Param(
    "action",
    choice("status", "refresh", "diff", "import", "upload", "edit", "apply", "keep"),
    "what to do; without it, status",
)
ADDRESS = Param(
    "address",
    replace(TEXT, max_length=MAX_ADDRESS_CHARACTERS),
    "where the schedule is: https://…; after edit, the session's code",
)
NAME = Param(
    "as", ParamType("slug", read_slug), "the short name of a new conference", keyword="as", keyword_required=True
)
IN_ZONE = Param("zone", ZONE, "its time zone, if the file does not say it", keyword="zone", keyword_required=True)
EVERY = Param(
    "every",
    ParamType(DURATION.name, read_every),
    "how often to check it, such as 10m",
    keyword="every",
    keyword_required=True,
)

STATUS = Button(s("Status"), "schedule", {"action": "status"})
DIFFERENCE = Button(s("Show difference"), "schedule", {"action": "diff"})
DECIDE = (
    Button(s("Apply"), "schedule", {"action": "apply"}),
    Button(s("Keep old"), "schedule", {"action": "keep"}),
    DIFFERENCE,
)


async def handle(call: Call, context: Context) -> Reply:
    """Run one of `ACTIONS` (show the status if none is given) and reply with its result."""
    action = call.get(ACTION) or ("edit" if wants_edit(call) else "status")
    if action not in ("import", "upload") and not call.get(UPLOADED) and not context.schedule.conference.slug:
        add = Typed("/schedule import ADDRESS as NAME")
        return Reply((t("This community follows no conference yet. To add one: {add}", add=add),))
    reply = await ACTIONS[action](call, context)
    card = await edits_card(context) if action == "status" else None
    return replace(reply, cards=(*reply.cards, card)) if card else reply


async def _status(_: Call, context: Context) -> Reply:
    feed = await context.work.feeds.get(context.schedule.conference.slug)
    if feed is None:
        follow = Typed("/schedule import ADDRESS")
        return Reply(
            (
                t(
                    "{size}, from a file. To keep it up to date from a web address: {follow}",
                    size=_size(context),
                    follow=follow,
                ),
            )
        )
    return _feed_reply(feed, (t("{size}, from {address}.", size=_size(context), address=feed.url),), context)


async def _refresh(_: Call, context: Context) -> Reply:
    return _done(await context.feeds.refresh(context.schedule.conference.slug, context.attendee.id), context)


async def _diff(_: Call, context: Context) -> Reply:
    report = await context.feeds.compare(context.schedule.conference.slug)
    if report.difference.is_empty:
        return Reply((t("Our schedule is up to date with the feed."),), buttons=(STATUS,))
    feed = await context.work.feeds.get(context.schedule.conference.slug)
    buttons = DECIDE[:2] if feed and feed.held else (Button(s("Refresh"), "schedule", {"action": "refresh"}),)
    return Reply((t("The new version would change this:"), *change_lines(report)), buttons=(*buttons, STATUS))


async def _import(call: Call, context: Context) -> Reply:
    """Follow an address. Only the operator can change a schedule that several communities use."""
    address, zone, every = call.get(ADDRESS), call.get(IN_ZONE), call.get(EVERY)
    if not address:
        raise BadInputError(s("Where is the schedule? Type /schedule import https://… as NAME."))
    if " " in address:
        raise BadInputError(
            s(
                'I don\'t understand "{words}". Try /schedule import ADDRESS as NAME zone ZONE every 10m.',
                words=address.partition(" ")[2],
            )
        )
    slug = call.get(NAME) or context.schedule.conference.slug
    if not slug:
        raise BadInputError(
            s("The new conference needs a short name: /schedule import {address} as NAME.", address=address)
        )
    address, existing = web_address(address), await context.work.feeds.get(slug)
    await check_may_change(slug, existing, context)
    feed = replace(existing or Feed(slug, address, context.now), url=address, due_at=context.now, etag="", modified="")
    feed = replace(feed.working(), digest="", community=context.attendee.community.id)
    feed = replace(feed, zone=zone or feed.zone, organizers=_with(feed, context))
    feed = replace(feed, every=int(every.total_seconds()) // 60) if every else feed
    result = await context.feeds.follow(feed, context.attendee.id)
    # A community that follows none follows the conference that it imports.
    is_followed = context.schedule.conference.slug in ("", slug)
    follow = () if is_followed else (Button(s("Follow it here"), "conference", {"name": slug}),)
    reply = _done(result, context)
    return replace(reply, lines=(*reply.lines, *consent_lines(context)), buttons=(*follow, *reply.buttons))


async def _upload(call: Call, context: Context) -> Reply:
    """Show what a file would change; it is stored until the organizer applies it."""
    file = attachment_of(call, call.get(ADDRESS))
    if file is None:
        return ask_for_file()
    slug = call.get(NAME) or context.schedule.conference.slug
    if not slug:
        raise BadInputError(s("The new conference needs a short name: choose the file again, with as NAME."))
    await check_may_change(slug, await context.work.feeds.get(slug), context)
    return await upload(file, slug, call.get(IN_ZONE) or "", context)


async def _edit(call: Call, context: Context) -> Reply:
    slug = context.schedule.conference.slug
    await check_may_change(slug, await context.work.feeds.get(slug), context)
    return await preview(edit_request(call, call.get(ADDRESS), context), context)


async def _apply(call: Call, context: Context) -> Reply:
    """Apply an uploaded file, an edit, or else the version that is held."""
    if number := call.get(UPLOADED):
        return await apply_upload(number, context)
    slug = context.schedule.conference.slug
    await check_may_change(slug, await context.work.feeds.get(slug), context)
    if wants_edit(call):
        return await apply_edit(edit_request(call, call.get(ADDRESS), context), context)
    return _done(await context.feeds.apply(slug), context)


async def _keep(call: Call, context: Context) -> Reply:
    if number := call.get(UPLOADED):
        return await discard_upload(number, context)
    slug = context.schedule.conference.slug
    await check_may_change(slug, await context.work.feeds.get(slug), context)
    feed = await context.feeds.decline_held(slug)
    text = t("I keep the old schedule. I'll ask again if a newer version also looks wrong.")
    return _feed_reply(feed, (text,), context)


def _with(feed: Feed, context: Context) -> tuple[int, ...]:
    """Add the importer to the people who are asked when a new version looks wrong."""
    return tuple(dict.fromkeys((*feed.organizers, context.attendee.id)))


def _size(context: Context) -> Text:
    return n(
        "{conference}: {count} session",
        "{conference}: {count} sessions",
        len(context.schedule.listed),
        conference=context.schedule.conference.title,
    )


def _done(result: PollResult, context: Context) -> Reply:
    """The result of a check of the feed."""
    feed, report = result.feed, result.report
    if feed.fault:
        return _feed_reply(
            feed,
            (t("I couldn't update the schedule, so I keep the last good one. {reason}", reason=feed.fault),),
            context,
        )
    if feed.held:
        head = t("The new version looks wrong, so I changed nothing. {reason}. What shall I do?", reason=feed.held)
        return Reply((head, *(change_lines(report) if report else ())), buttons=(*DECIDE, STATUS))
    if report is None or report.difference.is_empty:
        return _feed_reply(feed, (t("Nothing has changed."),), context)
    text = t("The schedule is updated. I'll tell everyone who is affected.")
    return Reply((text, *change_lines(report)), buttons=(STATUS,))


def _feed_reply(feed: Feed, head: tuple[Text, ...], context: Context) -> Reply:
    """The feed in full, with the question if a new version waits for a decision."""
    reader = Reader.of(context.attendee, context.schedule)

    def moment_text(moment: datetime | None) -> Text:
        if moment is None:
            return t("never")
        return t("{time} ({ago})", time=reader.day_time(moment), ago=reader.relative(moment))

    changed, minutes = moment_text(feed.changed_at), feed.every
    fields = [
        Field(s("Status"), (_health_text(feed.health),)),
        Field(s("Last check"), moment_text(feed.checked_at)),
        Field(s("Our version is from"), moment_text(feed.fresh_at)),
        Field(
            s("Last change"), t("{time}: {changes}", time=changed, changes=feed.changes) if feed.changes else changed
        ),
        Field(s("Next check"), t("{time}, then every {minutes} min", time=moment_text(feed.due_at), minutes=minutes)),
    ]
    if feed.fault:
        fields += [Field(s("Problem"), (feed.fault,)), Field(s("Failing since"), moment_text(feed.failing_at))]
    if feed.held:
        since = t("{reason}, since {time}", reason=feed.held, time=moment_text(feed.held_at))
        fields.append(Field(s("Waiting for your decision"), since))
    check = (Button(s("Refresh"), "schedule", {"action": "refresh"}), DIFFERENCE)
    return Reply(head, (Card(s("The feed"), fields=tuple(fields)),), DECIDE if feed.held else check)


def _health_text(health: Health) -> str:
    return {
        Health.NEW: s("not checked yet"),
        Health.WELL: s("fine"),
        Health.FAILING: s("failing"),
        Health.PAUSED: s("checked less often after many failures"),
        Health.HELD: s("waiting for an organizer's decision"),
    }[health]


ACTIONS: Mapping[str, Callable[[Call, Context], Awaitable[Reply]]] = {
    "status": _status,
    "refresh": _refresh,
    "diff": _diff,
    "import": _import,
    "upload": _upload,
    "edit": _edit,
    "apply": _apply,
    "keep": _keep,
}

COMMAND = Command(
    "schedule",
    "The source of the schedule, and its changes",
    handle,
    (ACTION, ADDRESS, NAME, IN_ZONE, EVERY, UPLOADED, *EDIT_PARAMS),
    access=Access.ORGANIZERS,
    effect=Effect.EXTERNAL,
    requires=Requirement.COMMUNITY,
    forms={"upload": ("file", "as", "zone")},
    examples=(
        "/schedule",
        "/schedule import https://example.org/schedule.json as mine every 5m",
        "/schedule edit ARC301 room Academy 411",
    ),
)
