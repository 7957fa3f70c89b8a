"""`/plan [day|week|take [numbers]|undo]`: the day that is worth most and can be walked, as a proposal."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from bot.app.command_spec import SEARCH, Call, Command, Context, Param, unquoted
from bot.app.messages import Button, Reply, Text, Typed
from bot.app.text import Reader, day_text, first_time_text, is_over, lines, n, outside_text, s, t
from bot.app.text.plan import PlanWriter, names_text, new_sessions
from bot.domain.attendee.attendee import Attendance, Choice
from bot.domain.attendee.proposal import Proposal, TakenSession
from bot.domain.errors import BadInputError
from bot.domain.planning.interests import ABOUT, Interests, interests_in
from bot.domain.planning.of_attendee import days_to_plan, walks_of
from bot.domain.planning.plan import Plan, make_plan
from bot.domain.planning.problem import DayToPlan
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session
from bot.domain.search_query.query import SearchField
from bot.domain.search_query.selection import Selection
from bot.domain.search_query.understanding import understand

WORDS = Param("words", SEARCH, "a day, week, topics, speakers, kinds, no lunch; or take, take 1 3, undo")
WEEK, TAKE, UNDO = "week", "take", "undo"
MOST_TAKE_BUTTONS = 6
"""Buttons that take one session each; all together are one button more."""
MOST_TOPICS = 8
NO_LUNCH = ("no lunch", "without lunch", "skip lunch", "without a lunch", "no lunch break")


async def handle(call: Call, context: Context) -> Reply:
    """Propose a day, the week, or the rest of today; take sessions of the proposal, or undo that."""
    line = unquoted(call.get(WORDS) or "")
    first, _, rest = line.partition(" ")
    match first.casefold():
        case "take":
            return await _take(rest.split(), context)
        case "undo":
            return await _undo(context)
        case "week":
            return await _propose(rest, context, whole_week=True)
    return await _propose(line, context)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a plan is for.

    Attributes:
        days: those that were typed.
        corrections: words that were read as others.
        eats: whether time for lunch is kept free.
        stars: the choices that count: stars outside the typed times and places do not.
    """

    days: Sequence[date]
    corrections: Sequence[str]
    is_about_something: bool
    interests: Interests
    stars: Sequence[Attendance]
    mine: Sequence[Attendance]
    eats: bool = True


async def _propose(line: str, context: Context, *, whole_week: bool = False) -> Reply:
    asked = _asked(line, await context.attendances(), context)
    # A plan of 500 sessions takes some 50 ms, in which nobody would get an answer.
    plan, days = await asyncio.to_thread(_planned, asked, context, whole_week=whole_week)
    if not plan.sessions and not plan.left_out:
        return _nothing(asked, days, context)
    mine = {attendance.session: attendance for attendance in asked.mine}
    reader = Reader.of(context.attendee, context.schedule)
    since = context.now if days == [context.today] and _has_begun(context) else None
    writer = PlanWriter(plan, days, mine, context.schedule, reader, since)
    new = new_sessions(plan)
    texts = (*_corrections(asked.corrections), *writer.head(), _how_to_take(new, plan))
    ids = tuple(session.id for session in plan.sessions)
    buttons = (*_take_buttons(new), *_lost_buttons(plan, asked.mine), *_other_plans(days, context))
    return Reply(lines(*texts), writer.cards(), buttons, listed=ids, proposes=context.schedule.conference.slug)


def _asked(line: str, mine: Sequence[Attendance], context: Context) -> _Asked:
    search = context.search
    line, eats = _without_lunch(line)
    read = [understand(topic, search.names, context.today, search.correction) for topic in _topics(line)]
    selection = Selection(search.names, context.schedule.sessions, context.now, cache(search.about), {})
    interests = interests_in([topic.query for topic in read], selection)
    bounds = interests.bounds
    stars = [
        attendance
        for attendance in mine
        if bounds is None or attendance.choice is not Choice.STARRED or attendance.session in bounds
    ]
    parts = [part for topic in read for part in topic.query.parts]
    days = sorted({date.fromisoformat(day) for part in parts if part.field is SearchField.DAY for day in part.values})
    corrections = [correction.used for topic in read for correction in topic.corrections]
    return _Asked(days, corrections, any(part.field in ABOUT for part in parts), interests, stars, mine, eats)


def _without_lunch(line: str) -> tuple[str, bool]:
    """The line without `no lunch`, and whether time for lunch is kept free."""
    words = f" {fold(line)} "
    for phrase in sorted(NO_LUNCH, key=len, reverse=True):
        if f" {phrase} " in words:
            return words.replace(f" {phrase} ", " ", 1).strip(), False
    return line, True


def _topics(line: str) -> list[str]:
    """The topics of a line: `tuesday security, serverless` are two, and a day counts for both."""
    return [topic.strip() for topic in line.split(",")[:MOST_TOPICS] if topic.strip()]


