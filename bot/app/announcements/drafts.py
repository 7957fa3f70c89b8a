"""A draft of an announcement: made of what its organizer gave, checked, and shown with what it comes to."""

from dataclasses import replace
from datetime import timedelta

from bot.app.announcements.links import lost, partners
from bot.app.announcements.recipients import channels_of, preview_of
from bot.app.command_spec import Call, Context, Target
from bot.app.command_spec.announcement import BY, IN, LEADS, NOTIFY, PICTURE, TITLE, TO, URGENCY, WHEN, WHERE, WORDS
from bot.app.messages import Reply
from bot.app.text import Reader, community_text, preview
from bot.domain.announcements.announcement import URGENT_A_DAY, Announcement, How, Words
from bot.domain.announcements.audience import EVERYONE
from bot.domain.errors import BadInputError


def worded(call: Call, words: Words) -> Words:
    """The words with what was given."""
    words = replace(words, text=call.get(WORDS) or words.text, title=call.get(TITLE) or words.title)
    return replace(words, link=call.get(LEADS) or words.link, picture=call.get(PICTURE) or words.picture)


async def drafted(call: Call, draft: Announcement, context: Context, by: How | None) -> Announcement:
    """The draft with what was given. Unless it is said how, what is for some people goes to them directly."""
    target = call.get(TO) or Target(draft.audience, draft.channels)
    channel = call.get(IN)
    channels = (channel,) if channel else target.channels
    given = call.get(BY)
    usual = How.DM if target.audience != EVERYONE and not channels else How.CHANNEL
    return replace(
        draft,
        words=worded(call, draft.words),
        audience=target.audience,
        channels=channels,
        how=How(given) if given else by or usual,
        moment=call.get(WHEN) or draft.moment,
        urgent={"urgent": True, "normal": False}.get(call.get(URGENCY) or "", draft.urgent),
        notify={"notify": True, "silent": False}.get(call.get(NOTIFY) or "", draft.notify),
        linked=await _linked(call, draft, context),
    )


async def _linked(call: Call, draft: Announcement, context: Context) -> tuple[int, ...]:
    """Return the linked communities it goes to, as linked at this moment; raises `BadInputError` for none."""
    where = call.get(WHERE)
    if where != "everywhere":
        return () if where else draft.linked
    found = await partners(context.work, context.attendee.community)
    linked = tuple(each.community.id for each in found if not each.why_not)
    if not linked:
        why = "".join(f" ({community_text(each.community)}: {each.why_not})" for each in found)
        raise BadInputError(f"No link with another community counts here{why}: /settings link:new begins one.")
    return linked


def check(draft: Announcement, call: Call, context: Context) -> None:
    """Whether it may go out so; raises `BadInputError`."""
    if draft.how is not How.DM and not channels_of(draft, context.attendee.community):
        message = "Where shall it be posted? Add in #channel, or set one for all: /settings announcements:#channel."
        raise BadInputError(message)
    if draft.notify and not call.request.notify:
        message = "You may not call everybody on this platform, so neither may I for you."
        raise BadInputError(message)


async def narrowed(draft: Announcement, context: Context) -> Announcement:
    """The draft for those whose link counts now."""
    gone = await lost(context.work, context.attendee.community, draft)
    return replace(draft, linked=tuple(id_ for id_ in draft.linked if id_ not in gone))


async def previewed(draft: Announcement, context: Context) -> Reply:
    """What it comes to, in every community that it is meant for."""
    work, here = context.work, context.attendee.community
    found = await work.communities.by_id(draft.communities)
    there = [found[id_] for id_ in draft.communities if id_ in found]
    gone = await lost(work, here, draft)
    counted = await preview_of(work, draft, there, context.schedule, context.now, context.outlets, gone)
    widens = bool(draft.linked) or any(not each.why_not for each in await partners(work, here))
    return preview(draft, replace(counted, widens=widens), context.schedule, reader_of(context))


async def may_be_urgent(draft: Announcement, context: Context) -> None:
    """Whether nobody who gets it had too many urgent ones within a day; raises `BadInputError`."""
    got = await context.work.announcements.count_urgent(draft.communities, context.now - timedelta(days=1))
    if got[draft.community] >= URGENT_A_DAY:
        raise BadInputError(f"{URGENT_A_DAY} urgent announcements within a day are enough: send this one normally.")
    full = [id_ for id_, number in got.items() if number >= URGENT_A_DAY]
    if full:
        known = await context.work.communities.by_id(full)
        names = " and ".join(community_text(each) for each in known.values())
        message = f"{names} had {URGENT_A_DAY} urgent announcements within a day: send it normally, or only here."
        raise BadInputError(message)


def reader_of(context: Context) -> Reader:
    """Whoever asks, as a reader of times."""
    return Reader.of(context.attendee, context.schedule)
