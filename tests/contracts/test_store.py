"""One suite for every store: memory, SQLite and a real PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.app.ports import ANSWERED, Delivery, DeliveryFilter, DeliveryState, Fellow, Outcome, Store
from bot.domain.attendee.attendee import Attendance, Attendee, Choice, Community, Here, Privacy, Reach
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.attendee.proposal import Proposal, TakenSession
from bot.domain.nudges.nudge import EDITION, ChannelTarget, Nudge, NudgeKind
from bot.domain.schedule.session import SessionState
from bot.domain.times.hour_format import HourFormat
from bot.domain.times.zones import QuietHours
from bot.domain.travel.map_links import MapApp
from bot.domain.travel.room_ways import RoomWay
from bot.domain.travel.venue import DoorTime, Place
from bot.domain.travel.walker import Pace, Walker
from bot.domain.travel.way import LegSource, Mode, Way
from bot.storage.repositories import attendances
from tests.builders import ARC, CONFERENCE, KEY, MGM, SEC, VENETIAN, at, nudge, schedule
from tests.fakes.memory_store import people as memory_people

CONSOLE = [DeliveryFilter("console")]


async def joined(store: Store, user: str = "ada", tenant: str = "club", name: str = "") -> Attendee:
    async with store.write_transaction() as work:
        return await work.people.join("console", tenant, user, name)


async def owing(store: Store, attendee: Attendee, *nudges: Nudge, now: int = 8) -> None:
    async with store.write_transaction() as work:
        await work.deliveries.reconcile([(attendee, nudges)], at(now))


async def deliveries_of(store: Store, attendee: Attendee) -> list[Delivery]:
    async with store.read_transaction() as work:
        return list(await work.deliveries.of_attendee(attendee.id))


async def test_a_schedule_comes_back_as_it_was_saved(store: Store) -> None:
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
    async with store.read_transaction() as work:
        loaded = await work.conferences.load("cloud21")
        assert loaded == schedule()
        assert await work.conferences.get("cloud21") == CONFERENCE
        assert await work.conferences.published() == [CONFERENCE]
        assert await work.conferences.load("other") is None


async def test_ways_and_rooms_come_back_as_they_were_stored(store: Store) -> None:
    shuttle = Way(
        "Venetian",
        "MGM Grand",
        24.5,
        LegSource.LEARNED,
        p90=31.25,
        mode=Mode.SHUTTLE,
        metres=300,
        step_free=420,
        outdoor=80,
        wait=7.5,
        days=frozenset({0, 4}),
        hours=(time(7), time(1, 30)),
        both_ways=False,
        samples=23,
        as_of=date(2021, 11, 28),
        line=((36.1, -115.2), (36.2, -115.3)),
    )
    bridge = Way("Venetian", "MGM Grand", 50, LegSource.ORGANIZER, mode=Mode.BRIDGE, step_free=False)
    flat = Way("Venetian", "MGM Grand", 50, LegSource.ROUTED, step_free=True, days=frozenset())
    rooms = replace(
        MGM,
        door_times=(DoorTime("Level 2 | Titian *", 4), DoorTime("Hall *", 1.5)),
        outline=((36.1, -115.17), (36.2, -115.1)),
    )
    titian, hall = Place("MGM Grand", "Level 2 | Titian 1"), Place("Venetian", "")
    room_ways = (RoomWay(titian, hall, 12.25, None, None), RoomWay(hall, titian, 11, 640, date(2021, 11, 28)))
    stored = replace(schedule(venues=(VENETIAN, rooms), ways=(shuttle, bridge, flat)), room_ways=room_ways)
    async with store.write_transaction() as work:
        await work.conferences.save(stored)
    async with store.read_transaction() as work:
        loaded = await work.conferences.load("cloud21")
    assert loaded
    assert (set(loaded.ways), loaded.venues) == ({shuttle, bridge, flat}, (VENETIAN, rooms))
    assert loaded.room_ways == room_ways
    async with store.write_transaction() as work:
        await work.conferences.save(replace(loaded, room_ways=()), loaded)
    async with store.read_transaction() as work:
        assert await work.conferences.load("cloud21") == replace(loaded, room_ways=())


async def test_saving_again_adds_changes_and_removes(store: Store) -> None:
    moved = replace(ARC, starts_at=at(10), ends_at=at(11), revision=2)
    newer = schedule([moved, KEY, replace(SEC, id="new", state=SessionState.CANCELLED)], topics=(), ways=())
    newer = replace(newer, conference=replace(CONFERENCE, revision=2, title="Cloud again"))
    for version in (schedule(), newer):
        async with store.write_transaction() as work:
            await work.conferences.save(version)
    async with store.read_transaction() as work:
        assert await work.conferences.load("cloud21") == newer


async def test_somebody_who_joins_twice_is_one_attendee(store: Store) -> None:
    first, again = await joined(store), await joined(store, name="Ada")
    elsewhere = await joined(store, tenant="other")
    assert again == replace(first, name="Ada")
    assert elsewhere.id != first.id
    assert elsewhere.community.id != first.community.id
    async with store.read_transaction() as work:
        assert await work.people.find("console", "club", "ada") == replace(again, current=False)
        assert await work.people.find("console", "club", "bob") is None
        assert await work.people.by_id([first.id, 999]) == {first.id: replace(again, current=False)}


async def test_everything_about_an_attendee_is_kept(store: Store) -> None:
    attendee = await joined(store)
    async with store.write_transaction() as work:
        await work.communities.save(replace(attendee.community, conference="cloud21"))
    changed = replace(
        attendee,
        community=replace(attendee.community, conference="cloud21"),
        zone="Europe/Berlin",
        stay="MGM Grand",
        here=Here("Venetian", at(9, 15)),
        walker=Walker(Pace.SLOW, 97, step_free=True, likes_walking=True),
        map=MapApp.APPLE,
        stride=0.6,
        notice=25,
        arrive_early=30,
        quiet=QuietHours(time(22), time(7, 30)),
        nudges_on=False,
        agreed_at=at(8),
        privacy=Privacy.COMMUNITY,
        last_list=("arc301", "sec203"),
        proposal=Proposal(
            "cloud21", ("arc301", "sec203"), (TakenSession("arc301", "starred", must=True), TakenSession("sec203"))
        ),
        reach=Reach("D1", "closed", informed=True, thread="T1"),
        announcements=at(7),
        hours=HourFormat.H12,
        locale="de-DE",
    )
    async with store.write_transaction() as work:
        await work.people.save(changed)
        await work.people.save_reach({attendee.id: changed.reach})
    async with store.read_transaction() as work:
        assert await work.people.find("console", "club", "ada") == changed


@pytest.mark.parametrize("setting", ["nudges_on", "threads", "alarms", "has_blocks"])
async def test_each_setting_of_an_attendee_is_kept_for_itself(store: Store, setting: str) -> None:
    attendee = await joined(store)
    change: dict[str, Any] = {setting: not getattr(attendee, setting)}
    changed = replace(attendee, **change)
    async with store.write_transaction() as work:
        await work.people.save(changed)
    async with store.read_transaction() as work:
        assert await work.people.find("console", "club", "ada") == changed


async def test_choices_are_put_replaced_and_dropped(store: Store) -> None:
    ada = await joined(store)
    going, backup = (
        Attendance("arc301", reserved=True),
        Attendance("sec203", Choice.BACKUP, backup_of="arc301"),
    )
    starred = Attendance("dat310", Choice.STARRED, chosen_at=at(8), must=True)
    async with store.write_transaction() as work:
        for choice in (Attendance("arc301"), backup, going, Attendance("dat310", Choice.STARRED), starred):
            await work.attendances.put(ada.id, "cloud21", choice)
    async with store.write_transaction() as work:
        assert await work.attendances.of_attendee(ada.id, "cloud21") == [going, starred, backup]
        assert await work.attendances.remove(ada.id, "cloud21", "dat310")
        assert await work.attendances.of_attendee(ada.id, "other") == []
        assert await work.attendances.remove(ada.id, "cloud21", "sec203")
        assert not await work.attendances.remove(ada.id, "cloud21", "sec203")
    async with store.read_transaction() as work:
        assert await work.attendances.of_attendee(ada.id, "cloud21") == [going]


async def test_all_who_go_are_counted_and_only_the_willing_are_named(store: Store) -> None:
    ada, bob, eve = (
        await joined(store),
        await joined(store, "bob", name="Bob"),
        await joined(store, "eve", "other"),
    )
    cy, dan = await joined(store, "cy"), await joined(store, "dan")
    async with store.write_transaction() as work:
        for person in (bob, eve):
            await work.people.save(replace(person, privacy=Privacy.COMMUNITY))
        for person in (ada, bob, eve):
            await work.attendances.put(person.id, "cloud21", Attendance("arc301"))
        await work.attendances.put(cy.id, "cloud21", Attendance("arc301", Choice.BACKUP, backup_of="sec203"))
        await work.attendances.put(dan.id, "cloud21", Attendance("arc301", Choice.STARRED))
    async with store.read_transaction() as work:
        assert await work.attendances.going(ada.community.id, "cloud21", "arc301") == (
            2,
            [Fellow("bob", "Bob")],
        )


async def test_everyone_streams_all_who_chose_or_those_of_some_sessions(store: Store) -> None:
    people = [await joined(store, f"user{n}") for n in range(5)]
    async with store.write_transaction() as work:
        for n, attendee in enumerate(people[:4]):
            await work.attendances.put(attendee.id, "cloud21", Attendance("arc301" if n % 2 else "sec203"))
            await work.attendances.put(attendee.id, "cloud21", Attendance("key001"))
    async with store.read_transaction() as work:
        everyone = [pair async for chunk in work.attendances.everyone("cloud21") for pair in chunk]
        some = [pair async for chunk in work.attendances.everyone("cloud21", ["arc301"]) for pair in chunk]
    assert [attendee for attendee, _ in everyone] == people[:4]
    odd = [Attendance("arc301"), Attendance("key001")]
    assert some == [(people[1], odd), (people[3], odd)]


async def test_the_same_plan_twice_adds_nothing(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    before = await deliveries_of(store, ada)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)), now=9)
    assert await deliveries_of(store, ada) == before
    assert [(delivery.state, delivery.owed_at, delivery.attempt) for delivery in before] == [
        (DeliveryState.OWED, at(8), 0)
    ]


async def test_a_new_plan_retimes_withdraws_and_adds(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)), nudge(ada.id, "sec203", at(10)))
    retimed, added = nudge(ada.id, "arc301", at(9, 30), facts={"minutes": 7}), nudge(ada.id, "key001", at(12))
    await owing(store, ada, retimed, added)
    assert [delivery.nudge for delivery in await deliveries_of(store, ada)] == [retimed, added]
    async with store.read_transaction() as work:
        assert await work.deliveries.next_due(CONSOLE) == at(9, 30)


async def test_a_plan_of_one_person_leaves_the_others_alone(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    await owing(store, bob, nudge(bob.id, "arc301", at(9)))
    await owing(store, ada)
    assert len(await deliveries_of(store, bob)) == 1


async def test_a_recap_that_is_due_stays_owed_and_one_whose_time_is_over_is_not_added(store: Store) -> None:
    ada = await joined(store)
    recap = nudge(ada.id, "2021-11-29", at(18), kind=NudgeKind.EVENING_RECAP, catch_up=False)
    await owing(store, ada, recap, now=17)
    await owing(store, ada, now=19)
    assert [delivery.nudge for delivery in await deliveries_of(store, ada)] == [recap]
    bob = await joined(store, "bob")
    await owing(store, bob, replace(recap, attendee=bob.id), now=19)
    assert await deliveries_of(store, bob) == []


async def claimed(
    store: Store, now: int, minute: int = 0, limit: int = 10, scopes: list[DeliveryFilter] | None = None
) -> list[Delivery]:
    async with store.write_transaction() as work:
        moment = at(now, minute)
        return await work.deliveries.claim(scopes or CONSOLE, moment, moment + timedelta(minutes=2), limit)


async def test_what_is_due_is_claimed_once_earliest_deadline_first(store: Store) -> None:
    ada = await joined(store)
    late = nudge(ada.id, "2021-11-29", at(9), kind=NudgeKind.MORNING_BRIEF)
    soon = nudge(ada.id, "sec203", at(9, 1))
    await owing(store, ada, late, soon, nudge(ada.id, "key001", at(15)))
    first = await claimed(store, 9, 30, limit=1)
    second = await claimed(store, 9, 30)
    assert [delivery.nudge for delivery in first + second] == [soon, late]
    assert {(delivery.state, delivery.attempt) for delivery in first + second} == {(DeliveryState.CLAIMED, 1)}
    assert await claimed(store, 9, 30) == []


async def test_a_claim_stays_within_its_scopes(store: Store) -> None:
    ada, eve = await joined(store), await joined(store, "eve", "other")
    for attendee in (ada, eve):
        await owing(store, attendee, nudge(attendee.id, "arc301", at(9)))
    assert await claimed(store, 9, scopes=[DeliveryFilter("discord")]) == []
    (mine,) = await claimed(store, 9, scopes=[DeliveryFilter("console", eve.community.id)])
    assert mine.nudge.attendee == eve.id
    async with store.read_transaction() as work:
        assert await work.deliveries.next_due([DeliveryFilter("console", ada.community.id)]) == at(9)
        assert await work.deliveries.next_due([]) is None


async def test_a_lost_lease_is_claimed_again_and_its_outcome_does_not_count(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    (lost,) = await claimed(store, 9)
    (again,) = await claimed(store, 9, 2)
    assert (again.id, again.attempt) == (lost.id, 2)
    async with store.write_transaction() as work:
        await work.deliveries.record_outcomes([Outcome(lost.id, lost.attempt, DeliveryState.DEAD, at(9, 3))])
        await work.deliveries.record_outcomes([Outcome(again.id, again.attempt, DeliveryState.SENT, at(9, 4))])
    (settled,) = await deliveries_of(store, ada)
    assert (settled.state, settled.settled_at, settled.attempt) == (DeliveryState.SENT, at(9, 4), 2)
    assert await claimed(store, 10) == []


async def test_what_was_sent_is_never_owed_again(store: Store) -> None:
    ada = await joined(store)
    sent = nudge(ada.id, "arc301", at(9))
    await owing(store, ada, sent)
    (taken,) = await claimed(store, 9)
    async with store.write_transaction() as work:
        await work.deliveries.record_outcomes([Outcome(taken.id, 1, DeliveryState.SENT, at(9))])
    await owing(store, ada, replace(sent, due_at=at(9, 20)), now=9)
    (stored,) = await deliveries_of(store, ada)
    assert (stored.state, stored.nudge) == (DeliveryState.SENT, sent)


async def test_a_retry_waits_for_its_moment(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    (first,) = await claimed(store, 9)
    async with store.write_transaction() as work:
        await work.deliveries.record_outcomes([Outcome(first.id, 1, DeliveryState.OWED, at(9), "busy", at(9, 5))])
    assert await claimed(store, 9, 4) == []
    (second,) = await claimed(store, 9, 5)
    assert (second.attempt, second.error) == (2, "busy")


async def test_what_is_claimed_is_neither_withdrawn_nor_retimed(store: Store) -> None:
    ada = await joined(store)
    claimed_nudge = nudge(ada.id, "arc301", at(9))
    await owing(store, ada, claimed_nudge)
    (taken,) = await claimed(store, 9)
    await owing(store, ada, now=9)
    await owing(store, ada, replace(claimed_nudge, due_at=at(9, 20)), now=9)
    assert await deliveries_of(store, ada) == [taken]


async def test_what_is_withdrawn_while_it_is_claimed_stays_claimed(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    async with store.write_transaction() as work:
        taken = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 10)
        withdrawing = asyncio.create_task(owing(store, ada, now=9))
        # Long enough for the other transaction to have read what is owed and to wait for this one.
        await asyncio.wait([withdrawing], timeout=0.2)
    await withdrawing
    assert await deliveries_of(store, ada) == taken


async def test_who_is_being_planned_for_changes_nothing_before_the_plan_is_stored(store: Store) -> None:
    ada = await joined(store)
    first, second = nudge(ada.id, "arc301", at(9)), nudge(ada.id, "sec203", at(11))
    async with store.write_transaction() as work:
        await work.attendances.put(ada.id, "cloud21", Attendance("arc301"))

    async def choosing() -> None:
        async with store.write_transaction() as work:
            person = await work.people.join("console", "club", "ada")
            await work.attendances.put(person.id, "cloud21", Attendance("sec203"))
            await work.deliveries.reconcile([(person, [first, second])], at(8))

    async with store.write_transaction() as work:
        ((attendee, chosen),) = [pair async for chunk in work.attendances.everyone("cloud21") for pair in chunk]
        choice = asyncio.create_task(choosing())
        # Long enough for a choice that does not wait to be stored before the plan, which would withdraw it.
        await asyncio.wait([choice], timeout=0.2)
        await work.deliveries.reconcile(
            [(attendee, [first for attendance in chosen if attendance.session == "arc301"])], at(8)
        )
    await choice
    assert [delivery.nudge for delivery in await deliveries_of(store, ada)] == [first, second]


async def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    newer = replace(schedule(topics=()), conference=replace(CONFERENCE, revision=2))
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
    async with store.read_transaction() as work:
        before = await work.conferences.get("cloud21")
        async with store.write_transaction() as other:
            await other.conferences.save(newer)
        assert (before, await work.conferences.load("cloud21")) == (CONFERENCE, schedule())
    async with store.read_transaction() as work:
        assert await work.conferences.load("cloud21") == newer


async def test_a_choice_outlives_an_import_that_lacks_its_session(store: Store) -> None:
    ada = await joined(store)
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        await work.attendances.put(ada.id, "cloud21", Attendance("arc301", left_at=at(8)))
    async with store.write_transaction() as work:
        await work.conferences.save(schedule([KEY]))
    async with store.read_transaction() as work:
        assert await work.attendances.of_attendee(ada.id, "cloud21") == [Attendance("arc301", left_at=at(8))]


async def test_a_community_follows_what_it_chose_last(store: Store) -> None:
    ada = await joined(store)
    async with store.write_transaction() as work:
        for slug in ("cloud20", "cloud21"):
            await work.communities.save(replace(ada.community, conference=slug))
        await work.communities.save(Community(999, "console", "nobody lives there"))
    async with store.read_transaction() as work:
        assert await work.communities.get("console", "club") == replace(ada.community, conference="cloud21")
        assert await work.communities.get("console", "nobody lives there") is None
        assert await work.people.find("console", "club", "ada") == replace(
            ada, community=replace(ada.community, conference="cloud21")
        )


@pytest.fixture
def in_tens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everyone comes ten at a time, and not five hundred."""
    for module in (attendances, memory_people):
        monkeypatch.setattr(module, "CHUNK", 10)


