"""`/settings`: how Hallway works in this community, for its organizers, and with which others it is linked."""

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
from bot.app.command_spec import ADDRESS, CHANNEL, OFFER, Access, Call, Command, Context, Effect, Param, Requirement
from bot.app.messages import Button, Card, Channel, Field, Reply, Text, Typed
from bot.app.ports import DeliveryState
from bot.app.text import Reader, community_text, sentence
from bot.domain.announcements.link import code_text
from bot.domain.attendee.attendee import Community
from bot.domain.errors import BadInputError
from bot.domain.nudges.nudge import NudgeKind, Place

REMINDERS = Param(
    "reminders", CHANNEL, "the channel in which private threads stand in for refused direct messages, or none"
)
DIGEST = Param(
    "digest",
    CHANNEL,
    "the channel in which changes of the schedule are told, or none",
    keyword="digest",
    keyword_required=True,
)
NOTICES = Param(
    "announcements",
    CHANNEL,
    "the channel in which announcements are posted, or none",
    keyword="announcements",
    keyword_required=True,
)
LINK = Param(
    "link",
    OFFER,
    "new, for a code that another community enters; or the code of another",
    keyword="link",
    keyword_required=True,
)
UNLINK = Param(
    "unlink", ADDRESS, "the linked community to part from, as PLATFORM:TENANT", keyword="unlink", keyword_required=True
)
CHANNELS = (REMINDERS, DIGEST, NOTICES)
LEADS = {each.keyword for each in (DIGEST, NOTICES, LINK, UNLINK)}
"""No channel is called so: where one is taken for a channel, the rest of the line could not be read."""
FAILED = (DeliveryState.REFUSED, DeliveryState.DEAD)
MOST_BUTTONS = 5
WRONG = "That code is wrong, was used, or is over: one works once and for an hour, so ask for another."


async def handle(call: Call, context: Context) -> Reply:
    """Change what was given, then show the settings."""
    if (word := call.get(REMINDERS)) in LEADS:
        raise BadInputError(f"I cannot read what follows {word}: /help settings shows how it is typed.")
    if (offer := call.get(LINK)) is not None:
        return await _entered(offer.code, context, agreed=offer.agreed) if offer.code else await _offered(context)
    if (parted := call.get(UNLINK)) is not None:
        await _part(*parted, context)
    before = context.attendee.community
    reminders, digest = _chosen(call, REMINDERS, before.reminders), _chosen(call, DIGEST, before.digest)
    community = replace(before, reminders=reminders, digest=digest, notices=_chosen(call, NOTICES, before.notices))
    changes = any(call.get(each) is not None for each in CHANNELS)
    if changes:
        await context.work.communities.save(community)
    if before.digest not in ("", digest):
        await context.work.deliveries.take_back(NudgeKind.SCHEDULE_DIGEST, Place(before.id, before.digest))
    known = await partners(context.work, community)
    fields = (
        Field("Conference", (context.schedule.conference.title,)),
        Field("Reminders channel", _place(reminders, "none: who refuses direct messages gets none")),
        Field("Digest channel", await _digest(community, context)),
        Field("Announcements channel", _place(community.notices, "none: each says where it is posted")),
        *_linked(known),
    )
    head = "The link is undone." if parted else "Kept." if changes else "How I work in this community:"
    return Reply((sentence(head),), (Card("Settings", fields=fields),), tuple(map(_parting, known[:MOST_BUTTONS])))


def _place(channel: str, none: str) -> Text:
    return (Channel(channel),) if channel else (none,)


def _chosen(call: Call, param: Param[str], now_is: str) -> str:
    channel = call.get(param)
    return now_is if channel is None else "" if channel == "none" else channel


async def _digest(community: Community, context: Context) -> Text:
    """Where changes are told, and why the last one is not there."""
    if not community.digest:
        return ("none: changes are told only to those concerned",)
    posted = await context.work.deliveries.at(Place(community.id, community.digest))
    last = posted[-1] if posted else None
    failed = f", but the last message could not be posted: {last.error}" if last and last.state in FAILED else ""
    return sentence(Channel(community.digest), failed)


