"""`/settings`: the channels of the community, its links and numbers, and the title and lines of the conference."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.announcements.links import (
    MOST_TRIES,
    OFFER_LASTS,
    Partner,
    check_pair,
    link,
    may_try,
    offered,
    offerer,
    partners,
    unlink,
)
from bot.app.command_spec import (
    ADDRESS,
    CHANNEL,
    OFFER,
    Access,
    Call,
    Command,
    Context,
    Effect,
    Param,
    Requirement,
    choice,
)
from bot.app.editing.conference_settings import PARAMS, change_settings, line_fields, wants_change, weather_fields
from bot.app.messages import Button, Card, Channel, Field, Reply, Text, Typed
from bot.app.ports import DeliveryState
from bot.app.schedules.numbers import numbers_of
from bot.app.text import Reader, community_text, numbers_reply, s, t, walks_reply
from bot.app.text.web_side import page_name
from bot.domain.announcements.link import code_text
from bot.domain.attendee.attendee import Community
from bot.domain.errors import BadInputError
from bot.domain.nudges.nudge import ChannelTarget, NudgeKind

REMINDERS = Param(
    "reminders",
    CHANNEL,
    "channel for private threads with people who block direct messages, or none",
    keyword="reminders",
    keyword_required=True,
)
DIGEST = Param("digest", CHANNEL, "channel for schedule changes, or none", keyword="digest", keyword_required=True)
NOTICES = Param(
    "announcements", CHANNEL, "channel for announcements, or none", keyword="announcements", keyword_required=True
)
LINK = Param(
    "link",
    OFFER,
    "new, to get a code for another community; or the code that you got",
    keyword="link",
    keyword_required=True,
)
UNLINK = Param(
    "unlink", ADDRESS, "the community to unlink, as PLATFORM:TENANT", keyword="unlink", keyword_required=True
)
PAGE = Param(
    "page",
    choice("on", "off"),
    "a public web page with the schedule, without people",
    keyword="page",
    keyword_required=True,
)
FEEDBACK = Param(
    "feedback",
    choice("on", "off"),
    "ask whether sessions were useful, and whether rooms are full",
    keyword="feedback",
    keyword_required=True,
)
NUMBERS = Param("numbers", choice("numbers"), "how many people use Hallway, and how well it works; without names")
WALKS = Param("walks", choice("walks"), "whether the promised walking times were right; without names")
CHANNELS = (REMINDERS, DIGEST, NOTICES)
FAILED = (DeliveryState.REFUSED, DeliveryState.DEAD)
MOST_BUTTONS = 5


async def handle(call: Call, context: Context) -> Reply:
    """Store the given settings, then show all of them; or show the numbers of the community."""
    if call.get(NUMBERS) is not None:
        return await _numbers(context)
    if call.get(WALKS) is not None:
        return await _walks(context)
    if (offer := call.get(LINK)) is not None:
        return await _entered(offer.code, context, agreed=offer.agreed) if offer.code else await _offered(context)
    changes = await change_settings(call, context) if wants_change(call) else []
    schedule = changes[-1].after if changes else context.schedule
    if (parted := call.get(UNLINK)) is not None:
        await _part(*parted, context)
    before = context.attendee.community
    reminders, digest = _chosen(call, REMINDERS, before.reminders), _chosen(call, DIGEST, before.digest)
    community = replace(before, reminders=reminders, digest=digest, notices=_chosen(call, NOTICES, before.notices))
    wanted = call.get(FEEDBACK)
    asks = before.feedback if wanted is None else wanted == "on"
    community = replace(community, page=_page(call, before, context), feedback=asks)
    is_changed = any(call.get(param) is not None for param in (*CHANNELS, PAGE, FEEDBACK))
    if is_changed:
        await context.work.communities.save(community)
    if before.digest is not None and before.digest != digest:
        await context.work.deliveries.take_back(NudgeKind.SCHEDULE_DIGEST, ChannelTarget(before.id, before.digest))
    linked = await partners(context.work, community)
    fields = (
        Field(s("Conference"), (schedule.conference.title,)),
        Field(s("Reminders channel"), _reminders(reminders)),
        Field(s("Digest channel"), await _digest(community, context)),
        Field(s("Announcements channel"), _announcements(community.notices)),
        *(line_fields(schedule) if schedule.conference.slug else ()),
        *weather_fields(schedule, context.today),
        *_page_fields(community, context),
        Field(s("Feedback"), _feedback(community)),
        *_linked(linked),
    )
    head = t("Saved.") if is_changed or changes else t("How I work in this community:")
    head = t("The link is removed.") if parted else head
    buttons = (*(change.undo for change in changes), *map(_unlink_button, linked[:MOST_BUTTONS]))
    return Reply((head,), (Card(s("Settings"), fields=fields),), buttons)


async def _numbers(context: Context) -> Reply:
    if not context.schedule.conference.slug:
        raise BadInputError(s("Choose a conference first with /conference: the numbers are about one conference."))
    numbers = await numbers_of(context.work, context.attendee.community, context.schedule)
    return numbers_reply(numbers, Reader.of(context.attendee, context.schedule))


def _page(call: Call, community: Community, context: Context) -> str | None:
    """The name of the public page after the command. It stays the same while the page is on."""
    wanted = call.get(PAGE)
    if wanted is None or (wanted == "on" and community.page):
        return community.page
    if wanted == "off":
        return None
    if context.web is None:
        raise BadInputError(s("There is no web address here. Ask the operator to set HALLWAY_PUBLIC_URL."))
    # With its number, because two communities may have the same name.
    return f"{page_name(community.called) or community.platform}-{community.id}"


def _page_fields(community: Community, context: Context) -> Sequence[Field]:
    if context.web is None:
        return ()
    off = t("off. To show the schedule to everybody: {on}", on=Typed("/settings page:on"))
    return (Field(s("Public page"), (context.web.community(community.page),) if community.page else off),)


def _feedback(community: Community) -> Text:
    if community.feedback:
        return t("on. {numbers} shows counts of five people or more.", numbers=Typed("/settings numbers"))
    return t("off. To ask people: {on}", on=Typed("/settings feedback:on"))


async def _walks(context: Context) -> Reply:
    conference = context.schedule.conference
    if not conference.slug:
        raise BadInputError(s("Choose a conference first with /conference: the walks are those of one conference."))
    promises = await context.work.walks.promises(conference.slug)
    return walks_reply(conference.title, promises, Reader.of(context.attendee, context.schedule), context.now)


def _reminders(channel: str | None) -> Text:
    return (Channel(channel),) if channel else t("not set. People who block direct messages get no reminders.")


def _announcements(channel: str | None) -> Text:
    return (Channel(channel),) if channel else t("not set. Name a channel in each announcement.")


def _chosen(call: Call, param: Param[str], before: str | None) -> str | None:
    typed = call.get(param)
    if typed is None:
        return before
    return None if typed == "none" else typed


async def _digest(community: Community, context: Context) -> Text:
    """The digest channel, with the reason if the last digest could not be posted."""
    if community.digest is None:
        return t("not set. Only affected people hear about changes.")
    posted = await context.work.deliveries.of_channel(ChannelTarget(community.id, community.digest))
    last = posted[-1] if posted else None
    channel = Channel(community.digest)
    if last and last.state in FAILED:
        return t("{channel}, but I couldn't post the last message: {reason}", channel=channel, reason=last.error)
    return (channel,)


# Linked communities.


def _linked(linked: Sequence[Partner]) -> Sequence[Field]:
    if not linked:
        return (Field(s("Linked communities"), t("none. To link one: {link}", link=Typed("/settings link:new"))),)
    return [
        Field(s("Linked with {community}", community=community_text(partner.community)), _link_text(partner))
        for partner in linked
    ]


def _link_text(partner: Partner) -> Text:
    if partner.why_not:
        return t("inactive: {reason}", reason=partner.why_not)
    if partner.community.notices:
        return t("organizers of both can announce to both")
    return t("organizers of both can announce to both, but it has no announcements channel yet")


def _unlink_button(partner: Partner) -> Button:
    other = partner.community
    address = f"unlink {other.platform}:{other.tenant}"
    return Button(s("Unlink {community}", community=other.called), "settings", {"unlink": address})


async def _part(platform: str, tenant: str, context: Context) -> None:
    other = await context.work.communities.get(platform, tenant)
    if other is None:
        raise BadInputError(s("I don't know the community {address}.", address=f"{platform}:{tenant}"))
    await unlink(context.work, context.attendee.community, other, context.now, context.attendee)


async def _offered(context: Context) -> Reply:
    """A new code with an explanation. Giving it to another community is the consent of this side."""
    here, conference = context.attendee.community, context.schedule.conference
    if not conference.slug:
        raise BadInputError(s("Choose a conference first with /conference: a link is for one conference."))
    line = f"/settings link:{code_text(await offered(context.work, here, context.now))}"
    until = Reader.of(context.attendee, context.schedule).day_time(context.now + OFFER_LASTS)
    text = t(
        "Ask an organizer of another community that follows {conference} to type this there by {time}: {line}",
        conference=conference.title,
        time=until,
        line=Typed(line),
    )
    warning = t("It works once. They have to agree before anything is linked. Share it with nobody else.")
    return Reply((text, warning), (_meaning(here, None),))


async def _entered(code: str, context: Context, *, agreed: bool) -> Reply:
    """Explain the link of a code; after the consent, link both communities.

    A wrong code is an error reply and no exception: the transaction commits, so the attempt is counted.
    """
    work, here, now = context.work, context.attendee.community, context.now
    if not await may_try(work, here, now):
        return Reply((t("You tried {count} codes within an hour. Try again later.", count=MOST_TRIES),), is_error=True)
    other = await offerer(work, code, now, take=agreed)
    if other is None:
        wrong = t("That code is wrong or no longer valid. A code works once, for an hour. Ask for a new one.")
        return Reply((wrong,), is_error=True)
    if not agreed:
        await check_pair(work, here, other)
        head = t("This code is from {community}. Nothing is linked yet. Do you agree?", community=community_text(other))
        consent = Button(s("Agree and link"), "settings", {"link": f"link {code_text(code)} agree"})
        return Reply((head,), (_meaning(here, other),), (consent,))
    await link(work, here, other, now, context.attendee)
    linked = [partner for partner in await partners(work, here) if partner.community.id == other.id]
    text = t(
        "{here} and {other} are linked. To announce to both, add {everywhere} to {announce}.",
        here=here.called,
        other=community_text(other),
        everywhere=Typed("everywhere"),
        announce=Typed("/announce"),
    )
    return Reply((text,), buttons=tuple(map(_unlink_button, linked)))


def _meaning(here: Community, other: Community | None) -> Card:
    """What a link allows."""
    there = community_text(other) if other else s("that community")
    return Card(
        s("What the link means"),
        (
            t(
                "Organizers of {other} can announce in your announcements channel, and to people here who agreed.",
                other=there,
            ),
            t("Organizers of {here} can announce to {other} in the same way.", here=here.called, other=there),
            t("The other side sees how many people here an announcement reaches, but no names, plans or hotels."),
            t("Nobody is notified by a mention, and both logs record it."),
            t(
                "The link works while both follow this conference. Either side can remove it in {settings}.",
                settings=Typed("/settings"),
            ),
        ),
    )


COMMAND = Command(
    "settings",
    "Channels, links and numbers of this community",
    handle,
    (*CHANNELS, PAGE, FEEDBACK, LINK, UNLINK, NUMBERS, WALKS, *PARAMS),
    access=Access.ORGANIZERS,
    effect=Effect.WRITE_AND_DELIVER,
    requires=Requirement.COMMUNITY,
    examples=(
        "/settings",
        "/settings digest #news",
        "/settings reminders:none",
        "/settings check-in 10 for workshop",
        "/settings weather rain tomorrow",
        "/settings page:on",
        "/settings feedback:on",
        "/settings link:new",
        "/settings numbers",
        "/settings walks",
    ),
)
