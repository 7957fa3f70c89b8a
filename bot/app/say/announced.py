"""An announcement as its readers see it, and as its organizers follow it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isinf

from bot.app.messages import Button, Card, Channel, Field, Part, Reply, Strong, Text, Typed
from bot.app.ports import Crowd, DeliveryState, Tally
from bot.app.say.reader import Reader
from bot.app.say.words import count, sentence
from bot.domain.announcement import OVER, Announcement, How, Job, Stage, Words
from bot.domain.attendee import Community
from bot.domain.audience import audience_text, reason_text
from bot.domain.schedule import Schedule

BAR = 20
MOST_REASONS = 6
_LIGHT = re.compile(r"\*\*(?P<two>[^*\n]+)\*\*|\*(?P<one>[^*\n]+)\*|`(?P<typed>[^`\n]+)`")
LOST = (DeliveryState.REFUSED, DeliveryState.DEAD, DeliveryState.UNCERTAIN, DeliveryState.EXPIRED)


def formatted(text: str) -> tuple[Text, ...]:
    """Lines of text in which `*this*` and `**this**` stand out and what is between backticks can be typed."""
    return tuple(tuple(_light(line)) for line in text.split("\n") if line.strip())


def _light(line: str) -> Iterator[Part]:
    end = 0
    for match in _LIGHT.finditer(line):
        if match.start() > end:
            yield line[end : match.start()]
        strong = match["two"] or match["one"]
        yield Strong(strong) if strong else Typed(match["typed"])
        end = match.end()
    if line[end:]:
        yield line[end:]


def announcement_card(words: Words, *, urgent: bool) -> Card:
    """What it says."""
    title = words.title or "Announcement"
    return Card(f"Urgent: {title}" if urgent else title, formatted(words.text), link=words.link, picture=words.picture)


def posted(announcement: Announcement) -> Reply:
    """As it stands in a channel."""
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    get_it = Button("Get these directly", "news", {"switch": "on"})
    return Reply(cards=(card,), buttons=(get_it,), private=False, notify=announcement.notify)


def told(announcement: Announcement, community: Community, schedule: Schedule) -> Reply:
    """As somebody gets it directly, with why they do and how they stop that."""
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    reason = reason_text(announcement.audience, schedule) or f"you get what {community.called} announces"
    mute = Button("Mute announcements", "news", {"switch": "off"})
    return Reply((sentence(f"You get this because {reason}."),), (card,), (mute,))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an announcement would come to: whom it reaches, in how many channels, how many are held by quiet hours."""

    crowd: Crowd
    channels: tuple[str, ...]
    held: int


def preview(announcement: Announcement, outlook: Outlook, schedule: Schedule, reader: Reader, a_second: float) -> Reply:
    """The draft as its readers would see it, what it comes to, and what can be done with it."""
    shown = announcement.audience.shown
    fields = [
        Field("To", (audience_text(announcement.audience, schedule),)),
        Field("When", when_text(announcement, schedule, reader)),
        Field("Goes out", (_way(announcement, outlook, a_second),)),
    ]
    if outlook.channels:
        places = tuple(part for each in outlook.channels for part in (Channel(each), " "))
        fields.append(Field("Posted in", places))
    skipped = _skipped(announcement, outlook)
    fields += [Field("Not sent directly", (skipped,))] if skipped else []
    if outlook.held and announcement.how is not How.CHANNEL and not announcement.urgent:
        fields.append(Field("Held to the morning", (f"{shown(outlook.held)}, in their quiet hours",)))
    if announcement.notify:
        fields.append(Field("Calls", ("everybody in the channel, where the platform lets me",)))
    head = sentence(Strong(f"Announcement {announcement.id}"), ", not sent yet. This is how it will look:")
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    return Reply((head,), (card, Card("What it comes to", fields=tuple(fields))), _drafting(announcement))


def asked_again(announcement: Announcement) -> Reply:
    """An urgent one is asked about twice."""
    number = str(announcement.id)
    told_ = "Urgent passes everybody's quiet hours: phones ring at night. Is it worth that?"
    buttons = (
        Button("Yes, send it urgently", "announce", _of("really", number), seen=announcement.version),
        Button("No, normally", "announce", {**_of("change", number), "urgency": "normal"}),
    )
    return Reply((sentence(told_),), buttons=buttons)


def _drafting(announcement: Announcement) -> tuple[Button, ...]:
    number = str(announcement.id)
    change = _of("change", number)
    pressing = "normal" if announcement.urgent else "urgent"
    return (
        Button("Confirm", "announce", _of("confirm", number), seen=announcement.version),
        Button("Change…", "announce", change, asks=("text", "title", "to", "when", "by")),
        Button("Add…", "announce", change, asks=("link", "picture")),
        Button(f"Make it {pressing}", "announce", {**change, "urgency": pressing}),
        Button("Discard", "announce", _of("cancel", number)),
    )