def _planned(asked: _Asked, context: Context, *, whole_week: bool) -> tuple[Plan, list[date]]:
    """Return the plan and its days: the typed days, or all that are left, or the first day with something to plan."""
    coming = [day for day in context.schedule.days if day >= context.today]
    days = asked.days or coming
    days_planned = days_to_plan(
        context.attendee, asked.stars, context.schedule, days, asked.interests.by_id, context.now, eats=asked.eats
    )
    pairs = list(zip(days, days_planned, strict=True))
    if not asked.days and not whole_week:
        wished = [pair for pair in pairs if _has_wishes(pair[1])] or [pair for pair in pairs if pair[1].candidates]
        pairs = (wished or pairs)[:1]
    explained = {attendance.session for attendance in asked.stars}
    plan = make_plan([day_to_plan for _, day_to_plan in pairs], walks_of(context.attendee, context.schedule), explained)
    return plan, [day for day, _ in pairs]


def _has_wishes(day: DayToPlan) -> bool:
    return any(candidate.firmness < candidate.firmness.GOING for candidate in day.candidates)


def _has_begun(context: Context) -> bool:
    """Whether a session of today has begun, so that only a part of the day is left to plan."""
    today = context.schedule.on(context.today)
    return any(session.starts_at <= context.now for session in today if session.id not in context.schedule.drop_ins)


def _nothing(asked: _Asked, days: Sequence[date], context: Context) -> Reply:
    if is_over(context.schedule, context.now):
        return Reply((outside_text(context.schedule, context.now),))
    star, example = Typed("/star CODE"), Typed("/plan tuesday security")
    if asked.is_about_something:
        nothing = t("I found nothing to plan with that. Type topics, speakers or kinds: {example}", example=example)
        return Reply((nothing,))
    when = day_text(days[0]) if len(days) == 1 else s("the days to come")
    return Reply(
        (
            t("I don't know yet what you'd like to see on {day}.", day=when),
            t("Star sessions with {star}, or name topics: {example}", star=star, example=example),
        )
    )


def _corrections(words: Sequence[str]) -> Sequence[Text]:
    return (t('I read that as "{words}".', words=", ".join(words)),) if words else ()


def _how_to_take(new: Sequence[tuple[int, Session]], plan: Plan) -> Text:
    if not new:
        return t("All of it is on your agenda already.") if plan.sessions else ()
    some = Typed(f"/plan take {new[0][0]}")
    return t("It's a proposal: take all of it with {take}, or some with {some}.", take=Typed("/plan take"), some=some)


def _take_buttons(new: Sequence[tuple[int, Session]]) -> list[Button]:
    if not new:
        return []
    every = Button(s("Take all"), "plan", {"words": TAKE}, primary=True)
    if len(new) == 1 or len(new) > MOST_TAKE_BUTTONS:
        return [every]
    return [
        every,
        *(Button(s("Take {number}", number=number), "plan", {"words": f"{TAKE} {number}"}) for number, _ in new),
    ]


def _lost_buttons(plan: Plan, mine: Sequence[Attendance]) -> list[Button]:
    """A button for each session of the agenda that cannot be attended any more."""
    going = {attendance.session for attendance in mine if attendance.choice is Choice.GOING}
    lost = [omitted.candidate.session for omitted in plan.left_out if omitted.candidate.session.id in going]
    return [Button(s("Not going to {code}", code=session.code), "skip", {"code": session.code}) for session in lost[:2]]


def _other_plans(days: Sequence[date], context: Context) -> list[Button]:
    coming = [day for day in context.schedule.days if day > max(days, default=context.today)]
    following = [Button(f"{coming[0]:%A}", "plan", {"words": coming[0].isoformat()})] if coming else []
    week = [Button(s("Whole week"), "plan", {"words": WEEK})] if len(days) == 1 and coming else []
    return [*following, *week]


async def _take(words: Sequence[str], context: Context) -> Reply:
    """Put sessions of the last plan on the agenda: all of them, or those with the typed numbers or codes."""
    sessions = _wanted_sessions(words, context)
    mine = {attendance.session: attendance for attendance in await context.attendances()}
    coming = [session for session in sessions if session.takes_place and session.starts_at > context.now]
    new = [session for session in coming if session.id not in mine or mine[session.id].choice is not Choice.GOING]
    gone = [session for session in sessions if session not in coming]
    changes = [await _put(session, mine, context) for session in new]
    attendee = context.attendee
    if changes:
        proposal = replace(attendee.proposal, conference=context.schedule.conference.slug, taken=tuple(changes))
        agreed = attendee.agreed_at or context.now
        await context.work.people.save(replace(attendee, proposal=proposal, agreed_at=agreed))
    texts = lines(
        _added_text(new, context.schedule),
        t("No longer possible: {sessions}.", sessions=names_text(gone)) if gone else (),
        *(first_time_text(attendee, None, context.now) if changes else ()),
    )
    undo = (Button(s("Undo"), "plan", {"words": UNDO}),) if changes else ()
    return Reply(texts, buttons=(*undo, _agenda_button(new, context)))


