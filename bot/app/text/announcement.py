"""An announcement as its readers see it, and its progress as organizers see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.app.messages import Button, Card, Field, Part, Reply, Strong, Text, Typed
from bot.app.ports import DeliveryState, DeliveryStats
from bot.app.text.announcement_reason import reason_text
from bot.app.text.catalog import n, s, t
from bot.app.text.format import community_text, lines, listed, shortened
from bot.domain.announcements.announcement import Announcement, Job, Stage, Words
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Schedule

FIRST_LINE, MAX_PARAGRAPH, ESCAPED = 150, 1_600, 4
"""Characters of the first line of a long text, of a text in one paragraph, and of what one sign may be escaped with."""
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


def announcement_body(words: Words, *, urgent: bool) -> tuple[tuple[Text, ...], tuple[Card, ...]]:
    """The announcement itself: its text as the first lines, which a lock screen shows, and a card for the rest.

    The card has the link and the picture, and the text if it is too long for a paragraph.
    """
    text, title = formatted(words.text), words.title
    head = s("Urgent: {title}", title=title) if urgent and title else s("Urgent") if urgent else title
    if _is_long(words.text):
        first = shortened(words.text.strip().partition("\n")[0], FIRST_LINE)
        opening = t("{title}: {text}", title=Strong(head), text=first) if head else (first,)
        return (opening,), (Card(title or s("Announcement"), text, link=words.link, picture=words.picture),)
    if head and text:
        text = (t("{title}: {text}", title=Strong(head), text=text[0]), *text[1:])
    rest = Card(s("Read more") if words.link else s("Picture"), link=words.link, picture=words.picture)
    return text, (rest,) if words.link or words.picture else ()


def _is_long(text: str) -> bool:
    """Whether a text may be too long for the paragraph of a message: platforms escape signs with several others."""
    signs = sum(not (char.isalnum() or char.isspace()) for char in text)
    return len(text) + ESCAPED * signs > MAX_PARAGRAPH


def channel_message(announcement: Announcement, origin: Community | None = None) -> Reply:
    """The announcement as a channel shows it.

    A message from a linked community, `origin`, names it and notifies nobody.
    """
    body, cards = announcement_body(announcement.words, urgent=announcement.urgent)
    subscribe = Button(s("Send me these directly"), "news", {"switch": "on"})
    source = (
        t("From {community}, which is linked with this community.", community=community_text(origin)) if origin else ()
    )
    notify = announcement.notify and origin is None
    return Reply(lines(*body, source), cards, (subscribe,), private=False, notify=notify)


def direct_message(
    announcement: Announcement, community: Community, schedule: Schedule, origin: Community | None = None
) -> Reply:
    """Return the announcement as a direct message, with the reason, the sender, and how to mute announcements below."""
    body, cards = announcement_body(announcement.words, urgent=announcement.urgent)
    mute = Button(s("Mute announcements"), "news", {"switch": "off"})
    return Reply((*body, _reason(announcement, community, schedule, origin)), cards, (mute,))


def _reason(announcement: Announcement, community: Community, schedule: Schedule, origin: Community | None) -> Text:
    reason = reason_text(announcement.audience, schedule)
    if reason:
        made_in = community_text(origin) if origin else community.called
        return t("You get this because {reason}. It comes from {origin}.", reason=reason, origin=made_in)
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
    sent = tally.states.get(DeliveryState.SENT, 0)
    head = t("{name} {stage}.", name=Strong(announcement_name(announcement)), stage=stage_text(announcement))
    figures = _figures(announcement, tally, seconds)
    return Reply(lines(head, figures), buttons=_controls(announcement, sent))


def _figures(announcement: Announcement, tally: DeliveryStats, seconds: float) -> Text:
    """Return the progress in words for screen readers; empty before the first delivery exists."""
    size_text, sent = announcement.audience.size_text, tally.states.get(DeliveryState.SENT, 0)
    failed, taken_back = sum(tally.states.get(state, 0) for state in LOST), tally.states.get(DeliveryState.RECALLED, 0)
    if announcement.stage is Stage.CANCELLED:
        if not sent:
            return t("Nothing was sent.")
        return t("Sent: {sent}. Not sent: {unsent}.", sent=size_text(sent), unsent=size_text(failed))
    if announcement.stage is Stage.RECALLED:
        total, remaining = sent + taken_back, sent if not announcement.job else 0
        gone = n(
            "{part} of {whole} message deleted",
            "{part} of {whole} messages deleted",
            total,
            part=size_text(taken_back),
            whole=size_text(total),
        )
        return listed(lines(gone, t("not deleted: {number}", number=size_text(remaining)) if remaining else ()))
    if not tally.total:
        return ()
    out = n(
        "{part} of {whole} message sent",
        "{part} of {whole} messages sent",
        tally.total,
        part=size_text(sent),
        whole=size_text(tally.total),
    )
    waiting = t("waiting: {number}", number=size_text(tally.remaining)) if tally.remaining else ()
    lost = t("failed: {number}", number=size_text(failed)) if failed else ()
    is_timed = announcement.stage is Stage.GOING and tally.remaining
    time = t("{time} to go", time=duration_text(seconds)) if is_timed else ()
    return listed(lines(out, waiting, lost, time))


def announcement_name(announcement: Announcement) -> str:
    """`Announcement 12`."""
    return s("Announcement {number}", number=str(announcement.id))


def action_arguments(action: str, number: str) -> dict[str, str]:
    """The arguments of a button that does `action` with the announcement of that number."""
    return {"action": action, "number": number}


def _controls(announcement: Announcement, sent: int) -> tuple[Button, ...]:
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
    if announcement.stage is Stage.RECALLED:
        return ()
    # A cancelled announcement may have no sent messages to recall.
    recall = (button(s("Recall"), "recall"),) if sent or announcement.stage is not Stage.CANCELLED else ()
    return (button(s("Report"), "report"), *recall)


def stage_text(announcement: Announcement) -> str:
    """The stage of an announcement, to follow its name: `is paused`."""
    if announcement.job is Job.RECALL:
        return s("is being recalled")
    if announcement.job:
        return s("is being corrected where it was already sent")
    stage = _stage_text(announcement.stage)
    return s("{stage}: {reason}", stage=stage, reason=announcement.why) if announcement.why else stage


def _stage_text(stage: Stage) -> str:
    texts = {
        Stage.PLANNED: s("is scheduled"),
        Stage.HELD: s("is on hold"),
        Stage.GOING: s("is being sent"),
        Stage.PAUSED: s("is paused"),
        Stage.DONE: s("has been sent"),
        Stage.CANCELLED: s("was cancelled"),
        Stage.RECALLED: s("was recalled"),
    }
    return texts.get(stage, s("is still a draft"))


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


def report_card(announcement: Announcement, report: Report, title: str | None = None) -> Card:
    """The result of an announcement, with the most frequent reasons for failures.

    Args:
        title: of the card; None for the name and the stage, where no line above the card says them.
    """
    size_text, tally = announcement.audience.size_text, report.tally
    reasons = sorted(tally.reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:MOST_REASONS]
    fields = [Field(s("Messages"), (_states(announcement, tally),))]
    if tally.instead:
        fields.append(
            Field(s("Not by direct message"), t("{number} in a private thread", number=size_text(tally.instead)))
        )
    fields += [Field(community_text(community), _result(announcement, part)) for community, part in report.parts]
    fields += [Field(name, t("skipped: {reason}", reason=reason)) for name, reason in report.skipped]
    fields += [Field(size_text(number), (reason,)) for reason, number in reasons]
    if report.delays:
        middle, slowest = (f"{delay.total_seconds():.1f}" for delay in report.delays)
        delay = t("half within {median} s, 99 in 100 within {slowest} s", median=middle, slowest=slowest)
        fields.append(Field(s("Delay"), delay))
    headline = s("{name} {stage}", name=announcement_name(announcement), stage=stage_text(announcement))
    return Card(title or headline, fields=tuple(fields))


def result_cards(announcement: Announcement, report: Report) -> tuple[Card, ...]:
    """Return the result below a line with the name and the stage; empty if there is no delivery."""
    has_result = report.tally.total or report.parts or report.skipped
    return (report_card(announcement, report, s("Result")),) if has_result else ()


def _states(announcement: Announcement, tally: DeliveryStats) -> str:
    numbers: dict[str, int] = {}
    for state in DeliveryState:
        if number := tally.states.get(state):
            numbers[state_text(state)] = numbers.get(state_text(state), 0) + number
    size_text = announcement.audience.size_text
    return ", ".join(f"{size_text(number)} {state}" for state, number in numbers.items()) or s("none")


def _result(announcement: Announcement, tally: DeliveryStats) -> Text:
    """Return the result in one of several communities; none for an audience by hotel, whose numbers would reveal it."""
    if announcement.audience.hotels:
        return t("counted in the total only, so that nobody's hotel can be guessed")
    states = _states(announcement, tally)
    if not tally.instead:
        return (states,)
    return t("{states}, {number} in a private thread", states=states, number=tally.instead)
