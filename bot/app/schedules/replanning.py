"""Replanning: reads the data, plans, and makes the pending deliveries equal to the plan."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.app.ports import ANSWERED, REPLACED, Delivery, DeliveryState, UnitOfWork
from bot.app.schedules.blocks import own_schedule, own_schedules
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.departure import Departure
from bot.domain.nudges.changes import after_change
from bot.domain.nudges.leave_by import NONE_SENT, SentLeaveBy, SentLeaveBys, is_due_soon
from bot.domain.nudges.nudge import ALSO, ASKED, EDITION, UNDECIDED, Nudge, NudgeKind, plan_nudges
from bot.domain.nudges.taken_back import take_backs
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

Before = Mapping[str, Session]
"""Sessions that an import changed, by id, as they were before."""
NOTHING: Before = MappingProxyType({})
ARRIVED = (DeliveryState.SENT, DeliveryState.CLAIMED, DeliveryState.UNCERTAIN)
"""States of a delivery that has arrived, or may arrive at this very moment."""
ABOUT_A_DAY = timedelta(hours=20)
"""A leave-by nudge may name a later session of its day, and its own session has begun then."""


async def replan(work: UnitOfWork, attendee: Attendee, schedule: Schedule, now: datetime) -> None:
    """Plan one attendee's nudges again, in the same transaction as the change that requires it."""
    chosen = await work.attendances.of_attendee(attendee.id, schedule.conference.slug)
    schedule = await own_schedule(work, attendee, schedule)
    # Held: else a nudge that is claimed at this moment would be neither owed nor sent in this plan.
    sent = await sent_leave_bys(work, [attendee.id], now, hold=True)
    plan = _plan(attendee, chosen, schedule, now, sent.get(attendee.id, NONE_SENT))
    await work.deliveries.reconcile([(attendee, plan)], now)


def _plan(
    attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, now: datetime, sent: SentLeaveBys
) -> list[Nudge]:
    planned = plan_nudges(attendee, chosen, schedule, now, sent)
    return [*planned, *take_backs(attendee, chosen, schedule, now, sent)]


async def answer_leave_by(
    work: UnitOfWork,
    attendee: Attendee,
    chosen: Sequence[Attendance],
    schedule: Schedule,
    now: datetime,
    session: str,
    asked: Collection[str],
    *,
    asks_place: bool = False,
) -> None:
    """Record that the answer to a command says when to leave for a session, if the message would come at once.

    Then it does not repeat the answer; it follows if the moment to leave moves by more than `WORTH_SENDING`.

    Args:
        session: its id.
        asked: ids of sessions that the answer asks about. A message that asks about others is not recorded.
        asks_place: whether the answer asks where the attendee is. If they do not say it, a message follows.
    """
    sent = await sent_leave_bys(work, [attendee.id], now, hold=True)
    for nudge in plan_nudges(attendee, chosen, schedule, now, sent.get(attendee.id, NONE_SENT)):
        if nudge.kind is not NudgeKind.LEAVE_BY or nudge.subject != session:
            continue
        undecided = {id_ for id_ in str(nudge.facts.get(UNDECIDED, "")).split("\n") if id_}
        soon = is_due_soon(Departure.of_facts(nudge.facts), now, attendee.notice_time)
        if soon and undecided <= set(asked):
            answered = replace(nudge, facts={**nudge.facts, ASKED: 1}) if asks_place else nudge
            await work.deliveries.answer([(attendee.community, answered)], now)


async def sent_leave_bys(
    work: UnitOfWork, attendees: Collection[int], now: datetime, *, hold: bool = False
) -> Mapping[int, SentLeaveBys]:
    """Return the leave-by nudges that were sent to attendees for the sessions of about one day, by attendee id."""
    by_attendee: dict[int, dict[str, SentLeaveBy]] = {}
    for delivery in await work.deliveries.leave_bys(attendees, now - ABOUT_A_DAY, hold=hold):
        by_session, nudge = by_attendee.setdefault(delivery.nudge.attendee, {}), delivery.nudge
        older = by_session.get(nudge.subject)
        if nudge.kind is NudgeKind.LEAVE_BY:
            by_session[nudge.subject] = _with(older, delivery, now)
        elif older and delivery.state in ARRIVED:
            # A later message took it back: if the session is chosen again, the moment to leave is news.
            by_session[nudge.subject] = replace(older, departure=None, also=frozenset(), stands=False)
    return by_attendee


def _with(older: SentLeaveBy | None, delivery: Delivery, now: datetime) -> SentLeaveBy:
    """Add a newer delivery to the sent ones of a session; one that was replaced before sending does not count."""
    nudge, replaced = delivery.nudge, delivery.error == REPLACED
    asked = delivery.error == ANSWERED and ASKED in nudge.facts
    arrived = delivery.state in ARRIVED
    stands = arrived and bool(delivery.message or delivery.state is DeliveryState.CLAIMED)
    return SentLeaveBy(
        nudge.revision,
        int(nudge.facts.get(EDITION, 0)),
        (older.count if older else 0) + 1,
        # One that is on its way may arrive at this very moment.
        delivery.settled_at or now,
        (older.departure if older else None) if replaced or asked else Departure.of_facts(nudge.facts),
        frozenset(str(nudge.facts[ALSO]).split("\n")) if arrived and ALSO in nudge.facts else frozenset(),
        asked,
        stands or (older is not None and older.stands),
    )


async def replan_affected(
    work: UnitOfWork,
    schedule: Schedule,
    sessions: Collection[str] | None,
    now: datetime,
    community: int | None = None,
    before: Before = NOTHING,
) -> int:
    """Replan all attendees who chose one of `sessions`, chunk by chunk; returns how many there are.

    Args:
        sessions: ids; None means any session.
        community: only attendees of this community.
        before: the old versions of changed sessions, by id; attendees of these sessions get a message about the change.
    """
    planned, slug = 0, schedule.conference.slug
    async for chunk in work.attendances.everyone(slug, sessions, community):
        fresh = [(attendee, _changed(chosen, schedule, before, now)) for attendee, chosen in chunk]
        news = (
            (attendee.id, attendance)
            for attendee, chosen in fresh
            for attendance in chosen
            if attendance.session in before
        )
        states = {
            (attendee_id, attendance.session): attendance.last_notified
            for attendee_id, attendance in news
            if attendance.last_notified
        }
        await work.attendances.save_last_notified(slug, states)
        sent = await sent_leave_bys(work, [attendee.id for attendee, _ in fresh], now)
        own = await own_schedules(work, (attendee for attendee, _ in fresh), schedule)
        plans = [
            (
                attendee,
                _plan(attendee, chosen, own.get(attendee.id, schedule), now, sent.get(attendee.id, NONE_SENT)),
            )
            for attendee, chosen in fresh
        ]
        await work.deliveries.reconcile(plans, now)
        planned += len(plans)
    return planned


def _changed(chosen: Sequence[Attendance], schedule: Schedule, before: Before, now: datetime) -> Sequence[Attendance]:
    return [
        after_change(attendance, before[attendance.session], schedule.by_id[attendance.session], now)
        if attendance.session in before
        else attendance
        for attendance in chosen
    ]
