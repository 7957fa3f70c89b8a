"""A draft of an announcement as its organizers see it: the message, its recipients, and the next steps."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.app.messages import Button, Card, Channel, Field, Reply, Strong, Text, Typed
from bot.app.ports import AudienceCount
from bot.app.text.announcement import action_arguments, announcement_body, announcement_name, duration_text
from bot.app.text.announcement_moment import when_text
from bot.app.text.catalog import n, s, t
from bot.app.text.format import community_text, lines, listed
from bot.app.text.local_times import Reader
from bot.domain.announcements.announcement import Announcement, How
from bot.domain.announcements.audience import audience_text
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule


@dataclass(frozen=True, slots=True)
class CommunityPreview:
    """The part of an announcement that one of several communities gets.

    Attributes:
        direct: the number of direct messages there.
        channels: the ids of the channels it is posted in.
        layout: how a card looks on that platform; "" if unknown.
        why_not: why the community is skipped; "" if it is not.
    """

    community: Community
    direct: int = 0
    channels: tuple[str, ...] = ()
    layout: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The expected reach of an announcement.

    Attributes:
        size: its recipients, counted.
        channels: the ids of the channels of its own community.
        held: the number of recipients who have quiet hours at that time.
        seconds: the estimated time to send all messages.
        parts: one for each community, if it goes to several.
        widens: whether it could go to linked communities.
    """

    size: AudienceCount
    channels: tuple[str, ...]
    held: int
    seconds: float = 0
    parts: tuple[CommunityPreview, ...] = ()
    widens: bool = False

    @property
    def posts(self) -> int:
        """The number of channel posts in all communities."""
        return sum(len(part.channels) for part in self.parts) if self.parts else len(self.channels)


def preview(announcement: Announcement, expected: Preview, schedule: Schedule, reader: Reader) -> Reply:
    """The draft as its readers would see it, its recipients and times, and the buttons to change or confirm it."""
    head = t("{name} isn't sent yet. This is how it will look:", name=Strong(announcement_name(announcement)))
    body, cards = announcement_body(announcement.words, urgent=announcement.urgent)
    warning = _nobody_text(announcement, expected)
    fields = tuple(_fields(announcement, expected, schedule, reader))
    cards = (*cards, Card(s("Who gets it, and when"), fields=fields))
    return Reply(lines(warning, head, *body), cards, _buttons(announcement, expected))


def _nobody_text(announcement: Announcement, expected: Preview) -> Text:
    """Warn if no direct message goes out, or nothing at all; empty where the number could reveal a hotel."""
    if announcement.how is How.CHANNEL or expected.size.reached or announcement.audience.hotels:
        return ()
    if announcement.how is How.BOTH and expected.posts:
        no_person = Strong(s("Nobody gets this as a direct message."))
        return t("{nobody} Only the channel shows it.", nobody=no_person)
    nobody = Strong(s("Nobody gets this as it is now."))
    if expected.size.silent:
        return t(
            "{nobody} The people it is for haven't turned announcements on. Post it in a channel: add {by} "
            "and {channel}.",
            nobody=nobody,
            by=Typed("by both"),
            channel=Typed("in #general"),
        )
    return t("{nobody} Choose a wider audience with {to}.", nobody=nobody, to=Typed("to everyone"))


def _fields(announcement: Announcement, expected: Preview, schedule: Schedule, reader: Reader) -> Iterator[Field]:
    yield Field(s("To"), (audience_text(announcement.audience, schedule),))
    yield Field(s("When"), when_text(announcement, schedule, reader))
    yield Field(s("Sends"), _messages(announcement, expected))
    if expected.channels:
        yield Field(s("Posted in"), listed([(Channel(channel),) for channel in expected.channels], " "))
    if skipped := _not_direct(announcement, expected):
        yield Field(s("Not sent directly"), skipped)
    if expected.held and announcement.how is not How.CHANNEL and not announcement.urgent:
        number = announcement.audience.size_text(expected.held)
        yield Field(s("Delayed until morning"), t("{number}, in their quiet hours", number=number))
    if announcement.notify and expected.parts:
        yield Field(s("Notifies"), t("everybody in the channel, if the platform lets me; nobody in linked communities"))
    elif announcement.notify:
        yield Field(s("Notifies"), t("everybody in the channel, if the platform lets me"))
    yield from _everywhere(announcement, expected)


