"""`/settings walks`."""

from datetime import timedelta

from bot.app.ports import Promise
from bot.domain.travel.way import Mode
from bot.domain.walks.walk import WalkedLeg
from tests.builders import CONFERENCE, at
from tests.fakes.app_harness import AppHarness

LEG = WalkedLeg("Venetian", "Caesars Forum")
RIDE = WalkedLeg("MGM Grand", "Caesars Forum", Mode.MONORAIL)
NOTHING = (
    "Cloud 21: walking times, promised and measured.\n"
    "Nothing to show yet: fewer than 5 people followed the advice on one way within an hour that is over."
)


async def counted(app: AppHarness, *promises: Promise) -> str:
    async with app.store.write_transaction() as work:
        for promise in promises:
            await work.walks.count(CONFERENCE.slug, promise)
    return await app.say("/settings walks", organizer=True)


async def test_only_organizers_see_it(app: AppHarness) -> None:
    assert await app.say("/settings walks") == "Only organizers can use /settings."


async def test_it_shows_by_way_and_hour_what_was_promised_and_what_came(app: AppHarness) -> None:
    app.clock.move_to(at(15))
    shown = await counted(
        app,
        Promise(LEG, at(9), followed=10, arrived=7, late=1, minutes=284),
        Promise(LEG, at(10), followed=5, arrived=5, minutes=100),
        Promise(RIDE, at(9), followed=6, minutes=60),
    )
    assert shown == (
        "Cloud 21: walking times, promised and measured.\n"
        "21 people followed; 13 said when they arrived, 92 % of them within the promised minutes.\n"
        "Hours with fewer than 5 people are left out, and hours that are not over yet.\n"
        "By way and hour\n"
        "   Mon 09:00 MGM Grand → Caesars Forum (monorail): 6 followed, promised 10 min; 0 answered, 0 of them in time\n"
        "   Mon 09:00 Venetian → Caesars Forum: 10 followed, promised 28 min; 8 answered, 7 of them in time\n"
        "   Mon 10:00 Venetian → Caesars Forum: 5 followed, promised 20 min; 5 answered, 5 of them in time"
    )


async def test_four_people_are_not_shown(app: AppHarness) -> None:
    app.clock.move_to(at(20))
    assert await counted(app, Promise(LEG, at(9), followed=4, arrived=4, minutes=80)) == NOTHING


async def test_an_hour_is_not_shown_while_somebody_can_add_to_it(app: AppHarness) -> None:
    """Else the change from one look to the next would tell who came late."""
    app.clock.move_to(at(12, 59))
    assert await counted(app, Promise(LEG, at(9), followed=9, minutes=180)) == NOTHING
    app.clock.move_to(at(13))
    shown = await app.say("/settings walks", organizer=True)
    assert "9 people followed; nobody said when they arrived." in shown


async def test_the_newest_hours_are_listed_and_the_others_counted(app: AppHarness) -> None:
    app.clock.move_to(at(20, day=30))
    hours = [Promise(LEG, at(1) + timedelta(hours=number), followed=5, minutes=100) for number in range(22)]
    shown = await counted(app, *hours)
    assert "2 more hours are left out." in shown
    assert "Mon 02:00" not in shown
    assert "Mon 03:00" in shown