def _wanted_sessions(words: Sequence[str], context: Context) -> list[Session]:
    proposal, schedule = context.attendee.proposal, context.schedule
    listed = proposal.sessions if proposal.conference == schedule.conference.slug else ()
    if not words:
        if not listed:
            raise BadInputError(s("There is no plan to take yet. Get one with /plan."))
        return [schedule.by_id[id_] for id_ in listed if id_ in schedule.by_id]
    wanted = []
    for word in dict.fromkeys(" ".join(words).replace(",", " ").split()):
        if word.isdecimal() and 1 <= int(word) <= len(listed) and listed[int(word) - 1] in schedule.by_id:
            wanted.append(schedule.by_id[listed[int(word) - 1]])
        elif session := schedule.by_code.get(word.upper()):
            wanted.append(session)
        else:
            raise BadInputError(s("Your last plan has no number {number}. Get a new one with /plan.", number=word))
    return wanted


async def _put(session: Session, mine: dict[str, Attendance], context: Context) -> TakenSession:
    """Go to a session, in place of another sitting of its talk; returns what is needed to undo that."""
    slug, attendee_id = context.schedule.conference.slug, context.attendee.id
    old = mine.get(session.id)
    others = [mine[repeat.id] for repeat in context.schedule.repeats(session) if repeat.id in mine]
    replaced = next((attendance for attendance in others if attendance.choice is Choice.GOING), None)
    if replaced:
        await context.work.attendances.remove(attendee_id, slug, replaced.session)
    must = old is not None and old.must
    await context.work.attendances.put(attendee_id, slug, Attendance(session.id, chosen_at=context.now, must=must))
    return TakenSession(
        session.id,
        old.choice.value if old else "",
        must,
        old.backup_of if old else None,
        replaced.session if replaced else None,
        replaced is not None and replaced.reserved,
    )


def _added_text(new: Sequence[Session], schedule: Schedule) -> Text:
    if not new:
        return t("There was nothing new to take.")
    days = sorted({schedule.day_by_id[session.id] for session in new})
    count = n("{count} session is", "{count} sessions are", len(new))
    if len(days) == 1:
        return t("Done: {count} on your agenda for {day}.", count=count, day=day_text(days[0]))
    return t("Done: {count} on your agenda.", count=count)


def _agenda_button(new: Collection[Session], context: Context) -> Button:
    first: datetime | None = min((session.starts_at for session in new), default=None)
    if first is None:
        return Button(s("Agenda"), "agenda")
    day = next(context.schedule.day_by_id[session.id] for session in new if session.starts_at == first)
    return Button(s("Agenda"), "agenda", {"day": day.isoformat()})


async def _undo(context: Context) -> Reply:
    """Take off the agenda exactly what was taken last, except what was changed since."""
    proposal, slug = context.attendee.proposal, context.schedule.conference.slug
    changes = proposal.taken if proposal.conference == slug else ()
    if not changes:
        return Reply((t("There is nothing to undo: you have not taken anything from a plan."),))
    mine = {attendance.session: attendance for attendance in await context.attendances()}
    undone = [change for change in changes if _is_unchanged(mine.get(change.session))]
    for change in undone:
        await _restore(change, slug, context)
    await context.work.people.save(replace(context.attendee, proposal=Proposal(slug, proposal.sessions)))
    sessions = [context.schedule.by_id[change.session] for change in undone if change.session in context.schedule.by_id]
    if not sessions:
        return Reply(
            (t("You have changed all of that since, so I left it as it is."),), buttons=(_agenda_button((), context),)
        )
    text = t("Undone. Off your agenda: {sessions}.", sessions=names_text(sessions))
    again = Button(s("Take again"), "plan", {"words": " ".join((TAKE, *(session.code for session in sessions)))})
    return Reply((text,), buttons=(again, Button(s("Agenda"), "agenda")))


def _is_unchanged(attendance: Attendance | None) -> bool:
    return attendance is not None and attendance.choice is Choice.GOING and not attendance.reserved


async def _restore(change: TakenSession, slug: str, context: Context) -> None:
    attendee_id, attendances = context.attendee.id, context.work.attendances
    if change.before:
        choice = Choice(change.before)
        before = Attendance(change.session, choice, backup_of=change.backup_of, chosen_at=context.now, must=change.must)
        await attendances.put(attendee_id, slug, before)
    else:
        await attendances.remove(attendee_id, slug, change.session)
    if change.replaced:
        await attendances.put(
            attendee_id, slug, Attendance(change.replaced, reserved=change.reserved, chosen_at=context.now)
        )


COMMAND = Command(
    "plan",
    "A day that you can walk, from your stars and topics",
    handle,
    (WORDS,),
    examples=("/plan", "/plan tuesday security", "/plan week", "/plan no lunch", "/plan take 1 3", "/plan undo"),
    writing=frozenset({TAKE, UNDO}),
)
