"""Counts of people, agendas and nudges without names, on every store."""

from dataclasses import replace

from bot.app.ports import (
    ANSWERED,
    DISCARDED,
    REPLACED,
    TOO_LATE,
    DeliveryFilter,
    DeliveryState,
    NudgeCount,
    NudgeOutcome,
    Outcome,
    PeopleCount,
    Store,
)
from bot.domain.attendee.attendee import Attendance, Attendee, Choice
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import at, nudge

CONSOLE = [DeliveryFilter("console")]


async def joined(
    store: Store, user: str, *sessions: str, tenant: str = "club", conference: str = "cloud21"
) -> Attendee:
    async with store.write_transaction() as work:
        person = await work.people.join("console", tenant, user)
        for session in sessions:
            await work.attendances.put(person.id, conference, Attendance(session))
    return person


async def test_people_are_counted_by_community_and_conference(store: Store) -> None:
    async with store.read_transaction() as work:
        assert await work.numbers.people() == []
    ada = await joined(store, "ada", "a", "b")
    await joined(store, "bob", "a", conference="other")
    cy, dan = await joined(store, "cy"), await joined(store, "dan")
    eve = await joined(store, "eve", "a", tenant="elsewhere")
    async with store.write_transaction() as work:
        await work.people.save(replace(ada, agreed_at=at(8)))
        await work.people.save(replace(cy, agreed_at=at(8), nudges_on=False))
        await work.attendances.put(cy.id, "cloud21", Attendance("a", Choice.BACKUP, backup_of="b"))
        await work.attendances.put(dan.id, "cloud21", Attendance("a", Choice.STARRED))
    async with store.write_transaction() as work:
        assert await work.numbers.people() == [PeopleCount("console", 5, 1, 3)]
        assert await work.numbers.people(ada.community.id, "cloud21") == [PeopleCount("console", 4, 1, 1)]
        await work.communities.save(replace(eve.community, left_at=at(9)))
        assert await work.numbers.people() == [PeopleCount("console", 4, 1, 2)]


async def test_who_goes_to_several_sessions_of_a_group_counts_once(store: Store) -> None:
    ada = await joined(store, "ada", "a", "b")
    bob = await joined(store, "bob", "b")
    await joined(store, "eve", "a", tenant="elsewhere")
    async with store.write_transaction() as work:
        await work.attendances.put(bob.id, "cloud21", Attendance("a", Choice.BACKUP, backup_of="b"))
        groups = [("a", 0), ("b", 0), ("a", 1), ("b", 2), ("none", 3)]
        assert await work.numbers.going(ada.community.id, "cloud21", groups) == {0: 2, 1: 1, 2: 2}
        assert await work.numbers.going(ada.community.id, "other", groups) == {}
        assert await work.numbers.going(ada.community.id, "cloud21", []) == {}


ENDS = (
    ("on time", DeliveryState.SENT, at(9, 1), ""),
    ("late", DeliveryState.SENT, at(9, 2), ""),
    ("refused", DeliveryState.REFUSED, at(9), "closed"),
    ("dead", DeliveryState.DEAD, at(9), "why"),
    ("expired", DeliveryState.EXPIRED, at(9), TOO_LATE),
    ("discarded", DeliveryState.EXPIRED, at(9), DISCARDED),
    ("uncertain", DeliveryState.UNCERTAIN, at(9), "perhaps sent"),
    ("answered", DeliveryState.EXPIRED, at(9), ANSWERED),
    ("replaced", DeliveryState.EXPIRED, at(9), REPLACED),
    ("untrue", DeliveryState.EXPIRED, at(9), "no longer true"),
)


async def test_nudges_are_counted_by_what_became_of_them(store: Store) -> None:
    ada, eve = await joined(store, "ada"), await joined(store, "eve", tenant="elsewhere")
    subjects = [subject for subject, *_ in ENDS]
    async with store.write_transaction() as work:
        patient = nudge(ada.id, "patient", at(9), kind=NudgeKind.MORNING_BRIEF)
        announced = nudge(ada.id, "announced", at(9), kind=NudgeKind.ANNOUNCEMENT)
        owed = [patient, announced, *(nudge(ada.id, subject, at(9)) for subject in subjects)]
        await work.deliveries.add([(ada.community, planned) for planned in owed], at(8))
        await work.deliveries.add([(eve.community, nudge(eve.id, "late", at(9)))], at(8))
        await work.deliveries.add([(ada.community, nudge(ada.id, "waits", at(10)))], at(8))
        claimed = await work.deliveries.claim(CONSOLE, at(9), at(9, 30), 99)
        others = (
            ("patient", DeliveryState.SENT, at(9, 21), ""),
            ("announced", DeliveryState.SENT, at(9), ""),
        )
        outcomes = {subject: (state, when, error) for subject, state, when, error in (*ENDS, *others)}
        await work.deliveries.record_outcomes(
            [Outcome(delivery.id, delivery.attempt, *outcomes[delivery.nudge.subject]) for delivery in claimed]
        )
    async with store.read_transaction() as work:
        leaving = {
            NudgeOutcome.EXPIRED: 2,
            NudgeOutcome.FAILED: 1,
            NudgeOutcome.LATE: 1,
            NudgeOutcome.ON_TIME: 1,
            NudgeOutcome.REFUSED: 1,
            NudgeOutcome.UNCERTAIN: 1,
        }
        theirs = [NudgeCount("console", NudgeKind.LEAVE_BY, outcome, count) for outcome, count in leaving.items()]
        brief = NudgeCount("console", NudgeKind.MORNING_BRIEF, NudgeOutcome.ON_TIME, 1)
        assert await work.numbers.nudges(ada.community.id) == [*theirs, brief]
        everywhere = [replace(count, count=2) if count.outcome is NudgeOutcome.LATE else count for count in theirs]
        assert await work.numbers.nudges() == [*everywhere, brief]
