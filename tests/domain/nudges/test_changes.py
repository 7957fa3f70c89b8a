"""What people know of their sessions, and what there is to tell them."""

from dataclasses import replace

from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.nudges.changes import after_change, pending_changes
from bot.domain.nudges.nudge import NudgeKind, plan_nudges
from tests.builders import ARC, SEC, at, attendee, schedule

LATER = replace(ARC, starts_at=at(10), ends_at=at(11), revision=2)
LATEST = replace(ARC, starts_at=at(12), ends_at=at(13), revision=3)
GOING = Attendance("arc301")


def test_what_was_known_first_is_kept_until_it_is_told() -> None:
    once = after_change(GOING, ARC, LATER, at(8))
    twice = after_change(once, LATER, LATEST, at(8, 3))
    assert once.last_notified == twice.last_notified == LastNotified.of(ARC, at(8))
    assert [attendance.last_notified for attendance in pending_changes([twice], schedule([LATEST]).by_id)] == [
        LastNotified.of(ARC, at(8))
    ]
    assert pending_changes([twice], schedule([ARC]).by_id) == pending_changes([twice], {}) == []


def test_back_and_forth_counts_from_the_last_time_it_differed() -> None:
    once = after_change(GOING, ARC, LATER, at(8))
    back = after_change(once, LATER, ARC, at(8, 2))
    again = after_change(back, ARC, LATER, at(8, 4))
    assert again.last_notified == LastNotified.of(ARC, at(8, 4))


def test_what_they_know_is_the_session_as_it_was() -> None:
    assert LastNotified.of(ARC, at(8)).session(LATER) == replace(ARC, revision=2)
    assert LastNotified.of(ARC, at(8)).agrees(replace(ARC, abstract="New", speakers=("Bob",), title="Other"))
    assert not LastNotified.of(ARC, at(8)).agrees(LATER)


def test_who_left_before_it_was_moved_is_not_on_the_way() -> None:
    left = replace(GOING, left_at=at(8))
    assert left.has_left_for(ARC)
    assert not after_change(left, ARC, LATER, at(8, 1)).has_left_for(LATER)
    assert replace(after_change(left, ARC, LATER, at(8, 1)), left_at=at(8, 2)).has_left_for(LATER)


def test_changes_at_about_the_same_time_are_one_nudge_whatever_else_is_planned() -> None:
    ada, made = attendee(agreed_at=at(7, day=28)), schedule([LATER, replace(SEC, starts_at=at(11, 5), revision=2)])
    eve = at(20, day=28)
    arc = after_change(GOING, ARC, LATER, eve)
    sec = after_change(Attendance("sec203"), SEC, made.by_id["sec203"], at(20, 4, day=28))

    def changes(*chosen: Attendance) -> list[tuple[str, int, object, object]]:
        plan = plan_nudges(ada, chosen, made, eve)
        found = [nudge for nudge in plan if nudge.kind is NudgeKind.SESSION_CHANGED]
        return [(nudge.subject, nudge.revision, nudge.due_at, dict(nudge.facts)) for nudge in found]

    due = at(20, 5, day=28)
    assert changes(arc) == [("arc301", 2, due, {"arc301": 0})]
    ((subject, *rest),) = changes(arc, sec)
    assert rest == [2, due, {"arc301": 0, "sec203": 0}]
    assert len(subject) == 24
    assert changes(sec, arc) == changes(arc, sec)
