"""A draft of an announcement as its organizers see it: how it will look, whom it reaches, what can be done with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.app.messages import Button, Card, Channel, Field, Reply, Strong, Text
from bot.app.ports import AudienceCount
from bot.app.text.announcement import announcement_card, duration_text, steps
from bot.app.text.format import community_text, count, sentence
from bot.app.text.reader import Reader
from bot.domain.announcements.announcement import Announcement, How
from bot.domain.announcements.audience import audience_text
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule


@dataclass(frozen=True, slots=True)
class CommunityPreview:
    """What an announcement would come to in one of several communities.

    `direct` are its direct messages, `manner` how it looks there where that is told, `why_not` why it does not go.
    """

    community: Community
    direct: int = 0
    channels: tuple[str, ...] = ()
    manner: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an announcement would come to: whom it reaches, in how many channels, how many are held by quiet hours.

    `channels` are its community's own; `parts` are all communities, if it goes to several. It takes so many `seconds`.
    It `widens` if it could go to linked communities.
    """

    crowd: AudienceCount
    channels: tuple[str, ...]
    held: int
    seconds: float = 0
    parts: tuple[CommunityPreview, ...] = ()
    widens: bool = False

    @property
    def posts(self) -> int:
        """In all channels."""
        return sum(len(each.channels) for each in self.parts) if self.parts else len(self.channels)


def preview(announcement: Announcement, preview: Preview, schedule: Schedule, reader: Reader) -> Reply:
    """The draft as its readers would see it, what it comes to, and what can be done with it."""
    shown = announcement.audience.shown
    fields = [
        Field("To", (audience_text(announcement.audience, schedule),)),
        Field("When", when_text(announcement, schedule, reader)),
        Field("Goes out", (_way(announcement, preview),)),
    ]
    if preview.channels:
        places = tuple(part for each in preview.channels for part in (Channel(each), " "))
        fields.append(Field("Posted in", places))
    skipped = _skipped(announcement, preview)
    fields += [Field("Not sent directly", (skipped,))] if skipped else []
    if preview.held and announcement.how is not How.CHANNEL and not announcement.urgent:
        fields.append(Field("Held to the morning", (f"{shown(preview.held)}, in their quiet hours",)))
    if announcement.notify:
        elsewhere = "; nobody in linked communities" if preview.parts else ""
        fields.append(Field("Calls", (f"everybody in the channel, where the platform lets me{elsewhere}",)))
    fields += _everywhere(announcement, preview)
    head = sentence(Strong(f"Announcement {announcement.id}"), ", not sent yet. This is how it will look:")
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    return Reply((head,), (card, Card("What it comes to", fields=tuple(fields))), _drafting(announcement, preview))


def asked_again(announcement: Announcement) -> Reply:
    """An urgent one is asked about twice."""
    number = str(announcement.id)
    told_ = "Urgent passes everybody's quiet hours: phones ring at night. Is it worth that?"
    buttons = (
        Button("Yes, send it urgently", "announce", steps("really", number), seen=announcement.version),
        Button("No, normally", "announce", {**steps("change", number), "urgency": "normal"}),
    )
    return Reply((sentence(told_),), buttons=buttons)


def _drafting(announcement: Announcement, preview: Preview) -> tuple[Button, ...]:
    number = str(announcement.id)
    change = steps("change", number)
    pressing = "normal" if announcement.urgent else "urgent"
    linked = [] if announcement.linked or not preview.widens else [("To linked communities too", "everywhere")]
    linked += [("Only here", "local")] if announcement.linked else []
    return (
        Button("Confirm", "announce", steps("confirm", number), seen=announcement.version),
        Button("Change…", "announce", change, asks=("text", "title", "to", "when", "by", "where")),
        Button("Add…", "announce", change, asks=("link", "picture")),
        Button(f"Make it {pressing}", "announce", {**change, "urgency": pressing}),
        Button("Discard", "announce", steps("cancel", number)),
        *(Button(label, "announce", {**change, "where": where}) for label, where in linked),
    )


def _way(announcement: Announcement, preview: Preview) -> str:
    direct, posts = announcement.how is not How.CHANNEL, announcement.how is not How.DM
    ways = []
    if direct:
        ways.append(f"{announcement.audience.shown(preview.crowd.reached)} direct messages")
    if posts:
        ways.append(f"{count(preview.posts, 'post')} in channels")
    return " and ".join(ways) + f", {duration_text(preview.seconds)}"


def _everywhere(announcement: Announcement, preview: Preview) -> Iterator[Field]:
    """What it comes to in each of several communities, and how it looks where it looks otherwise than here."""
    for part in preview.parts:
        yield Field(community_text(part.community), (_there(announcement, part),))
    if sum(each.direct for each in preview.parts) > preview.crowd.reached and not announcement.audience.hotels:
        yield Field("Nobody twice", ("who is in several of them gets it once",))
    here = preview.parts[0].community.platform if preview.parts else ""
    for platform, manner in {each.community.platform: each.manner for each in preview.parts}.items():
        if platform != here and manner:
            yield Field(f"Looks on {platform.capitalize()}", (manner,))


def _there(announcement: Announcement, part: CommunityPreview) -> str:
    if part.why_not:
        return f"skipped: {part.why_not}"
    own = part.community.id == announcement.community
    said = []
    if announcement.how is not How.CHANNEL:
        # How many sleep where is told for all communities together, and not for each.
        hotels = bool(announcement.audience.hotels)
        said.append("direct messages" if hotels else count(part.direct, "direct message"))
    if announcement.how is not How.DM:
        where = "the channels above" if own else f"its announcements channel ({''.join(part.channels)})"
        said.append(f"posted in {where}" if part.channels else "posted nowhere: it has no announcements channel")
    return ", ".join(said)


def _skipped(announcement: Announcement, preview: Preview) -> str:
    """Nobody is written to who has not agreed; what that leaves to the channel."""
    if announcement.how is How.CHANNEL:
        return ""
    shown, crowd = announcement.audience.shown, preview.crowd
    silent = f"{shown(crowd.silent)} who have not agreed to it" if crowd.silent else ""
    refused = f"{shown(crowd.unreachable)} whose platform refuses it" if crowd.unreachable else ""
    said = ", ".join(filter(None, (silent, refused)))
    return f"{said}: they have the channel only" if said and announcement.how is How.BOTH else said


def when_text(announcement: Announcement, schedule: Schedule, reader: Reader) -> Text:
    """When it goes out."""
    moment = announcement.moment
    session = schedule.by_id.get(moment.session)
    if session:
        return (f"{moment.before} min before {session.code}",)
    return sentence(reader.day_time(moment.at)) if moment.at else ("when you confirm it",)
