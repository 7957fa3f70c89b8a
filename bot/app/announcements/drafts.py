"""Drafts of announcements: made from what the organizer typed, checked, and shown with a preview."""

from dataclasses import replace
from datetime import timedelta

from bot.app.announcements.links import lost, partners
from bot.app.announcements.recipients import channels_of, preview_of
from bot.app.command_spec import Call, Context, Target
from bot.app.command_spec.announcement import BY, IN, LEADS, NOTIFY, PICTURE, TITLE, TO, URGENCY, WHEN, WHERE, WORDS
from bot.app.messages import Reply
from bot.app.text import Reader, community_text, preview, s
from bot.domain.announcements.announcement import URGENT_A_DAY, Announcement, How, Words
from bot.domain.announcements.audience import EVERYONE
from bot.domain.errors import BadInputError


def worded(call: Call, words: Words) -> Words:
    """Return the wording, updated with the typed arguments."""
    words = replace(words, text=call.get(WORDS) or words.text, title=call.get(TITLE) or words.title)
    return replace(words, link=call.get(LEADS) or words.link, picture=call.get(PICTURE) or words.picture)


async def drafted(call: Call, draft: Announcement, context: Context, by: How | None) -> Announcement:
    """Return the draft, updated with the typed arguments.

    By default, an announcement to some people is sent as direct messages.
    """
    target = call.get(TO) or Target(draft.audience, draft.channels)
    channel = call.get(IN)
    channels = (channel,) if channel else target.channels
    typed = call.get(BY)
    usual = How.DM if target.audience != EVERYONE and not channels else How.CHANNEL
    return replace(
        draft,
        words=worded(call, draft.words),
        audience=target.audience,
        channels=channels,
        how=How(typed) if typed else by or usual,
        moment=call.get(WHEN) or draft.moment,
        urgent={"urgent": True, "normal": False}.get(call.get(URGENCY) or "", draft.urgent),
        notify={"notify": True, "silent": False}.get(call.get(NOTIFY) or "", draft.notify),
        linked=await _linked(call, draft, context),
    )


async def _linked(call: Call, draft: Announcement, context: Context) -> tuple[int, ...]:
    """Return the linked communities that the announcement goes to, as linked now; raises `BadInputError` for none."""
    where = call.get(WHERE)
    if where != "everywhere":
        return () if where else draft.linked
    candidates = await partners(context.work, context.attendee.community)
    linked = tuple(partner.community.id for partner in candidates if not partner.why_not)
    if not linked:
        why = "".join(f" ({community_text(partner.community)}: {partner.why_not})" for partner in candidates)
        raise BadInputError(
            s("No community is linked with this one right now{reasons}. To link one: /settings link:new", reasons=why)
        )
    return linked


def check(draft: Announcement, call: Call, context: Context) -> None:
    """Raise `BadInputError` if the announcement cannot be sent as it is."""
    if draft.how is not How.DM and not channels_of(draft, context.attendee.community):
        raise BadInputError(
            s("Where shall I post it? Add in #channel, or choose one for all with /settings announcements:#channel.")
        )
    if draft.notify and not call.request.notify:
        raise BadInputError(s("You can't notify everybody on this platform, so I can't do it for you."))


def check_time(draft: Announcement, context: Context) -> None:
    """Raise `BadInputError` if the session or day that sets the time is over, or does not take place."""
    if not draft.moment.follows:
        return
    latest = draft.moment.latest(context.schedule)
    if latest is None:
        raise BadInputError(
            s("This announcement is tied to something that does not take place. Choose another time, or now.")
        )
    if context.now > latest:
        raise BadInputError(s("The time of this announcement has passed. Choose another time, or now."))


async def narrowed(draft: Announcement, context: Context) -> Announcement:
    """Return the draft without the communities whose link is inactive now."""
    reasons = await lost(context.work, context.attendee.community, draft)
    return replace(draft, linked=tuple(id_ for id_ in draft.linked if id_ not in reasons))


async def previewed(draft: Announcement, context: Context) -> Reply:
    """Return the preview: its recipients in every community."""
    work, here = context.work, context.attendee.community
    communities = await work.communities.by_id(draft.communities)
    present = [communities[id_] for id_ in draft.communities if id_ in communities]
    reasons = await lost(work, here, draft)
    counted = await preview_of(work, draft, present, context.schedule, context.now, context.outlets, reasons)
    widens = bool(draft.linked) or any(not partner.why_not for partner in await partners(work, here))
    return preview(draft, replace(counted, widens=widens), context.schedule, reader_of(context))


async def may_be_urgent(draft: Announcement, context: Context) -> None:
    """Raise `BadInputError` if a community had too many urgent announcements within a day."""
    urgent_counts = await context.work.announcements.count_urgent(draft.communities, context.now - timedelta(days=1))
    if urgent_counts[draft.community] >= URGENT_A_DAY:
        raise BadInputError(
            s("You already sent {count} urgent announcements today. Send this one normally.", count=URGENT_A_DAY)
        )
    full = [id_ for id_, number in urgent_counts.items() if number >= URGENT_A_DAY]
    if full:
        communities = await context.work.communities.by_id(full)
        names = " and ".join(community_text(community) for community in communities.values())
        raise BadInputError(
            s(
                "{communities} got {count} urgent announcements today. Send this one normally, or only here.",
                communities=names,
                count=URGENT_A_DAY,
            )
        )


def reader_of(context: Context) -> Reader:
    """Return the time zones in which the author reads times."""
    return Reader.of(context.attendee, context.schedule)
