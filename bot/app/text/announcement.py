"""An announcement as its readers see it, and as its organizers follow it once it goes out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.app.messages import Button, Card, Field, Part, Reply, Strong, Text, Typed
from bot.app.ports import DeliveryState, DeliveryStats
from bot.app.text.format import community_text, sentence
from bot.domain.announcements.announcement import OVER, Announcement, Job, Stage, Words
from bot.domain.announcements.audience import reason_text
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule

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


def posted(announcement: Announcement, origin: Community | None = None) -> Reply:
    """As it stands in a channel; where it comes from a linked community, `origin`, it says so and calls nobody."""
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    get_it = Button("Get these directly", "news", {"switch": "on"})
    lines = (sentence(f"From {community_text(origin)}, which is linked with this community."),) if origin else ()
    calls = announcement.notify and origin is None
    return Reply(lines, (card,), (get_it,), private=False, notify=calls)


def told(
    announcement: Announcement, community: Community, schedule: Schedule, origin: Community | None = None
) -> Reply:
    """As somebody gets it directly, with why they do, where it comes from if it is linked, and how they stop that."""
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    by = f", and {community_text(origin)} is linked with it" if origin else ""
    reason = reason_text(announcement.audience, schedule)
    reason = f"{reason}. It comes from {community_text(origin)}" if reason and origin else reason
    reason = reason or f"you get what {community.called} announces{by}"
    mute = Button("Mute announcements", "news", {"switch": "off"})
    return Reply((sentence(f"You get this because {reason}."),), (card,), (mute,))


def duration_text(seconds: float) -> str:
    """How long something takes: `about 9 min`."""
    return "in less than a minute" if seconds < 60 else f"about {round(seconds / 60)} min"  # noqa: PLR2004 — a minute


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an announcement: over all, in each community if it was meant for several, and where it is not."""

    tally: DeliveryStats
    delays: tuple[timedelta, timedelta] | None = None
    parts: tuple[tuple[Community, DeliveryStats], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


def progress(announcement: Announcement, tally: DeliveryStats, seconds: float) -> Reply:
    """How far it is, in one message that is edited as it goes on; the rest takes so many `seconds`."""
    shown, sent = announcement.audience.shown, tally.states.get(DeliveryState.SENT, 0)
    lost = sum(tally.states.get(state, 0) for state in LOST)
    head = sentence(Strong(f"Announcement {announcement.id}"), f": {stage_text(announcement)}.")
    share = (tally.total - tally.left) / tally.total if tally.total else float(announcement.stage in OVER)
    bar = "█" * int(share * BAR) + "░" * (BAR - int(share * BAR))
    figures = f"{bar} sent {shown(sent)} · left {shown(tally.left)} · failed {shown(lost)}"
    if announcement.stage is Stage.GOING and tally.left:
        figures += f" · {duration_text(seconds)}"
    return Reply((head, (figures,)), buttons=_steering(announcement))


def steps(action: str, number: str) -> dict[str, str]:
    """What a button does with the announcement of that number."""
    return {"action": action, "number": number}


def _steering(announcement: Announcement) -> tuple[Button, ...]:
    number, show = str(announcement.id), Button("Details", "announce", steps("show", str(announcement.id)))
    cancel = Button("Cancel the rest", "announce", steps("cancel", number))
    match announcement.stage:
        case Stage.GOING:
            return (Button("Pause", "announce", steps("pause", number)), cancel, show)
        case Stage.PAUSED:
            return (Button("Resume", "announce", steps("resume", number)), cancel, show)
        case Stage.PLANNED:
            return (Button("Cancel", "announce", steps("cancel", number)), show)
    return (
        Button("Report", "announce", steps("report", number)),
        Button("Recall", "announce", steps("recall", number)),
    )


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


def report_card(announcement: Announcement, report: Report) -> Card:
    """What became of it."""
    shown, tally = announcement.audience.shown, report.tally
    reasons = sorted(tally.reasons.items(), key=lambda each: (-each[1], each[0]))[:MOST_REASONS]
    fields = [
        Field("Messages", (_states(announcement, tally),)),
        *([Field("Another way than a direct message", (shown(tally.instead),))] if tally.instead else []),
        *(Field(community_text(where), (_there(announcement, part),)) for where, part in report.parts),
        *(Field(name, (f"skipped: {why}",)) for name, why in report.skipped),
        *(Field(shown(number), (why,)) for why, number in reasons),
    ]
    if report.delays:
        middle, last = (f"{delay.total_seconds():.1f} s" for delay in report.delays)
        fields.append(Field("Delay", (f"median {middle}, 99th percentile {last}",)))
    return Card(f"Announcement {announcement.id} {stage_text(announcement)}", fields=tuple(fields))


def _states(announcement: Announcement, tally: DeliveryStats) -> str:
    shown, states = announcement.audience.shown, ((state, state.value) for state in DeliveryState)
    return (
        ", ".join(f"{shown(tally.states[state])} {name}" for state, name in states if tally.states.get(state)) or "none"
    )


def _there(announcement: Announcement, tally: DeliveryStats) -> str:
    """What became of it in one of several communities; where a hotel is asked for that would tell too much."""
    if announcement.audience.hotels:
        return "in the sums above: how many sleep where is not told for each community"
    instead = f", {tally.instead:,} another way than a direct message" if tally.instead else ""
    return _states(announcement, tally) + instead
