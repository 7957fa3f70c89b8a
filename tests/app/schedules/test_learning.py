"""From taps to learned ways: "On my way", "I'm here", and the question at the promised moment."""

from datetime import timedelta

from bot.app.ports import Promise
from bot.app.schedules.learning import INTERVAL, KEY_ENDS_AFTER, WalkLearningJob
from bot.domain.travel.way import LegSource, Way
from bot.domain.walks.walk import WalkOutcome
from tests.builders import CONFERENCE, SEC, at
from tests.fakes.app_harness import AppHarness
from tests.support.taps import LEG, arrive, leave, promises, walked

SLUG = CONFERENCE.slug


async def learned(app: AppHarness) -> dict[tuple[str, str], Way]:
    async with app.store.read_transaction() as work:
        schedule = await work.conferences.load(SLUG)
    assert schedule
    return {(way.origin, way.target): way for way in schedule.ways if way.source is LegSource.LEARNED}


def job(app: AppHarness) -> WalkLearningJob:
    return WalkLearningJob(app.store, app.clock, lambda: None)


async def test_the_time_from_on_my_way_to_im_here_is_a_walk(app: AppHarness) -> None:
    await leave(app)
    await arrive(app, 17)
    assert await walked(app) == [(LEG, WalkOutcome.ARRIVED, 34)]
    assert await promises(app) == [Promise(LEG, at(10), followed=1, arrived=1, minutes=18)]


async def test_a_second_tap_is_no_second_walk(app: AppHarness) -> None:
    await leave(app)
    await arrive(app, 17)
    await arrive(app, 25)
    await app.say("/onmyway SEC203")
    assert await walked(app) == [(LEG, WalkOutcome.ARRIVED, 34)]
    assert await promises(app) == [Promise(LEG, at(10), followed=1, arrived=1, minutes=18)]


async def test_longer_than_promised_is_late(app: AppHarness) -> None:
    await leave(app)
    await arrive(app, 26)
    assert await promises(app) == [Promise(LEG, at(10), followed=1, late=1, minutes=18)]


async def test_a_tap_long_after_the_start_only_says_by_then(app: AppHarness) -> None:
    await leave(app)
    await arrive(app, 46)
    assert await walked(app) == [(LEG, WalkOutcome.BY_THEN, 92)]
    assert await promises(app) == [Promise(LEG, at(10), followed=1, minutes=18)]


async def test_who_was_elsewhere_in_between_walked_another_way(app: AppHarness) -> None:
    await leave(app)
    await arrive(app, 10, "MGM")
    await arrive(app, 60)
    assert await walked(app) == []


async def test_a_hotel_that_is_no_venue_is_never_stored(app: AppHarness) -> None:
    app.clock.move_to(at(8))
    await app.all("/hotel 36.11,-115.17", "/attend SEC203")
    app.clock.move_to(at(10, 20))
    await app.say("/onmyway SEC203")
    await arrive(app, 17)
    assert await walked(app) == []
    assert await promises(app) == []


async def test_a_slow_walkers_minutes_are_counted_at_normal_pace(app: AppHarness) -> None:
    await app.say("/pace slow")
    await leave(app)
    await arrive(app, 22)
    ((_, _, half),) = await walked(app)
    assert half == round(44 * 55 / 75)


async def test_forgetme_takes_the_walks_along(app: AppHarness) -> None:
    await leave(app)
    await arrive(app, 17)
    await app.say("/forgetme yes")
    assert await walked(app) == []


async def test_after_five_people_have_walked_it_the_way_is_learned(app: AppHarness) -> None:
    for number, minutes in enumerate((22, 23, 24, 25, 26)):
        assert await learned(app) == {}
        await leave(app, f"user {number}")
        await arrive(app, minutes)
        app.clock.move_to(at(10, 50))
        assert await job(app).run_due() == (number == 4)
    way = (await learned(app))["Venetian", "Caesars Forum"]
    assert (way.samples, way.both_ways, way.as_of, way.metres) == (5, False, at(10).date(), 900)
    assert 20 <= way.minutes <= 24
    assert way.p90
    assert way.minutes < way.p90 <= 33


async def test_what_an_organizer_set_stays_where_nobody_walked_and_estimates_profit(app: AppHarness) -> None:
    for number in range(6):
        await leave(app, f"user {number}")
        await arrive(app, 25)
    await job(app).run_due()
    ways = await learned(app)
    assert ("Caesars Forum", "Venetian") not in ways
    assert ways["Venetian", "MGM Grand"].samples is None
    assert ways["Venetian", "MGM Grand"].minutes > 49


async def test_those_who_go_there_are_told_the_learned_minutes(app: AppHarness) -> None:
    app.user = "eve"
    await app.all("/hotel Venetian", "/attend SEC203")
    for number in range(6):
        await leave(app, f"user {number}")
        await arrive(app, 30)
    app.user = "eve"
    app.clock.move_to(at(8))
    await job(app).run_due()
    async with app.store.read_transaction() as work:
        eve = await work.people.find("console", "club", "eve")
        assert eve
        (nudge,) = [
            one.nudge for one in await work.deliveries.of_attendee(eve.id) if one.nudge.kind.value == "leave-by"
        ]
    # Before it was 10:12: 20 minutes for the line, 18 for the walk, 10 of notice.
    assert nudge.due_at < at(10, 5)
    assert "measured on 6 walks" in await app.say("/walk Venetian to Forum")


async def test_the_job_looks_at_the_walks_every_few_minutes(app: AppHarness) -> None:
    work = job(app)
    assert await work.next_due() is None
    assert await work.run_due() == 0
    assert await work.next_due() == app.clock.now() + INTERVAL
    work.stop()
    app.clock.move_to(at(23))
    assert await work.run_due() == 0


async def test_a_day_after_the_end_the_key_is_deleted_and_the_counts_stay(app: AppHarness) -> None:
    await leave(app)
    await arrive(app, 17)
    app.clock.move_to(SEC.ends_at + KEY_ENDS_AFTER + timedelta(days=1))
    await job(app).run_due()
    async with app.store.read_transaction() as work:
        assert await work.walks.waiting() == {}
    await app.say("/forgetme yes")
    assert await walked(app) == [(LEG, WalkOutcome.ARRIVED, 34)]
