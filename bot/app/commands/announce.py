"""`/announce`: tell exactly the right people something, and see what became of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.app.announcements.drafts import check, drafted, may_be_urgent, narrowed, previewed, reader_of, worded
from bot.app.announcements.recipients import check_crowd, left_in, report_file, report_of
from bot.app.command_spec import Access, Call, Command, Context, Effect, Requirement
from bot.app.command_spec.announcement import ACTION, LEADS, NUMBER, PARAMS, PICTURE, TITLE, WORDS
from bot.app.messages import Button, Reply, Text
from bot.app.ports import DeliveryState
from bot.app.text import asked_again, progress, report_card, sentence, stage_text, when_text
from bot.domain.announcements.announcement import OVER, RUNNING, UNCONFIRMED, Announcement, Job, Stage, Words
from bot.domain.announcements.audience import audience_text
from bot.domain.errors import BadInputError

SHOWN = 10
SETTLING = timedelta(seconds=5)
"""Before what was sent is corrected or recalled: what was just being sent then is there by then."""


async def handle(call: Call, context: Context) -> Reply:
    """Every action answers with the announcement as it is afterwards."""
    return await ACTIONS[call.get(ACTION) or "new"](call, context)


async def _new(call: Call, context: Context) -> Reply:
    """Keep a draft and show what it comes to. Nothing goes out before it is confirmed."""
    text = call.get(WORDS)
    if not text:
        message = 'What shall I tell, and whom? Type such as /announce "Lunch is in hall B" to everyone.'
        raise BadInputError(message)
    draft = Announcement(0, context.attendee.community.id, context.attendee.id, Words(text), context.now)
    draft = await drafted(call, draft, context, by=None)
    check(draft, call, context)
    return await previewed(await context.work.announcements.add(draft), context)


async def _change(call: Call, context: Context) -> Reply:
    draft = await _known(call, context, UNCONFIRMED)
    changed = (await drafted(call, draft, context, by=draft.how)).changed()
    check(changed, call, context)
    await context.work.announcements.save(changed, None)
    return await previewed(changed, context)


async def _confirm(call: Call, context: Context) -> Reply:
    """What was seen is confirmed, and nothing else; an urgent one is asked about again."""
    draft = await _known(call, context, UNCONFIRMED)
    if call.request.seen not in (None, draft.version):
        shown = await previewed(draft, context)
        return replace(shown, lines=(sentence("This has changed since that preview, so look again."), *shown.lines))
    if draft.urgent:
        await may_be_urgent(draft, context)
        await context.work.announcements.save(replace(draft, stage=Stage.ASKED), None)
        return asked_again(draft)
    return await _planned(draft, call, context)


async def _really(call: Call, context: Context) -> Reply:
    draft = await _known(call, context, (Stage.ASKED,))
    if call.request.seen not in (None, draft.version):
        return await _confirm(call, context)
    await may_be_urgent(draft, context)
    return await _planned(draft, call, context)


async def _planned(draft: Announcement, call: Call, context: Context) -> Reply:
    check(draft, call, context)
    await check_crowd(context.work, await narrowed(draft, context), context.schedule, context.now)
    due = draft.due_at(context.schedule, context.now)
    planned = replace(draft, stage=Stage.PLANNED, confirmed_at=context.now, author=context.attendee.id)
    await context.work.announcements.save(planned, due or context.now)
    when = when_text(planned, context.schedule, reader_of(context)) if due and due > context.now else ("now",)
    told = sentence(f"Confirmed: announcement {draft.id} goes out ", *when, ". I write to you how it fares.")
    return Reply((told,), buttons=_buttons(planned))


async def _list(_: Call, context: Context) -> Reply:
    known = await context.work.announcements.of_community(context.attendee.community.id, SHOWN)
    lines = tuple(_line(each, context) for each in known)
    buttons = tuple(_button(f"Show {each.id}", "show", each) for each in known[:5])
    return Reply((sentence("The newest announcements:" if known else "There is no announcement yet."),
                  *lines), buttons=buttons)  # fmt: skip


def _line(announcement: Announcement, context: Context) -> Text:
    said = announcement.words.title or " ".join(announcement.words.text.split())[:60]
    to = audience_text(announcement.audience, context.schedule)
    return sentence(f"{announcement.id}. {said}: to {to}, {stage_text(announcement)}")


async def _show(call: Call, context: Context) -> Reply:
    announcement = await _found(call, context)
    if announcement.stage in UNCONFIRMED:
        return await previewed(announcement, context)
    report = await report_of(context.work, announcement)
    shown = progress(announcement, report.tally, left_in(report, context.attendee.community, context.outlets))
    return replace(shown, cards=(report_card(announcement, report),))


async def _edit(call: Call, context: Context) -> Reply:
    """A correction: what is not sent yet has it, and what was sent is edited."""
    known = await _known(call, context, (Stage.PLANNED, *RUNNING, Stage.DONE))
    text = call.get(WORDS)
    if not text and not (call.get(TITLE) or call.get(LEADS) or call.get(PICTURE)):
        message = f'What shall it say? Type such as /announce edit {known.id} "Lunch is in hall C".'
        raise BadInputError(message)
    words = worded(call, known.words)
    sent = known.stage is not Stage.PLANNED
    corrected = replace(known, words=words, version=known.version + 1)
    corrected = replace(corrected, job=Job.EDIT, worked=0) if sent else corrected
    due = corrected.due_at(context.schedule, context.now) or context.now
    await context.work.announcements.save(corrected, context.now + SETTLING if sent else due)
    where = "what was sent is being edited" if sent else "nothing was sent yet"
    return Reply((sentence(f"Corrected: {where}."),), buttons=_buttons(corrected))


async def _recall(call: Call, context: Context) -> Reply:
    """Take back what can be taken back, and send no more of it."""
    known = await _known(call, context, (*RUNNING, *OVER))
    deliveries = context.work.announcement_deliveries
    await deliveries.transition(known.id, DeliveryState.EXPIRED, context.now, "recalled before it was sent")
    stage = Stage.CANCELLED if known.stage in RUNNING else known.stage
    finished = known.finished_at or context.now
    recalled = replace(known, stage=stage, job=Job.RECALL, worked=0, cursor=None, finished_at=finished)
    await context.work.announcements.save(recalled, context.now + SETTLING)
    told = f"Announcement {known.id} is being recalled. I tell you what could not be taken back."
    return Reply((sentence(told),), buttons=_buttons(recalled))


async def _pause(call: Call, context: Context) -> Reply:
    known = await _known(call, context, (Stage.GOING,))
    held = await context.work.announcement_deliveries.transition(known.id, DeliveryState.HELD, context.now)
    return await _moved(known, Stage.PAUSED, f"Paused: {known.audience.shown(held)} are held.", context)


async def _resume(call: Call, context: Context) -> Reply:
    known = await _known(call, context, (Stage.PAUSED,))
    await context.work.announcement_deliveries.transition(known.id, DeliveryState.OWED, context.now)
    return await _moved(known, Stage.GOING, "It goes on.", context)


async def _cancel(call: Call, context: Context) -> Reply:
    known = await _known(call, context, (*UNCONFIRMED, Stage.PLANNED, *RUNNING))
    deliveries = context.work.announcement_deliveries
    left = await deliveries.transition(known.id, DeliveryState.EXPIRED, context.now, "cancelled")
    done = replace(known, cursor=None, finished_at=context.now)
    sent = "nothing was sent" if known.stage not in RUNNING else f"{known.audience.shown(left)} were not sent"
    return await _moved(done, Stage.CANCELLED, f"Cancelled: {sent}.", context)


async def _moved(known: Announcement, stage: Stage, told: str, context: Context) -> Reply:
    moved = replace(known, stage=stage)
    await context.work.announcements.save(moved, context.now)
    return Reply((sentence(told),), buttons=_buttons(moved))


async def _report(call: Call, context: Context) -> Reply:
    """What became of it, and as a file: one line a message, or sums where lines would tell of somebody's hotel."""
    known = await _found(call, context)
    card = report_card(known, await report_of(context.work, known))
    return Reply((), (card,), files=(await report_file(context.work, known),))