# Linked communities.


def _linked(known: Sequence[Partner]) -> Sequence[Field]:
    if not known:
        return (Field("Linked communities", sentence("none: ", Typed("/settings link:new"), " begins that")),)
    return [Field(f"Linked with {community_text(each.community)}", (_counts(each),)) for each in known]


def _counts(partner: Partner) -> str:
    if partner.why_not:
        return f"does not count now: {partner.why_not}"
    where = "" if partner.community.notices else "; it has chosen no announcements channel yet"
    return f"the organizers of either can announce to both{where}"


def _parting(partner: Partner) -> Button:
    other = partner.community
    address = f"unlink {other.platform}:{other.tenant}"
    return Button(f"Undo the link with {other.called}", "settings", {"unlink": address})


async def _part(platform: str, tenant: str, context: Context) -> None:
    other = await context.work.communities.get(platform, tenant)
    if other is None:
        raise BadInputError(f"There is no community {platform}:{tenant} here.")
    await unlink(context.work, context.attendee.community, other, context.now, context.attendee)


async def _offered(context: Context) -> Reply:
    """A code, and what whoever has it can do. Giving it away is this side's consent."""
    here, conference = context.attendee.community, context.schedule.conference
    if not conference.slug:
        raise BadInputError("This community follows no conference yet, and a link is for one: /conference chooses it.")
    line = f"/settings link:{code_text(await offered(context.work, here, context.now))}"
    until = Reader.of(context.attendee, context.schedule).day_time(context.now + OFFER_LASTS)
    told = ("An organizer of another community that follows ", conference.title, " types this there, once, until ")
    then = "They are shown what it means and have to agree. Nothing is linked before; give it to nobody else."
    return Reply((sentence(*told, until, ": ", Typed(line)), sentence(then)), (_meaning(here, None),))


async def _entered(code: str, context: Context, *, agreed: bool) -> Reply:
    """What the code of another community means; once that is agreed to, both are linked.

    What is wrong here is no fault, so that it is kept that it was tried.
    """
    work, here, now = context.work, context.attendee.community, context.now
    if not await may_try(work, here, now):
        limited = f"Codes were entered here {MOST_TRIES} times within an hour: try again later."
        return Reply((sentence(limited),), is_error=True)
    other = await offerer(work, code, now, take=agreed)
    if other is None:
        return Reply((sentence(WRONG),), is_error=True)
    if not agreed:
        await check_pair(work, here, other)
        head = sentence("That is the code of ", community_text(other), ". Nothing is linked yet: do you agree to this?")
        consent = Button("Agree and link", "settings", {"link": f"link {code_text(code)} agree"})
        return Reply((head,), (_meaning(here, other),), (consent,))
    await link(work, here, other, now, context.attendee)
    known = [each for each in await partners(work, here) if each.community.id == other.id]
    names = f"{here.called} and {community_text(other)}"
    told = sentence(f"{names} are linked. ", Typed("everywhere"), " in ", Typed("/announce"), " goes to both.")
    return Reply((told,), buttons=tuple(map(_parting, known)))


def _meaning(here: Community, other: Community | None) -> Card:
    """Who will be able to announce to whom."""
    there = community_text(other) if other else "that community"
    lines = (
        f"Organizers of {there} can announce in your announcements channel, and directly to those here who agreed.",
        f"Organizers of {here.called} can announce to {there} in the same way.",
        "The other side sees how many people here an announcement reaches, and no names, plans or hotels.",
        "Nobody is called by a mention, and both logs have it.",
        "It counts while both follow this conference, for these two alone, and either side can undo it in /settings.",
    )
    return Card("What the link means", tuple(map(sentence, lines)))


COMMAND = Command(
    "settings",
    "How I work in this community",
    handle,
    (*CHANNELS, LINK, UNLINK),
    access=Access.ORGANIZERS,
    effect=Effect.WRITE,
    requires=Requirement.COMMUNITY,
    examples=("/settings", "/settings digest #news", "/settings reminders:none", "/settings link:new"),
)