@pytest.mark.usefixtures("in_tens")
async def test_everyone_comes_in_chunks_and_nobody_twice(store: Store) -> None:
    async with store.write_transaction() as work:
        people = [await work.people.join("console", "club", f"user{n}") for n in range(21)]
        for person in people:
            await work.attendances.put(person.id, "cloud21", Attendance("arc301"))
    async with store.read_transaction() as work:
        chunks = [[attendee for attendee, _ in chunk] async for chunk in work.attendances.everyone("cloud21")]
        nobody = [chunk async for chunk in work.attendances.everyone("cloud21", [])]
    assert [attendee for chunk in chunks for attendee in chunk] == people
    assert [len(chunk) for chunk in chunks] == [10, 10, 1]
    assert nobody == []


@pytest.mark.usefixtures("in_tens")
async def test_everyone_may_be_planned_anew_chunk_by_chunk(store: Store) -> None:
    async with store.write_transaction() as work:
        for n in range(15):
            person = await work.people.join("console", "club", f"user{n}")
            await work.attendances.put(person.id, "cloud21", Attendance("arc301"))
        async for chunk in work.attendances.everyone("cloud21"):
            plans = [(attendee, [nudge(attendee.id, "arc301", at(9))]) for attendee, _ in chunk]
            await work.deliveries.reconcile(plans, at(8))
    assert len(await claimed(store, 9, limit=1_000)) == 15