async def _known(call: Call, context: Context, stages: tuple[Stage, ...]) -> Announcement:
    """The one with that number, if it is so far; raises `BadInputError`."""
    known = await _found(call, context)
    if known.stage not in stages:
        message = f"Announcement {known.id} {stage_text(known)}, so that cannot be done with it."
        raise BadInputError(message)
    if known.job:
        message = f"Announcement {known.id} {stage_text(known)}: wait for that."
        raise BadInputError(message)
    return known


async def _found(call: Call, context: Context) -> Announcement:
    """The one with that number in this community; raises `BadInputError`."""
    number = call.get(NUMBER)
    if number is None:
        message = "Which one? /announce list shows their numbers."
        raise BadInputError(message)
    known = await context.work.announcements.get(number)
    if known is None or known.community != context.attendee.community.id:
        message = f"There is no announcement {number} here: /announce list shows them."
        raise BadInputError(message)
    return known


def _buttons(announcement: Announcement) -> tuple[Button, ...]:
    return (_button("Details", "show", announcement),)


def _button(label: str, action: str, announcement: Announcement) -> Button:
    return Button(label, "announce", {"action": action, "number": str(announcement.id)})


ACTIONS: Mapping[str, Callable[[Call, Context], Awaitable[Reply]]] = {
    "new": _new,
    "list": _list,
    "show": _show,
    "confirm": _confirm,
    "really": _really,
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
    "Tell exactly the right people something",
    handle,
    PARAMS,
    access=Access.ORGANIZERS,
    effect=Effect.WRITE_AND_DELIVER,
    requires=Requirement.CONFERENCE | Requirement.COMMUNITY,
    form=("text", "title", "to", "when", "by", "where"),
    examples=(
        '/announce "Lunch is in hall B" to everyone in #general',
        '/announce "The walkway is closed" to next Venetian by dm urgent',
        '/announce "Seats are free again" to backups ARC301 at 10m before ARC301',
        '/announce "Doors open at 8" to everyone everywhere',
        "/announce list",
    ),
)
