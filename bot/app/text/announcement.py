"""An announcement as its readers see it, and as its organizers follow it while it is sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.app.messages import Button, Card, Field, Part, Reply, Strong, Text, Typed
from bot.app.ports import DeliveryState, DeliveryStats
from bot.app.text.catalog import s, t
from bot.app.text.format import community_text, lines
from bot.domain.announcements.announcement import OVER, Announcement, Job, Stage, Words
from bot.domain.announcements.audience import reason_text
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule

BAR = 20
MOST_REASONS = 6
_LIGHT = re.compile(r"\*\*(?P<two>[^*\n]+)\*\*|\*(?P<one>[^*\n]+)\*|`(?P<typed>[^`\n]+)`")
LOST = (DeliveryState.REFUSED, DeliveryState.DEAD, DeliveryState.UNCERTAIN, DeliveryState.EXPIRED)


def formatted(text: str) -> tuple[Text, ...]:
    """Lines of text: `*this*` and `**this**` stand out, text between backticks can be typed."""
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
    """The announcement itself."""
    title = words.title or s("Announcement")
    return Card(
        s("Urgent: {title}", title=title) if urgent else title,
        formatted(words.text),
        link=words.link,
        picture=words.picture,
    )


def channel_message(announcement: Announcement, origin: Community | None = None) -> Reply:
    """The announcement as a channel shows it.

    A message from a linked community, `origin`, names it and notifies nobody.
    """
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    subscribe = Button(s("Send me these directly"), "news", {"switch": "on"})
    source = (
        t("From {community}, which is linked with this community.", community=community_text(origin)) if origin else ()
    )
    return Reply(lines(source), (card,), (subscribe,), private=False, notify=announcement.notify and origin is None)


def direct_message(
    announcement: Announcement, community: Community, schedule: Schedule, origin: Community | None = None
) -> Reply:
    """The announcement as a direct message: why its reader gets it, its origin if linked, and how to stop it."""
    card = announcement_card(announcement.words, urgent=announcement.urgent)
    mute = Button(s("Mute announcements"), "news", {"switch": "off"})
    return Reply((_reason(announcement, community, schedule, origin),), (card,), (mute,))


def _reason(announcement: Announcement, community: Community, schedule: Schedule, origin: Community | None) -> Text:
    reason = reason_text(announcement.audience, schedule)
    if reason and origin:
        return t("You get this because {reason}. It comes from {origin}.", reason=reason, origin=community_text(origin))
    if reason:
        return t("You get this because {reason}.", reason=reason)
    if origin:
        return t(
            "You get this because you follow the announcements of {community}, and {origin} is linked with it.",
            community=community.called,
            origin=community_text(origin),
        )
    return t("You get this because you follow the announcements of {community}.", community=community.called)


def duration_text(seconds: float) -> str:
    """How long sending takes: `about 9 min`."""
    if seconds < 60:  # noqa: PLR2004 — a minute
        return s("less than a minute")
    return s("about {minutes} min", minutes=round(seconds / 60))


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an announcement: in total, for each community of several, and why some were skipped."""

    tally: DeliveryStats
    delays: tuple[timedelta, timedelta] | None = None
    parts: tuple[tuple[Community, DeliveryStats], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


def progress(announcement: Announcement, tally: DeliveryStats, seconds: float) -> Reply:
    """The progress of sending, in one message that is edited as it goes on; `seconds` is the estimate for the rest."""
    shown, sent = announcement.audience.shown, tally.states.get(DeliveryState.SENT, 0)
    failed = sum(tally.states.get(state, 0) for state in LOST)
    head = t("{name} {stage}.", name=Strong(announcement_name(announcement)), stage=stage_text(announcement))
    share = (tally.total - tally.left) / tally.total if tally.total else float(announcement.stage in OVER)
    bar = "█" * int(share * BAR) + "░" * (BAR - int(share * BAR))
    figures = t(
        "{bar} sent {sent} · left {left} · failed {failed}",
        bar=bar,
        sent=shown(sent),
        left=shown(tally.left),
        failed=shown(failed),
    )
    if announcement.stage is Stage.GOING and tally.left:
        figures = t("{figures} · {time} to go", figures=figures, time=duration_text(seconds))
    return Reply((head, figures), buttons=_controls(announcement))


def announcement_name(announcement: Announcement) -> str:
    """`Announcement 12`."""
    return s("Announcement {number}", number=str(announcement.id))


def action_arguments(action: str, number: str) -> dict[str, str]:
    """The arguments of a button that does `action` with the announcement of that number."""
    return {"action": action, "number": number}


def _controls(announcement: Announcement) -> tuple[Button, ...]:
    number = str(announcement.id)

    def button(label: str, action: str) -> Button:
        return Button(label, "announce", action_arguments(action, number))

    cancel, details = button(s("Cancel the rest"), "cancel"), button(s("Details"), "show")
    match announcement.stage:
        case Stage.GOING:
            return (button(s("Pause"), "pause"), cancel, details)
        case Stage.PAUSED:
            return (button(s("Resume"), "resume"), cancel, details)
        case Stage.PLANNED:
            return (button(s("Cancel"), "cancel"), details)
    return (button(s("Report"), "report"), button(s("Recall"), "recall"))


def stage_text(announcement: Announcement) -> str:
    """The stage of an announcement, to follow its name: `is paused`."""
    if announcement.job is Job.RECALL:
        return s("is being recalled")
    if announcement.job:
        return s("is being corrected where it was already sent")
    stage = _stage_text(announcement.stage)
    return s("{stage}: {reason}", stage=stage, reason=announcement.why) if announcement.why else stage


def _stage_text(stage: Stage) -> str:
    match stage:
        case Stage.PLANNED:
            return s("is scheduled")
        case Stage.GOING:
            return s("is being sent")
        case Stage.PAUSED:
            return s("is paused")
        case Stage.DONE:
            return s("has been sent")
        case Stage.CANCELLED:
            return s("was cancelled")
    return s("is still a draft")


def state_text(state: DeliveryState) -> str:
    """Return the state of a delivery as text to put after a number, as in `12 sent`."""
    texts = {
        DeliveryState.OWED: s("waiting"),
        DeliveryState.CLAIMED: s("waiting"),
        DeliveryState.SENT: s("sent"),
        DeliveryState.REFUSED: s("refused"),
        DeliveryState.UNCERTAIN: s("perhaps sent"),
        DeliveryState.EXPIRED: s("not sent"),
        DeliveryState.HELD: s("paused"),
        DeliveryState.RECALLED: s("recalled"),
    }
    return texts.get(state, s("failed"))


def report_card(announcement: Announcement, report: Report) -> Card:
    """The result of an announcement, with the most frequent reasons for failures."""
    shown, tally = announcement.audience.shown, report.tally
    reasons = sorted(tally.reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:MOST_REASONS]
    fields = [Field(s("Messages"), (_states(announcement, tally),))]
    if tally.instead:
        fields.append(Field(s("Not by direct message"), t("{number} in a private thread", number=shown(tally.instead))))
    fields += [Field(community_text(community), _result(announcement, part)) for community, part in report.parts]
    fields += [Field(name, t("skipped: {reason}", reason=reason)) for name, reason in report.skipped]
    fields += [Field(shown(number), (reason,)) for reason, number in reasons]
    if report.delays:
        middle, slowest = (f"{delay.total_seconds():.1f}" for delay in report.delays)
        delay = t("median {median} s, 99th percentile {slowest} s", median=middle, slowest=slowest)
        fields.append(Field(s("Delay"), delay))
    title = s("{name} {stage}", name=announcement_name(announcement), stage=stage_text(announcement))
    return Card(title, fields=tuple(fields))


def _states(announcement: Announcement, tally: DeliveryStats) -> str:
    numbers: dict[str, int] = {}
    for state in DeliveryState:
        if number := tally.states.get(state):
            numbers[state_text(state)] = numbers.get(state_text(state), 0) + number
    shown = announcement.audience.shown
    return ", ".join(f"{shown(number)} {state}" for state, number in numbers.items()) or s("none")


def _result(announcement: Announcement, tally: DeliveryStats) -> Text:
    """The result in one of several communities; not for an audience by hotel, whose numbers would say too much."""
    if announcement.audience.hotels:
        return t("counted in the total only, so that nobody's hotel can be guessed")
    states = _states(announcement, tally)
    if not tally.instead:
        return (states,)
    return t("{states}, {number} in a private thread", states=states, number=tally.instead)
