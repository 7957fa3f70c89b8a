"""The plan of nudges: a function of (data, now)."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendee.agenda import build_agenda
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Here
from bot.domain.attendee.departure import Departure
from bot.domain.nudges.leave_by import AGAIN_AFTER, WORTH_SENDING, SentLeaveBy
from bot.domain.nudges.nudge import (
    ALSO,
    EDITION,
    REPLACES,
    Nudge,
    NudgeKind,
    delivery_key,
    plan_nudges,
    silenced_nudges,
)
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import SessionState
from tests.builders import ARC, SEC, at, attendee, schedule
from tests.strategies import attendees, days, instants

ADA = attendee(stay="MGM Grand", agreed_at=at(7, day=28))
CHOSEN = [Attendance("arc301", reserved=True), Attendance("sec203")]


def seen(
    who: Attendee, chosen: list[Attendance], now: datetime, made: Schedule | None = None
) -> list[tuple[str, str, datetime]]:
    plan = plan_nudges(who, chosen, made or schedule(), now)
    return [(nudge.kind.value, nudge.subject, nudge.due_at) for nudge in plan]


def test_a_day_has_a_brief_a_nudge_for_each_session_and_a_recap() -> None:
    plan = plan_nudges(ADA, CHOSEN, schedule(), at(20, day=28))
    leaving = [nudge for nudge in plan if nudge.kind is NudgeKind.LEAVE_BY]
    assert [nudge.subject for nudge in leaving] == ["arc301", "sec203"]
    assert [nudge.expires_at for nudge in leaving] == [ARC.starts_at, SEC.starts_at]
    # 11:00 - 20 min walk-up - 18 min walk, and 10 min of notice before that.
    assert leaving[1].due_at == at(10, 12)
    assert [nudge.kind for nudge in plan] == [
        NudgeKind.MORNING_BRIEF,
        NudgeKind.LEAVE_BY,
        NudgeKind.LEAVE_BY,
        NudgeKind.EVENING_RECAP,
    ]
    assert (plan[0].due_at, plan[-1].due_at) == (at(7), at(18))


def test_nobody_is_nudged_who_has_not_agreed_or_wants_none() -> None:
    assert seen(replace(ADA, agreed_at=None), CHOSEN, at(6)) == []
    assert seen(replace(ADA, nudges_on=False), CHOSEN, at(6)) == []


def test_who_is_on_the_way_or_goes_to_nothing_that_takes_place_is_not_called() -> None:
    left = [replace(CHOSEN[0], left_at=at(8))]
    assert "leave-by" not in [kind for kind, _, _ in seen(ADA, left, at(6))]
    cancelled = schedule([replace(ARC, state=SessionState.CANCELLED)])
    assert seen(ADA, CHOSEN, at(6), cancelled) == []
    assert seen(ADA, [Attendance("gone")], at(6)) == []


def test_who_has_left_is_asked_once_whether_they_are_there() -> None:
    left = [replace(CHOSEN[0], left_at=at(8))]
    promised = ("arrival", "arc301", at(8, 49))
    assert promised in seen(ADA, left, at(8, 1))
    (nudge,) = [one for one in plan_nudges(ADA, left, schedule(), at(8, 1)) if one.kind is NudgeKind.ARRIVAL]
    # Its key stays the same if the session changes, or if they leave once more.
    assert nudge.key == delivery_key(NudgeKind.ARRIVAL, str(ADA.id), "arc301", 1)
    assert nudge.expires_at == at(8, 59)
    arrived = replace(ADA, here=Here("Venetian", at(8, 30)))
    assert "arrival" not in [kind for kind, _, _ in seen(arrived, left, at(8, 31))]
    assert "arrival" not in [kind for kind, _, _ in seen(replace(ADA, nudges_on=False), left, at(8, 1))]
    # Nobody is asked later than that, nor about a session that they would reach after its start.
    assert "arrival" not in [kind for kind, _, _ in seen(ADA, left, at(9))]
    hurried = [replace(CHOSEN[0], left_at=at(8, 40))]
    assert "arrival" not in [kind for kind, _, _ in seen(ADA, hurried, at(8, 41))]


def test_a_brief_for_a_morning_that_is_over_is_left_out_and_a_late_leave_by_is_not() -> None:
    kinds = [kind for kind, _, _ in seen(ADA, CHOSEN, at(8, 55))]
    assert kinds == ["leave-by", "leave-by", "evening-recap"]


def test_moving_a_session_makes_another_nudge_and_nothing_else_does() -> None:
    before = {nudge.subject: nudge.key for nudge in plan_nudges(ADA, CHOSEN, schedule(), at(6))}
    moved = replace(ARC, starts_at=at(9, 30), revision=2)
    after = {nudge.subject: nudge.key for nudge in plan_nudges(ADA, CHOSEN, schedule([moved, SEC]), at(6))}
    assert {subject for subject in before if before[subject] != after[subject]} == {"arc301"}


@given(days(), instants)
def test_the_same_plan_twice_is_the_same_and_nothing_in_it_is_late_or_in_quiet_hours(
    day: tuple[Attendee, list[Attendance], Schedule], now: datetime
) -> None:
    who, chosen, made = day
    plan = plan_nudges(who, chosen, made, now)
    assert plan == plan_nudges(who, list(reversed(chosen)), made, now)
    assert all(nudge.expires_at > now and nudge.due_at < nudge.expires_at for nudge in plan)
    assert len({nudge.key for nudge in plan}) == len(plan)
    if who.quiet:
        waiting = [nudge for nudge in plan if nudge.kind is not NudgeKind.LEAVE_BY or not who.alarms]
        assert all(who.quiet.end_after(nudge.due_at, made.conference.tz) is None for nudge in waiting)


@given(days(), instants)
def test_what_is_only_starred_changes_no_plan_and_no_day(
    day: tuple[Attendee, list[Attendance], Schedule], now: datetime
) -> None:
    who, chosen, made = day
    decided = [attendance for attendance in chosen if attendance.is_decided]
    assert plan_nudges(who, chosen, made, now) == plan_nudges(who, decided, made, now)
    for date in made.days:
        agenda, without = build_agenda(who, chosen, made, date), build_agenda(who, decided, made, date)
        assert replace(agenda, starred=()) == without
        starred = {attendance.session for attendance in chosen if attendance.choice is Choice.STARRED}
        held = {session.id for session in made.on(date) if session.takes_place}
        assert {session.id for _, session in agenda.starred} == starred & held


@given(days(), instants)
def test_on_no_day_is_anybody_sent_two_different_ways_at_once(
    day: tuple[Attendee, list[Attendance], Schedule], now: datetime
) -> None:
    who, chosen, made = day
    who = replace(who, here=who.here if who.here and who.here.at <= now else None)
    orders = [nudge for nudge in plan_nudges(who, chosen, made, now) if is_order(nudge)]
    departures = [Departure.of_facts(nudge.facts) for nudge in orders]
    walks = sorted((departure.leave_by, departure.arrival) for departure in departures if not departure.stays)
    assert all(arrival <= leaves for (_, arrival), (leaves, _) in pairwise(walks))


@given(days(), instants)
def test_every_session_of_the_path_is_told_of_or_taken_back_in_words(
    day: tuple[Attendee, list[Attendance], Schedule], now: datetime
) -> None:
    who, chosen, made = day
    orders = [nudge for nudge in plan_nudges(who, chosen, made, now) if is_order(nudge)]
    named = [id_ for nudge in orders for id_ in str(nudge.facts.get(ALSO, "")).split("\n") if id_]
    subjects = {*named, *(nudge.subject for nudge in orders)}
    assert len(subjects) == len(named) + len(orders)
    silenced = {nudge.subject for nudge in silenced_nudges(who, chosen, made, now)}
    for date in made.days:
        for stop in build_agenda(who, chosen, made, date).stops:
            coming = stop.departure.leave_by - who.notice_time > now
            if stop.assumed and coming and not stop.on_the_way:
                assert (stop.session.id in subjects) != (stop.session.id in silenced)
            if not stop.assumed:
                assert stop.session.id not in subjects
                assert stop.clashes


def is_order(nudge: Nudge) -> bool:
    """Whether it tells somebody to leave."""
    return nudge.kind is NudgeKind.LEAVE_BY


@given(days(), instants, st.integers(1, 600))
def test_a_later_plan_adds_nothing_that_the_earlier_one_had_not(
    day: tuple[Attendee, list[Attendance], Schedule], now: datetime, minutes: int
) -> None:
    who, chosen, made = day
    earlier = {nudge.key: nudge for nudge in plan_nudges(who, chosen, made, now)}
    later = {nudge.key: nudge for nudge in plan_nudges(who, chosen, made, now + timedelta(minutes=minutes))}
    assert later.items() <= earlier.items()


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Attendee], list[Attendance], Schedule, list[datetime]]:
    """Somebody whose place, hotel, pace and notice change again and again, and when."""
    first, chosen, made = draw(days())
    opens = min(session.starts_at for session in made.sessions) - timedelta(hours=3)
    moments = sorted(opens + timedelta(minutes=draw(st.integers(0, 600))) for _ in range(draw(st.integers(1, 8))))
    people = []
    for moment in moments:
        who = draw(attendees())
        here = replace(who.here, at=moment) if who.here else None
        people.append(replace(who, id=first.id, here=here, agreed_at=first.agreed_at))
    return people, chosen, made, moments


@given(lives())
def test_however_often_facts_change_what_is_sent_is_right_and_never_late(
    life: tuple[list[Attendee], list[Attendance], Schedule, list[datetime]],
) -> None:
    """Plans as new facts come, and sends what is due between them: as `replan` and the outbox do."""
    people, chosen, made, moments = life
    sent: dict[str, SentLeaveBy] = {}
    keys: set[str] = set()
    for who, now, until in zip(people, moments, [*moments[1:], moments[-1] + timedelta(days=2)], strict=True):
        for nudge in plan_nudges(who, chosen, made, now, sent):
            at = max(nudge.due_at, now)
            if not is_order(nudge) or at >= until:
                continue
            session, departure = made.by_id[nudge.subject], Departure.of_facts(nudge.facts)
            before = sent.get(nudge.subject)
            assert nudge.key not in keys
            assert at < session.starts_at
            if before and before.departure:
                # It has moved, or the way is known only now.
                moved = abs(departure.leave_by - before.departure.leave_by)
                assert moved >= WORTH_SENDING or (departure.leg and not before.departure.leg)
                assert at >= before.at + AGAIN_AFTER
                assert int(nudge.facts[REPLACES]) == int(before.departure.leave_by.timestamp())
            keys.add(nudge.key)
            edition, count = int(nudge.facts.get(EDITION, 0)), before.count + 1 if before else 1
            also = frozenset(str(nudge.facts.get(ALSO, "")).split("\n"))
            sent[nudge.subject] = SentLeaveBy(nudge.revision, edition, count, at, departure, also)
        # Nothing that was sent is planned again.
        again = plan_nudges(who, chosen, made, until, sent)
        assert not [planned for planned in again if planned.key in keys]


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=50), st.integers(0, 9))
def test_a_key_fits_the_platforms(kind: str, who: str, subject: str, revision: int) -> None:
    key = delivery_key(kind, who, subject, revision)
    assert len(key) <= 25
    assert key.isalnum()
    assert key != delivery_key(kind, who, subject, revision + 1)