def _of(action: str, number: str) -> dict[str, str]:
    return {"action": action, "number": number}


def _way(announcement: Announcement, outlook: Outlook, a_second: float) -> str:
    direct, posts = announcement.how is not How.CHANNEL, announcement.how is not How.DM
    ways = []
    if direct:
        ways.append(f"{announcement.audience.shown(outlook.crowd.reached)} direct messages")
    if posts:
        ways.append(f"{count(len(outlook.channels), 'post')} in channels")
    return " and ".join(ways) + f", {duration_text(outlook.crowd.reached if direct else 0, a_second)}"


def duration_text(messages: int, a_second: float) -> str:
    """How long the platform takes for so many: `about 9 min`."""
    seconds = 0.0 if isinf(a_second) else messages / a_second
    return "in less than a minute" if seconds < 60 else f"about {round(seconds / 60)} min"  # noqa: PLR2004 — a minute


def _skipped(announcement: Announcement, outlook: Outlook) -> str:
    """Nobody is written to who has not agreed; what that leaves to the channel."""
    if announcement.how is How.CHANNEL:
        return ""
    shown, crowd = announcement.audience.shown, outlook.crowd
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


def progress(announcement: Announcement, tally: Tally, a_second: float) -> Reply:
    """How far it is, in one message that is edited as it goes on."""
    shown, sent = announcement.audience.shown, tally.states.get(DeliveryState.SENT, 0)
    lost = sum(tally.states.get(state, 0) for state in LOST)
    head = sentence(Strong(f"Announcement {announcement.id}"), f": {stage_text(announcement)}.")
    share = (tally.total - tally.left) / tally.total if tally.total else float(announcement.stage in OVER)
    bar = "█" * int(share * BAR) + "░" * (BAR - int(share * BAR))
    figures = f"{bar} sent {shown(sent)} · left {shown(tally.left)} · failed {shown(lost)}"
    if announcement.stage is Stage.GOING and tally.left:
        figures += f" · {duration_text(tally.left, a_second)}"
    return Reply((head, (figures,)), buttons=_steering(announcement))


def _steering(announcement: Announcement) -> tuple[Button, ...]:
    number, show = str(announcement.id), Button("Details", "announce", _of("show", str(announcement.id)))
    cancel = Button("Cancel the rest", "announce", _of("cancel", number))
    match announcement.stage:
        case Stage.GOING:
            return (Button("Pause", "announce", _of("pause", number)), cancel, show)
        case Stage.PAUSED:
            return (Button("Resume", "announce", _of("resume", number)), cancel, show)
        case Stage.PLANNED:
            return (Button("Cancel", "announce", _of("cancel", number)), show)
    return (Button("Report", "announce", _of("report", number)), Button("Recall", "announce", _of("recall", number)))


STAGES: Mapping[Stage, str] = {
    Stage.DRAFT: "a draft",
    Stage.ASKED: "a draft",
    Stage.PLANNED: "waits for its time",
    Stage.GOING: "is going out",
    Stage.PAUSED: "is paused",
    Stage.DONE: "is out",
    Stage.CANCELLED: "is cancelled",
}


def stage_text(announcement: Announcement) -> str:
    """How far it has come, in words."""
    if announcement.job:
        return "is being recalled" if announcement.job is Job.RECALL else "is being corrected where it was sent"
    why = f": {announcement.why}" if announcement.why else ""
    return STAGES[announcement.stage] + why


def report_card(announcement: Announcement, tally: Tally, delays: tuple[timedelta, timedelta] | None) -> Card:
    """What became of it."""
    shown = announcement.audience.shown
    names = ((state, state.value) for state in DeliveryState)
    states = [f"{shown(tally.states[state])} {name}" for state, name in names if tally.states.get(state)]
    reasons = sorted(tally.reasons.items(), key=lambda each: (-each[1], each[0]))[:MOST_REASONS]
    fields = [
        Field("Messages", (", ".join(states) or "none",)),
        *([Field("Another way than a direct message", (shown(tally.instead),))] if tally.instead else []),
        *(Field(shown(number), (why,)) for why, number in reasons),
    ]
    if delays:
        middle, last = (f"{delay.total_seconds():.1f} s" for delay in delays)
        fields.append(Field("Delay", (f"median {middle}, 99th percentile {last}",)))
    return Card(f"Announcement {announcement.id} {stage_text(announcement)}", fields=tuple(fields))