async def test_a_lease_is_what_is_due_next_and_a_settled_delivery_never_is(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    (taken,) = await claimed(store, 9)
    async with store.write_transaction() as work:
        assert await work.deliveries.next_due(CONSOLE) == at(9, 2)
        await work.deliveries.record_outcomes([Outcome(taken.id, 1, DeliveryState.REFUSED, at(9), "closed")])
    async with store.read_transaction() as work:
        assert await work.deliveries.next_due(CONSOLE) is None
    assert [(delivery.state, delivery.error) for delivery in await deliveries_of(store, ada)] == [
        (DeliveryState.REFUSED, "closed")
    ]


async def test_forgetting_somebody_leaves_nothing(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    async with store.write_transaction() as work:
        await work.attendances.put(ada.id, "cloud21", Attendance("arc301"))
        await work.people.forget(ada)
    assert await deliveries_of(store, ada) == []
    async with store.read_transaction() as work:
        assert await work.people.find("console", "club", "ada") is None
        assert await work.attendances.going(ada.community.id, "cloud21", "arc301") == (0, [])


async def test_a_block_that_fails_changes_nothing(store: Store) -> None:
    async def failing() -> None:
        async with store.write_transaction() as work:
            await work.people.join("console", "club", "ada")
            raise LookupError

    with pytest.raises(LookupError):
        await failing()
    async with store.read_transaction() as work:
        assert await work.people.find("console", "club", "ada") is None


CLUB = "general"


async def posting(store: Store, *channels: str) -> Community:
    """The club owes a message to these channels."""
    async with store.write_transaction() as work:
        community = await work.communities.add("console", "club")
        owed = [(community, nudge(0, "a", at(9), place=ChannelTarget(community.id, channel))) for channel in channels]
        await work.deliveries.add(owed, at(8))
        await work.deliveries.add(owed, at(8, 1))
    return community


async def test_a_channel_is_owed_a_message_once_and_it_is_known_where_it_stands(store: Store) -> None:
    club = await posting(store, CLUB, "random")
    first, second = await claimed(store, 9)
    assert [delivery.nudge.place for delivery in (first, second)] == [
        ChannelTarget(club.id, CLUB),
        ChannelTarget(club.id, "random"),
    ]
    assert [delivery.nudge.attendee for delivery in (first, second)] == [0, 0]
    assert (first.channel, first.message) == ("", "")
    async with store.write_transaction() as work:
        assert await work.communities.by_id([club.id, 999]) == {club.id: club}
        sent = Outcome(first.id, 1, DeliveryState.SENT, at(9), channel=CLUB, message="m7")
        await work.deliveries.record_outcomes([sent, Outcome(second.id, 1, DeliveryState.OWED, at(9))])
    (again,) = await claimed(store, 9)
    assert again.nudge == second.nudge


async def test_what_is_owed_to_a_channel_can_be_taken_back_until_somebody_claims_it(store: Store) -> None:
    club = await posting(store, CLUB, "random")
    here, there = ChannelTarget(club.id, CLUB), ChannelTarget(club.id, "random")
    async with store.write_transaction() as work:
        assert await work.deliveries.take_back(NudgeKind.SCHEDULE_DIGEST, here) == []
        (back,) = await work.deliveries.take_back(NudgeKind.LEAVE_BY, here)
        assert (back.subject, back.place) == ("a", here)
        assert await work.deliveries.of_channel(here) == []
        assert await work.deliveries.take_back(NudgeKind.LEAVE_BY, here) == []
    (taken,) = await claimed(store, 9)
    async with store.write_transaction() as work:
        assert await work.deliveries.take_back(NudgeKind.LEAVE_BY, there) == []
        assert [delivery.nudge for delivery in await work.deliveries.of_channel(there)] == [taken.nudge]


async def test_where_a_message_to_somebody_stands_is_kept(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, nudge(ada.id, "arc301", at(9)))
    (taken,) = await claimed(store, 9)
    async with store.write_transaction() as work:
        sent = Outcome(taken.id, 1, DeliveryState.SENT, at(9), channel="d1", message="m1")
        await work.deliveries.record_outcomes([sent])
    (delivery,) = await deliveries_of(store, ada)
    assert (delivery.state, delivery.channel, delivery.message) == (DeliveryState.SENT, "d1", "m1")


async def test_what_is_owed_to_channels_goes_with_the_community_and_not_with_a_person(store: Store) -> None:
    club, ada = await posting(store, CLUB), await joined(store)
    async with store.write_transaction() as work:
        await work.people.forget(ada)
    (taken,) = await claimed(store, 9)
    async with store.write_transaction() as work:
        await work.deliveries.record_outcomes([Outcome(taken.id, 1, DeliveryState.OWED, at(9))])
        await work.communities.save(replace(club, left_at=at(10)))
    assert await claimed(store, 9) == []
    await posting(store, CLUB)
    (sent,) = await claimed(store, 9)
    async with store.write_transaction() as work:
        await work.deliveries.record_outcomes(
            [Outcome(sent.id, 1, DeliveryState.SENT, at(9), channel=CLUB, message="m1")]
        )
        assert await work.communities.forget_left(at(11)) == 1
    await posting(store, CLUB)
    (anew,) = await claimed(store, 9)
    # Under the same key: the one that was sent is no longer there.
    assert (anew.nudge.subject, anew.attempt) == ("a", 1)


async def test_eight_claims_at_once_share_out_what_is_due(store: Store) -> None:
    ada = await joined(store)
    await owing(store, ada, *(nudge(ada.id, f"s{n}", at(9)) for n in range(40)))
    batches = await asyncio.gather(*(claimed(store, 9, limit=5) for _ in range(8)))
    ids = [delivery.id for batch in batches for delivery in batch]
    assert len(ids) == len(set(ids)) == 40


async def test_no_change_is_lost_among_300_who_read_and_then_write(store: Store) -> None:
    ada = await joined(store)

    async def one_minute_more() -> None:
        async with store.write_transaction() as work:
            found = await work.people.find("console", "club", "ada")
            assert found
            await work.people.save(replace(found, notice=found.notice + 1))

    await asyncio.gather(*(one_minute_more() for _ in range(300)))
    async with store.read_transaction() as work:
        assert await work.people.find("console", "club", "ada") == replace(ada, notice=ada.notice + 300)


async def test_one_call_takes_more_values_than_a_statement_has_parameters(store: Store) -> None:
    ada = await joined(store)
    many = [nudge(ada.id, f"s{n}", at(9)) for n in range(33_000)]
    await owing(store, ada, *many)
    async with store.read_transaction() as work:
        assert len(await work.deliveries.of_attendee(ada.id)) == len(many)
        assert await work.people.by_id(range(ada.id, ada.id + 33_000)) == {ada.id: ada}
        ids = [planned.subject for planned in many]
        assert [chunk async for chunk in work.attendances.everyone("cloud21", ids)] == []
    await owing(store, ada)
    assert await deliveries_of(store, ada) == []


async def test_no_write_is_lost_among_many_at_once(store: Store) -> None:
    people = [await joined(store, f"user{n}") for n in range(4)]

    async def one_more(attendee: Attendee, n: int) -> None:
        async with store.write_transaction() as work:
            await work.attendances.put(attendee.id, "cloud21", Attendance(f"s{n}"))

    await asyncio.gather(*(one_more(attendee, n) for attendee in people for n in range(25)))
    async with store.read_transaction() as work:
        assert [len(await work.attendances.of_attendee(attendee.id, "cloud21")) for attendee in people] == [25] * 4


async def test_what_is_known_of_a_choice_is_kept_and_a_dropped_one_is_passed_over(store: Store) -> None:
    ada, last_notified = await joined(store), LastNotified.of(ARC, at(9), 2)
    async with store.write_transaction() as work:
        await work.attendances.put(ada.id, "cloud21", Attendance("arc301", reserved=True))
        await work.attendances.save_last_notified(
            "cloud21", {(ada.id, "arc301"): last_notified, (ada.id, "sec203"): last_notified}
        )
        await work.attendances.save_last_notified("cloud21", {})
    async with store.read_transaction() as work:
        attendance = Attendance("arc301", reserved=True, last_notified=last_notified)
        assert await work.attendances.of_attendee(ada.id, "cloud21") == [attendance]
        assert [chunk async for chunk in work.attendances.everyone("cloud21")] == [[(ada, [attendance])]]
    async with store.write_transaction() as work:
        await work.attendances.put(ada.id, "cloud21", Attendance("arc301"))
        assert await work.attendances.of_attendee(ada.id, "cloud21") == [Attendance("arc301")]


async def test_what_was_sent_to_leave_is_known_and_what_a_newer_one_supersedes(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    first, other = nudge(ada.id, "arc301", at(9)), nudge(ada.id, "sec203", at(9))
    gone = nudge(ada.id, "arc301", at(9), kind=NudgeKind.TAKEN_BACK)
    brief = nudge(ada.id, "2021-11-29", at(9), kind=NudgeKind.MORNING_BRIEF)
    await owing(store, ada, first, other, brief, gone)
    await owing(store, bob, nudge(bob.id, "arc301", at(9)))
    async with store.write_transaction() as work:
        assert await work.deliveries.leave_bys([ada.id, bob.id], at(8), hold=True) == []
        claimed = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 9)
    ids = {(e.nudge.attendee, e.nudge.subject): e.id for e in claimed if e.nudge.kind is NudgeKind.LEAVE_BY}
    again = replace(first, facts={EDITION: 1}, due_at=at(9, 10), expires_at=at(9, 30))
    await owing(store, ada, again, now=9)
    async with store.write_transaction() as work:
        leave_bys = await work.deliveries.leave_bys([ada.id], at(9, 1), hold=True)
        assert [(delivery.nudge.kind, delivery.nudge.subject, delivery.state) for delivery in leave_bys] == [
            (NudgeKind.LEAVE_BY, "arc301", DeliveryState.CLAIMED),
            (NudgeKind.LEAVE_BY, "sec203", DeliveryState.CLAIMED),
            (NudgeKind.TAKEN_BACK, "arc301", DeliveryState.CLAIMED),
        ]
        assert await work.deliveries.leave_bys([ada.id], at(9, 30)) == await work.deliveries.leave_bys([], at(8)) == []
        assert await work.deliveries.superseded(claimed) == {ids[ada.id, "arc301"]}
        assert await work.deliveries.superseded([]) == set()
    async with store.read_transaction() as work:
        assert len(await work.deliveries.leave_bys([ada.id, bob.id], at(9))) == 4


async def test_what_an_answer_says_is_never_sent_unless_it_is_claimed_already(store: Store) -> None:
    ada = await joined(store)
    claimed, waiting, new = nudge(ada.id, "arc301", at(9)), nudge(ada.id, "sec203", at(9, 5)), nudge(ada.id, "x", at(9))
    await owing(store, ada, claimed, waiting)
    async with store.write_transaction() as work:
        assert len(await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 9)) == 1
        answered = replace(waiting, facts={"early": 5})
        await work.deliveries.answer([(ada.community, planned) for planned in (claimed, answered, new)], at(9))
        await work.deliveries.answer([(ada.community, answered)], at(9, 1))
    async with store.write_transaction() as work:
        deliveries = await work.deliveries.of_attendee(ada.id)
        assert sorted((e.nudge.subject, e.state, e.error, e.settled_at, dict(e.nudge.facts)) for e in deliveries) == [
            ("arc301", DeliveryState.CLAIMED, "", None, {}),
            ("sec203", DeliveryState.EXPIRED, ANSWERED, at(9), {"early": 5}),
            ("x", DeliveryState.EXPIRED, ANSWERED, at(9), {}),
        ]
        assert await work.deliveries.next_due(CONSOLE) == at(9, 2)


async def test_another_edition_of_a_nudge_is_another_delivery(store: Store) -> None:
    ada = await joined(store)
    first = nudge(ada.id, "arc301", at(9))
    for edition in (0, 1, 1, 2):
        await owing(
            store, ada, *(replace(first, facts={EDITION: number} if number else {}) for number in range(edition + 1))
        )
    assert len({delivery.nudge.key for delivery in await deliveries_of(store, ada)}) == 3


async def test_people_with_a_seat_are_counted_once(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    async with store.write_transaction() as work:
        assert await work.attendances.count_seated("cloud21") == 0
        for who, code, reserved in ((ada, "arc301", True), (ada, "sec203", True), (bob, "arc301", False)):
            await work.attendances.put(who.id, "cloud21", Attendance(code, reserved=reserved))
        assert await work.attendances.count_seated("cloud21") == 1
        assert await work.attendances.count_seated("other") == 0
