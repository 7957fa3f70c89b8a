"""What every store keeps of announcements, organizers and audiences."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app.ports import POSSIBLY_SENT, AudienceCount, DeliveryFilter, DeliveryState, DeliveryStats, Outcome, Store
from bot.domain.announcements.announcement import Announcement, How, Job, ProgressMessage, Stage, Words
from bot.domain.announcements.audience import Audience, Listener, Term, Who, audience_filter
from bot.domain.announcements.moment import Anchor, Moment
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import PERSON, ChannelTarget, Nudge, NudgeKind
from bot.domain.times.zones import QuietHours
from tests.builders import at, nudge, schedule
from tests.domain.announcements.test_audience import SCHEDULE, listeners, moments, terms

CONSOLE = [DeliveryFilter("console")]


async def club(store: Store, tenant: str = "club") -> Community:
    async with store.write_transaction() as work:
        return await work.communities.add("console", tenant)


def draft(community: Community, **more: object) -> Announcement:
    made = Announcement(0, community.id, 7, Words("Lunch", "At noon", "https://a.example", ""), at(8))
    return replace(made, **more)  # type: ignore[arg-type]  # fields of it


async def test_everything_about_an_announcement_is_kept(store: Store) -> None:
    here = await club(store)
    full = draft(
        here,
        audience=Audience((Term(Who.GOING, "arc301"), Term(Who.ORGANIZERS))),
        channels=("general", "hall"),
        how=How.BOTH,
        urgent=True,
        notify=True,
        moment=Moment(at(12), "arc301", 10, Anchor.END, "2021-11-29"),
        planned_at=at(11, 50),
        linked=(3, 4),
        skipped=((5, "the link was undone"),),
        stage=Stage.GOING,
        version=5,
        confirmed_at=at(9),
        fired_at=at(10),
        finished_at=at(11),
        cursor=None,
        job=Job.EDIT,
        worked=9,
        progress=ProgressMessage("d1", "m1"),
        why="so",
    )
    async with store.write_transaction() as work:
        first = await work.announcements.add(full)
        second = await work.announcements.add(draft(here))
        assert second == draft(here, id=second.id)
        silent = replace(second, urgent=True, progress=ProgressMessage(possible=False))
        await work.announcements.save(silent, at(12))
        await work.announcements.save(draft(here, id=999), at(12))
    async with store.read_transaction() as work:
        assert await work.announcements.get(first.id) == replace(full, id=first.id)
        assert await work.announcements.get(999) is None
        assert await work.announcements.of_community(here.id, 5) == [silent, first]
        assert await work.announcements.of_community(here.id, 1) == [silent]
        assert await work.announcements.of_community(here.id + 1, 5) == []


async def test_what_is_planned_or_held_is_found_for_a_change_of_the_schedule(store: Store) -> None:
    here = await club(store)
    async with store.write_transaction() as work:
        made = [await work.announcements.add(draft(here, stage=stage)) for stage in Stage]
        found = await work.announcements.waiting()
    assert found == [announcement for announcement in made if announcement.stage in (Stage.PLANNED, Stage.HELD)]


async def test_an_announcement_is_looked_at_by_one_who_may_and_again_when_the_lease_is_over(store: Store) -> None:
    here, there = await club(store), await club(store, "other")
    async with store.write_transaction() as work:
        for place in (here, there):
            await work.announcements.save(await work.announcements.add(draft(place)), at(9))
        await work.announcements.add(draft(here))

    async def claimed(*scopes: DeliveryFilter, hour: int = 9) -> list[int]:
        async with store.write_transaction() as work:
            found = await work.announcements.claim(scopes, at(hour), at(hour, 2), 10)
            return [announcement.community for announcement in found]

    assert await claimed(DeliveryFilter("discord"), hour=10) == []
    assert await claimed(*CONSOLE, hour=8) == []
    assert await claimed(DeliveryFilter("console", there.id)) == [there.id]
    assert await claimed(*CONSOLE) == [here.id]
    assert await claimed(*CONSOLE) == []
    async with store.read_transaction() as work:
        assert await work.announcements.next_due(CONSOLE) == at(9, 2)
        assert await work.announcements.next_due([DeliveryFilter("discord")]) is None
    assert await claimed(*CONSOLE, hour=10) == [here.id, there.id]


async def test_what_a_community_announced_goes_with_it_elsewhere_too(store: Store) -> None:
    here, there = await club(store), await club(store, "other")
    async with store.write_transaction() as work:
        made = await work.announcements.add(draft(here))
        await work.deliveries.add([(there, announced(made, place=ChannelTarget(there.id, "hall")))], at(8))
        await work.communities.save(replace(here, left_at=at(9)))
        assert await work.communities.forget_left(at(10)) == 1
        assert await work.announcements.get(made.id) is None
        assert await work.announcement_deliveries.stats(made.id) == DeliveryStats()


def announced(made: Announcement, who: int = 0, place: ChannelTarget | None = None) -> Nudge:
    return nudge(who, str(made.id), at(9), kind=NudgeKind.ANNOUNCEMENT, place=place, expires_at=at(20))


async def test_the_drafts_of_somebody_who_is_forgotten_go_and_what_was_sent_says_no_longer_who_wrote_it(
    store: Store,
) -> None:
    async with store.write_transaction() as work:
        bob, eve = [await work.people.join("console", "club", name) for name in ("bob", "eve")]
        made = Announcement(0, bob.community.id, bob.id, Words("Lunch"), at(8))
        draft, asked, cancelled = [
            await work.announcements.add(replace(made, stage=stage))
            for stage in (Stage.DRAFT, Stage.ASKED, Stage.CANCELLED)
        ]
        sent = await work.announcements.add(replace(made, stage=Stage.DONE, fired_at=at(9)))
        hers = await work.announcements.add(replace(made, author=eve.id))
        await work.people.forget(bob)
    async with store.read_transaction() as work:
        remaining = await work.announcements.of_community(bob.community.id, 99)
        gone = [await work.announcements.get(announcement.id) for announcement in (draft, asked, cancelled)]
    assert (list(remaining), gone) == ([hers, replace(sent, author=0)], [None, None, None])


async def owing(store: Store, number: int = 5) -> tuple[Announcement, list[Attendee]]:
    here = await club(store)
    async with store.write_transaction() as work:
        made = await work.announcements.add(draft(here))
        people = [await work.people.join("console", "club", f"user{n}") for n in range(number)]
        await work.deliveries.add([(here, announced(made, attendee.id)) for attendee in people], at(8))
        # A nudge about something of the same name is none of its deliveries.
        await work.deliveries.add([(here, nudge(people[0].id, str(made.id), at(9)))], at(8))
    return made, people


async def test_what_became_of_an_announcement_is_counted(store: Store) -> None:
    made, people = await owing(store)
    async with store.write_transaction() as work:
        assert await work.announcement_deliveries.stats(made.id) == DeliveryStats({DeliveryState.OWED: 5}, {}, 0, at(9))
        assert await work.announcement_deliveries.delays(made.id) is None
        found = await work.announcement_deliveries.next_page(made.id, 0, 3)
        rest = await work.announcement_deliveries.next_page(made.id, found[-1].id, 9)
        assert [delivery.nudge.attendee for delivery in (*found, *rest)] == [attendee.id for attendee in people]
        await work.people.save_reach({people[1].id: Reach("d", "closed", thread="t9")})
        taken = [
            delivery
            for delivery in await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 9)
            if delivery.nudge.expires_at == at(20)
        ]
        ends = [at(9) + timedelta(seconds=seconds) for seconds in (1, 2, 30)]
        sent = [
            Outcome(delivery.id, 1, DeliveryState.SENT, end, channel=place, message="m")
            for delivery, end, place in zip(taken, ends, ("d0", "t9", "d2"), strict=False)
        ]
        refused = [Outcome(delivery.id, 1, DeliveryState.REFUSED, at(9), "closed") for delivery in taken[3:4]]
        await work.deliveries.record_outcomes([*sent, *refused])
    async with store.read_transaction() as work:
        tally = await work.announcement_deliveries.stats(made.id)
        assert tally.states == {DeliveryState.SENT: 3, DeliveryState.REFUSED: 1, DeliveryState.CLAIMED: 1}
        assert (tally.reasons, tally.instead, tally.next_at) == ({"closed": 1}, 1, at(9, 2))
        assert (tally.total, tally.remaining) == (5, 1)
        assert await work.announcement_deliveries.delays(made.id) == (timedelta(seconds=2), timedelta(seconds=30))


async def test_what_is_owed_is_held_let_go_and_ended_and_what_is_claimed_is_not(store: Store) -> None:
    made, _ = await owing(store)
    async with store.write_transaction() as work:
        (first, *_) = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 2)
        assert await work.announcement_deliveries.transition(made.id, DeliveryState.HELD, at(9)) in (3, 4)
        assert [e.nudge.kind for e in await work.deliveries.claim(CONSOLE, at(9), at(9, 1), 9)] == []
        again = Outcome(first.id, 1, DeliveryState.HELD, at(9))
        await work.deliveries.record_outcomes([again])
    async with store.write_transaction() as work:
        held = (await work.announcement_deliveries.stats(made.id)).states[DeliveryState.HELD]
        assert await work.announcement_deliveries.transition(made.id, DeliveryState.OWED, at(10)) == held
        assert (await work.announcement_deliveries.stats(made.id)).states[DeliveryState.OWED] == held
        assert (
            await work.announcement_deliveries.transition(made.id, DeliveryState.EXPIRED, at(11), "cancelled") == held
        )
        tally = await work.announcement_deliveries.stats(made.id)
        assert (tally.states[DeliveryState.EXPIRED], tally.reasons) == (held, {"cancelled": held})
        assert await work.announcement_deliveries.transition(made.id, DeliveryState.OWED, at(11)) == 0


async def test_what_is_ended_in_doubt_is_uncertain(store: Store) -> None:
    made, _ = await owing(store, 2)
    async with store.write_transaction() as work:
        _, one = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 2)
        assert one.nudge.kind is NudgeKind.ANNOUNCEMENT
        await work.deliveries.record_outcomes(
            [Outcome(one.id, 1, DeliveryState.HELD, at(9), f"{POSSIBLY_SENT}: reset")]
        )
    async with store.write_transaction() as work:
        assert await work.announcement_deliveries.transition(made.id, DeliveryState.EXPIRED, at(11), "cancelled") == 2
        tally = await work.announcement_deliveries.stats(made.id)
        assert tally.states == {DeliveryState.UNCERTAIN: 1, DeliveryState.EXPIRED: 1}
        assert (tally.reasons, tally.next_at) == ({f"{POSSIBLY_SENT}: reset": 1, "cancelled": 1}, None)


async def test_what_became_of_a_recall_is_kept(store: Store) -> None:
    made, _ = await owing(store, 2)
    async with store.write_transaction() as work:
        one, two = await work.announcement_deliveries.next_page(made.id, 0, 5)
        await work.announcement_deliveries.record_amendments(
            {one.id: (DeliveryState.RECALLED, ""), two.id: (DeliveryState.SENT, "too old")}
        )
        await work.announcement_deliveries.record_amendments({})
        tally = await work.announcement_deliveries.stats(made.id)
    assert (tally.states[DeliveryState.RECALLED], tally.reasons) == (1, {"too old": 1})


async def peopled(store: Store, crowd: list[Listener]) -> dict[int, Listener]:
    """The listeners as attendees of the club, and somebody in another community."""
    async with store.write_transaction() as work:
        await work.conferences.save(SCHEDULE)
        stored_listeners = {}
        for number, listener in enumerate([*crowd, Listener(Attendee(0, Community(0, "", ""), ""))]):
            tenant = "club" if number < len(crowd) else "other"
            joined = await work.people.join("console", tenant, f"user{number}")
            joined = replace(joined, stay=listener.attendee.stay, announcements=at(8) if number % 2 == 0 else None)
            await work.people.save(joined)
            for choice in listener.chosen:
                await work.attendances.put(joined.id, "cloud21", choice)
            if listener.is_organizer:
                await work.organizers.add(joined.community.id, Organizer(joined.user, "", at(7)))
            stored_listeners[joined.id] = replace(listener, attendee=joined)
    return stored_listeners


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(listeners, min_size=3, max_size=8), st.lists(st.lists(terms, max_size=3), min_size=5, max_size=12), moments
)
async def test_every_store_finds_the_audience_that_the_sieve_lets_pass(
    store: Store, crowd: list[Listener], wanted: list[list[Term]], now: datetime
) -> None:
    async with store.write_transaction() as work:
        for attendee in (await work.people.by_id(range(5_000))).values():
            await work.people.forget(attendee)
    stored_listeners = await peopled(store, crowd)
    here = next(iter(stored_listeners.values())).attendee.community
    async with store.read_transaction() as work:
        for some in wanted:
            sieve = audience_filter(Audience(tuple(some)), SCHEDULE, now)
            inside = [
                listener.attendee
                for listener in stored_listeners.values()
                if listener.attendee.community == here and sieve.passes(listener)
            ]
            agreed = [attendee for attendee in inside if attendee.announcements]
            found = await work.audiences.count([here.id], "cloud21", sieve)
            assert (found.people, found.silent) == (len(inside), len(inside) - len(agreed)), some
            first = await work.audiences.next_page([here.id], "cloud21", sieve, 0, 2)
            rest = await work.audiences.next_page([here.id], "cloud21", sieve, first[-1].id if first else 0, 99)
            assert [attendee.id for attendee in (*first, *rest)] == [attendee.id for attendee in agreed], some


async def test_a_crowd_is_counted_by_how_it_can_be_reached(store: Store) -> None:
    here = await club(store)
    night = QuietHours(time(22), time(7))
    async with store.write_transaction() as work:
        people = [await work.people.join("console", "club", f"user{n}") for n in range(6)]
        for attendee in people[1:]:
            quiet, threads = night if attendee is people[1] else None, attendee is people[3]
            await work.people.save(replace(attendee, announcements=at(8), quiet=quiet, threads=threads))
        await work.people.save_reach({attendee.id: Reach("d", "closed") for attendee in people[2:4]})
        await work.audit.add(here.id, AuditEntry(at(8), "user5", "", "/announce"))
    async with store.write_transaction() as work:
        sieve = audience_filter(Audience(), schedule(), at(9))
        expected = {str(night): 1, "": 2}
        assert await work.audiences.count([here.id], "cloud21", sieve) == AudienceCount(6, 1, 2, expected)
        await work.communities.save(replace(here, reminders="77"))
        found = await work.audiences.count([here.id], "cloud21", sieve)
        assert (found, found.reached) == (AudienceCount(6, 1, 1, {**expected, "": 3}), 4)
        organizers = audience_filter(Audience((Term(Who.ORGANIZERS),)), schedule(), at(9))
        lately = await work.audiences.next_page([here.id], "cloud21", organizers, 0, 9)
        assert [attendee.user for attendee in lately] == ["user5"]
        later = audience_filter(Audience((Term(Who.ORGANIZERS),)), schedule(), at(9) + timedelta(days=40))
        assert await work.audiences.next_page([here.id], "cloud21", later, 0, 9) == []
        await work.communities.save(replace(here, left_at=at(9)))
        assert await work.audiences.count([here.id], "cloud21", sieve) == AudienceCount()


async def test_who_is_in_several_communities_counts_once_and_as_who_agreed_if_they_did(store: Store) -> None:
    here, there = await club(store), await club(store, "other")
    agreed = {"ada": (False, True), "bob": (True, True), "cy": (False, False)}
    async with store.write_transaction() as work:
        foreign = await work.communities.add("slack", "club")
        for user, answers in agreed.items():
            for where, has in zip((here, there), answers, strict=True):
                attendee = await work.people.join(where.platform, where.tenant, user)
                await work.people.save(replace(attendee, announcements=at(8) if has else None))
        await work.people.join("slack", "club", "ada")
    sieve = audience_filter(Audience(), schedule(), at(9))
    async with store.read_transaction() as work:
        found = [
            await work.audiences.count(ids, "cloud21", sieve)
            for ids in ([here.id], [there.id], [here.id, there.id], [here.id, there.id, foreign.id])
        ]
    assert found == [
        AudienceCount(3, 2, 0, {"": 1}),
        AudienceCount(3, 1, 0, {"": 2}),
        AudienceCount(3, 1, 0, {"": 2}),
        AudienceCount(4, 2, 0, {"": 2}),
    ]


async def test_a_person_in_several_communities_is_owed_it_once(store: Store) -> None:
    here, there = await club(store), await club(store, "other")
    async with store.write_transaction() as work:
        made = await work.announcements.add(draft(here))
        for number, where in enumerate((here, there)):
            attendee = await work.people.join("console", where.tenant, "ada")
            owed = announced(made, attendee.id)
            await work.deliveries.add([(where, replace(owed, facts={PERSON: "console:ada"}))], at(8, number))
        (delivery,) = await work.announcement_deliveries.next_page(made.id, 0, 9)
        claimed = await work.deliveries.claim(CONSOLE, at(9), at(10), 9)
    assert [taken.nudge.key for taken in claimed] == [delivery.nudge.key]
    assert delivery.owed_at == at(8)


async def test_what_became_of_it_is_told_for_all_and_for_each_community(store: Store) -> None:
    here, there = await club(store), await club(store, "other")
    async with store.write_transaction() as work:
        made = await work.announcements.add(draft(here))
        for where, channel in ((here, "a"), (there, "a"), (there, "b")):
            await work.deliveries.add([(where, announced(made, place=ChannelTarget(where.id, channel)))], at(8))
        first = (await work.announcement_deliveries.next_page(made.id, 0, 1))[0]
        await work.announcement_deliveries.record_amendments({first.id: (DeliveryState.DEAD, "lost")})
        found = [
            await work.announcement_deliveries.stats(made.id, community) for community in (None, here.id, there.id, 999)
        ]
    assert [stats.total for stats in found] == [3, 1, 2, 0]
    assert [stats.reasons for stats in found] == [{"lost": 1}, {"lost": 1}, {}, {}]


async def test_the_urgent_are_counted_where_they_are_got(store: Store) -> None:
    here, there = await club(store), await club(store, "other")
    async with store.write_transaction() as work:
        for urgent, linked, hour in ((True, (), 9), (True, (there.id,), 10), (False, (there.id,), 10), (True, (), 8)):
            await work.announcements.add(draft(here, urgent=urgent, linked=linked, confirmed_at=at(hour)))
        await work.announcements.add(draft(there, urgent=True))
        found = await work.announcements.count_urgent([here.id, there.id, 999], at(8))
    assert found == {here.id: 2, there.id: 1, 999: 0}
