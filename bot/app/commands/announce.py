"""`/announce`: message exactly the right people, and follow the result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.app.announcements.drafts import (
    check,
    check_time,
    drafted,
    may_be_urgent,
    narrowed,
    previewed,
    reader_of,
    worded,
)
from bot.app.announcements.recipients import check_size, remaining_seconds, report_file, report_of
from bot.app.command_spec import Access, Call, Command, Context, Effect, Requirement
from bot.app.command_spec.announcement import ACTION, LEADS, NUMBER, PARAMS, PICTURE, TITLE, WORDS
from bot.app.messages import Button, Reply, Text
from bot.app.ports import DeliveryState
from bot.app.text import (
    announcement_name,
    followed,
    held_announcement,
    report_card,
    s,
    stage_text,
    t,
    urgent_confirmation,
    when_text,
)
from bot.domain.announcements.announcement import RUNNING, UNCONFIRMED, WAITING, Announcement, Job, Stage, Words
from bot.domain.announcements.audience import audience_text
from bot.domain.announcements.moment import Moment
from bot.domain.errors import BadInputError

SHOWN = 10
SETTLING = timedelta(seconds=5)
"""Delay before sent messages are corrected or recalled, so that messages in flight have arrived."""


async def handle(call: Call, context: Context) -> Reply:
    """Run the action and reply with the announcement as it is afterwards."""
    return await ACTIONS[call.get(ACTION) or "new"](call, context)


async def _new(call: Call, context: Context) -> Reply:
    """Store a draft and show its preview. Nothing is sent before it is confirmed."""
    text = call.get(WORDS)
    if not text:
        raise BadInputError(s('What shall I announce, and to whom? Try /announce "Lunch is in hall B" to everyone'))
    draft = Announcement(0, context.attendee.community.id, context.attendee.id, Words(text), context.now)
    draft = await drafted(call, draft, context, by=None)
    check(draft, call, context)
    return await previewed(await context.work.announcements.add(draft), context)


async def _change(call: Call, context: Context) -> Reply:
    draft = await _announcement_in(call, context, (*UNCONFIRMED, Stage.HELD))
    changed = (await drafted(call, draft, context, by=draft.how)).changed(why="")
    check(changed, call, context)
    await context.work.announcements.save(changed, None)
    return await previewed(changed, context)


async def _confirm(call: Call, context: Context) -> Reply:
    """Confirm exactly the version that the organizer saw. An urgent one needs a second confirmation."""
    draft = await _announcement_in(call, context, UNCONFIRMED)
    if call.request.seen not in (None, draft.version):
        preview = await previewed(draft, context)
        return replace(
            preview, lines=(t("This has changed since that preview, so please check it again."), *preview.lines)
        )
    if draft.urgent:
        await may_be_urgent(draft, context)
        await context.work.announcements.save(replace(draft, stage=Stage.ASKED), None)
        return urgent_confirmation(draft)
    return await _planned(draft, call, context)


async def _really(call: Call, context: Context) -> Reply:
    draft = await _announcement_in(call, context, (Stage.ASKED,))
    if call.request.seen not in (None, draft.version):
        return await _confirm(call, context)
    await may_be_urgent(draft, context)
    return await _planned(draft, call, context)


async def _planned(draft: Announcement, call: Call, context: Context) -> Reply:
    check(draft, call, context)
    check_time(draft, context)
    await check_size(context.work, await narrowed(draft, context), context.schedule, context.now)
    due = draft.due_at(context.schedule, context.now)
    planned = replace(draft, stage=Stage.PLANNED, confirmed_at=context.now, author=context.attendee.id, planned_at=due)
    await context.work.announcements.save(planned, due or context.now)
    name, when = announcement_name(draft), when_text(planned, context.schedule, reader_of(context))
    if due and due > context.now:
        text = t("{name} is confirmed. It goes out {when}. I'll send you progress updates.", name=name, when=when)
    else:
        text = t("{name} is confirmed. It goes out now. I'll send you progress updates.", name=name)
    return Reply((text,), buttons=_buttons(planned))


async def _send(call: Call, context: Context) -> Reply:
    """Send one that is held, now."""
    held = await _announcement_in(call, context, (Stage.HELD,))
    if call.request.seen not in (None, held.version):
        return held_announcement(held, context.schedule, context.attendee)
    return await _planned(replace(held, moment=Moment(), why=""), call, context)


async def _list(_: Call, context: Context) -> Reply:
    newest = await context.work.announcements.of_community(context.attendee.community.id, SHOWN)
    if not newest:
        return Reply((t("There are no announcements yet."),))
    buttons = tuple(
        _button(s("Show {number}", number=str(announcement.id)), "show", announcement) for announcement in newest[:5]
    )
    return Reply(
        (t("The newest announcements:"), *(_line(announcement, context) for announcement in newest)), buttons=buttons
    )


def _line(announcement: Announcement, context: Context) -> Text:
    return t(
        "{number}. {title} (to: {audience}) {stage}",
        number=str(announcement.id),
        title=announcement.words.title or " ".join(announcement.words.text.split())[:60],
        audience=audience_text(announcement.audience, context.schedule),
        stage=stage_text(announcement),
    )


async def _show(call: Call, context: Context) -> Reply:
    announcement = await _announcement(call, context)
    if announcement.stage in UNCONFIRMED:
        return await previewed(announcement, context)
    if announcement.stage is Stage.HELD:
        return held_announcement(announcement, context.schedule, context.attendee)
    report = await report_of(context.work, announcement)
    seconds = remaining_seconds(report, context.attendee.community, context.outlets)
    return followed(announcement, report, seconds, context.schedule, reader_of(context))


async def _edit(call: Call, context: Context) -> Reply:
    """Correct an announcement: pending messages use the new text, sent messages are edited."""
    announcement = await _announcement_in(call, context, (*WAITING, *RUNNING, Stage.DONE))
    text = call.get(WORDS)
    if not text and not (call.get(TITLE) or call.get(LEADS) or call.get(PICTURE)):
        example = s('What shall it say? Try /announce edit {number} "Lunch is in hall C"', number=str(announcement.id))
        raise BadInputError(example)
    words = worded(call, announcement.words)
    sent = announcement.stage not in WAITING
    corrected = replace(announcement, words=words, version=announcement.version + 1)
    corrected = replace(corrected, job=Job.EDIT, worked=0) if sent else corrected
    # The sender looks at a planned one at once, and finds its time again. One that is held waits for its author.
    wake_at = context.now + SETTLING if sent else context.now
    await context.work.announcements.save(corrected, None if corrected.stage is Stage.HELD else wake_at)
    outcome = (
        t("Corrected. I'm editing the messages already sent.") if sent else t("Corrected. Nothing had been sent yet.")
    )
    return Reply((outcome,), buttons=_buttons(corrected))


async def _recall(call: Call, context: Context) -> Reply:
    """Delete the sent messages where the platform allows it, and send no more."""
    announcement = await _announcement_in(call, context, (*RUNNING, Stage.DONE, Stage.CANCELLED))
    if announcement.fired_at is None:
        raise BadInputError(_wrong_stage_text(announcement))
    deliveries = context.work.announcement_deliveries
    await deliveries.transition(announcement.id, DeliveryState.EXPIRED, context.now, "recalled before it was sent")
    finished = announcement.finished_at or context.now
    recalled = replace(
        announcement, stage=Stage.RECALLED, job=Job.RECALL, worked=0, cursor=None, finished_at=finished, why=""
    )
    await context.work.announcements.save(recalled, context.now + SETTLING)
    number = str(announcement.id)
    text = t("I'm recalling announcement {number}. I'll tell you which messages I couldn't delete.", number=number)
    return Reply((text,), buttons=_buttons(recalled))


async def _pause(call: Call, context: Context) -> Reply:
    announcement = await _announcement_in(call, context, (Stage.GOING,))
    held = await context.work.announcement_deliveries.transition(announcement.id, DeliveryState.HELD, context.now)
    return await _moved(
        announcement,
        Stage.PAUSED,
        t("Paused. Still waiting: {number}.", number=announcement.audience.size_text(held)),
        context,
    )


async def _resume(call: Call, context: Context) -> Reply:
    announcement = await _announcement_in(call, context, (Stage.PAUSED,))
    await context.work.announcement_deliveries.transition(announcement.id, DeliveryState.OWED, context.now)
    return await _moved(announcement, Stage.GOING, t("It's being sent again."), context)


async def _cancel(call: Call, context: Context) -> Reply:
    announcement = await _announcement_in(call, context, (*UNCONFIRMED, *WAITING, *RUNNING))
    deliveries = context.work.announcement_deliveries
    unsent = await deliveries.transition(announcement.id, DeliveryState.EXPIRED, context.now, "cancelled")
    asker = context.attendee
    # Its author has read it in this answer; if somebody else cancels it, its author gets a message that says who.
    why = "" if asker.id == announcement.author else s("{name} cancelled it", name=asker.name or asker.user)
    done = replace(announcement, cursor=None, finished_at=context.now, why=why)
    text = (
        t("Cancelled. Not sent: {number}.", number=announcement.audience.size_text(unsent))
        if announcement.stage in RUNNING
        else t("Cancelled. Nothing was sent.")
    )
    return await _moved(done, Stage.CANCELLED, text, context)


async def _moved(announcement: Announcement, stage: Stage, text: Text, context: Context) -> Reply:
    moved = replace(announcement, stage=stage)
    await context.work.announcements.save(moved, context.now)
    return Reply((text,), buttons=_buttons(moved))


async def _report(call: Call, context: Context) -> Reply:
    """The result, and a file with one line per message; for an audience by hotel, only with totals."""
    announcement = await _announcement(call, context)
    card = report_card(announcement, await report_of(context.work, announcement))
    return Reply((), (card,), files=(await report_file(context.work, announcement),))


async def _announcement_in(call: Call, context: Context, stages: tuple[Stage, ...]) -> Announcement:
    """Return the announcement with that number.

    Raises:
        BadInputError: there is none, or its stage is not one of `stages`.
    """
    announcement = await _announcement(call, context)
    if announcement.stage not in stages:
        raise BadInputError(_wrong_stage_text(announcement))
    if announcement.job:
        name, stage = announcement_name(announcement), stage_text(announcement)
        raise BadInputError(s("{name} {stage}. Wait until that's done.", name=name, stage=stage))
    return announcement


def _wrong_stage_text(announcement: Announcement) -> str:
    name, stage = announcement_name(announcement), stage_text(announcement)
    if announcement.stage in UNCONFIRMED:
        return s("{name} {stage}: confirm it first.", name=name, stage=stage)
    return s("{name} {stage}, so you can't do that now.", name=name, stage=stage)


async def _announcement(call: Call, context: Context) -> Announcement:
    """Return the announcement with that number in this community.

    Raises:
        BadInputError: no number was given, or there is none with it.
    """
    number = call.get(NUMBER)
    if number is None:
        raise BadInputError(s("Which one? See their numbers with /announce list."))
    announcement = await context.work.announcements.get(number)
    if announcement is None or announcement.community != context.attendee.community.id:
        raise BadInputError(
            s("I found no announcement {number}. See them all with /announce list.", number=str(number))
        )
    return announcement


def _buttons(announcement: Announcement) -> tuple[Button, ...]:
    return (_button(s("Details"), "show", announcement),)


def _button(label: str, action: str, announcement: Announcement) -> Button:
    return Button(label, "announce", {"action": action, "number": str(announcement.id)})


ACTIONS: Mapping[str, Callable[[Call, Context], Awaitable[Reply]]] = {
    "new": _new,
    "list": _list,
    "show": _show,
    "confirm": _confirm,
    "really": _really,
    "send": _send,
    "change": _change,
    "edit": _edit,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "recall": _recall,
    "report": _report,
}

COMMAND = Command(
    "announce",
    "Message exactly the right people",
    handle,
    PARAMS,
    access=Access.ORGANIZERS,
    effect=Effect.WRITE_AND_DELIVER,
    requires=Requirement.CONFERENCE | Requirement.COMMUNITY,
    form=("text", "to", "channel", "when", "by", "title", "where"),
    examples=(
        '/announce "Lunch is in hall B" to everyone in #general',
        '/announce "The walkway is closed" to next Venetian by dm urgent',
        '/announce "Seats are free again" to backups ARC301 at 10m before ARC301',
        '/announce "Doors open at 8" to everyone everywhere',
        "/announce list",
    ),
)