def urgent_confirmation(announcement: Announcement) -> Reply:
    """The second question before an urgent announcement is sent."""
    number = str(announcement.id)
    question = t("Urgent messages ignore quiet hours: phones may ring at night. Is it worth that?")
    send = Button(s("Yes, send it urgently"), "announce", action_arguments("really", number), seen=announcement.version)
    normal = {**action_arguments("change", number), "urgency": "normal"}
    return Reply((question,), buttons=(send, Button(s("No, send it normally"), "announce", normal)))


def _buttons(announcement: Announcement, expected: Preview) -> tuple[Button, ...]:
    number = str(announcement.id)
    change = action_arguments("change", number)
    urgency = (
        Button(s("Make it normal"), "announce", {**change, "urgency": "normal"})
        if announcement.urgent
        else Button(s("Make it urgent"), "announce", {**change, "urgency": "urgent"})
    )
    reach: tuple[Button, ...] = ()
    if announcement.linked:
        reach = (Button(s("Only here"), "announce", {**change, "where": "local"}),)
    elif expected.widens:
        reach = (Button(s("To linked communities too"), "announce", {**change, "where": "everywhere"}),)
    return (
        Button(s("Confirm"), "announce", action_arguments("confirm", number), seen=announcement.version, primary=True),
        Button(s("Change…"), "announce", change, asks=("text", "to", "channel", "when", "by", "title", "where")),
        Button(s("Add…"), "announce", change, asks=("by", "title", "link", "picture")),
        urgency,
        Button(s("Discard"), "announce", action_arguments("cancel", number)),
        *reach,
    )


def _messages(announcement: Announcement, expected: Preview) -> Text:
    """The messages and posts, and how long sending them takes."""
    size_text = announcement.audience.size_text(expected.size.reached)
    direct = n("{shown} direct message", "{shown} direct messages", expected.size.reached, shown=size_text)
    posts = n("{count} channel post", "{count} channel posts", expected.posts)
    time = duration_text(expected.seconds)
    match announcement.how:
        case How.DM:
            return t("{messages}, in {time}", messages=direct, time=time)
        case How.CHANNEL:
            return t("{messages}, in {time}", messages=posts, time=time)
    return t("{messages} and {posts}, in {time}", messages=direct, posts=posts, time=time)


def _everywhere(announcement: Announcement, expected: Preview) -> Iterator[Field]:
    """The part of each community if there are several, and how the message looks on other platforms."""
    for part in expected.parts:
        yield Field(community_text(part.community), _part_text(announcement, part))
    if sum(part.direct for part in expected.parts) > expected.size.reached and not announcement.audience.hotels:
        yield Field(s("No duplicates"), t("people in several communities get it once"))
    here = expected.parts[0].community.platform if expected.parts else ""
    for platform, layout in {part.community.platform: part.layout for part in expected.parts}.items():
        if platform != here and layout:
            yield Field(s("Looks on {platform}", platform=platform.capitalize()), (layout,))


def _part_text(announcement: Announcement, part: CommunityPreview) -> Text:
    if part.why_not:
        return t("skipped: {reason}", reason=part.why_not)
    texts: list[Text] = []
    if announcement.how is not How.CHANNEL:
        # For an audience by hotel, only the total over all communities is shown.
        hotels = bool(announcement.audience.hotels)
        direct = n("{count} direct message", "{count} direct messages", part.direct)
        texts.append(t("direct messages") if hotels else direct)
    if announcement.how is not How.DM:
        texts.append(_posts_text(announcement, part))
    return listed(texts)


def _posts_text(announcement: Announcement, part: CommunityPreview) -> Text:
    if not part.channels:
        return t("not posted: it has no announcements channel")
    if part.community.id == announcement.community:
        return t("posted in the channels above")
    return t("posted in its announcements channel")


def _not_direct(announcement: Announcement, expected: Preview) -> Text:
    """The number of people who get no direct message, and why."""
    if announcement.how is How.CHANNEL:
        return ()
    size_text, size = announcement.audience.size_text, expected.size
    texts: list[Text] = []
    if size.silent:
        texts.append(
            n(
                "{number} who hasn't turned announcements on",
                "{number} who haven't turned announcements on",
                size.silent,
                number=size_text(size.silent),
            )
        )
    if size.unreachable:
        texts.append(
            n(
                "{number} who blocks direct messages",
                "{number} who block direct messages",
                size.unreachable,
                number=size_text(size.unreachable),
            )
        )
    people = listed(texts)
    return (
        t("{people}. They can read it in the channel.", people=people)
        if people and announcement.how is How.BOTH
        else people
    )
