"""`/settings title`, `check-in`, `walk-up` and `weather`: what organizers set for everybody."""

from dataclasses import replace

import pytest

from bot.domain.imports.organizer_facts import with_changes
from bot.domain.travel.way import LegSource, Mode, Way
from bot.domain.travel.weather import Weather
from tests.builders import ARC, CONFERENCE, FORUM, SEC, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

TALK = replace(ARC, kind="Chalk Talk")
LAB = session("LAB100", at(14), VENETIAN, kind="Workshop (2 h)")


@pytest.fixture
async def kinds() -> AppHarness:
    return await AppHarness().publish(schedule((TALK, LAB, SEC)))


async def test_a_line_for_one_kind_moves_the_leave_by_of_that_kind_alone(kinds: AppHarness) -> None:
    await kinds.all("/hotel Venetian", "/attend ARC301", "/attend LAB100")
    before = await kinds.say("/agenda monday")
    answer = await kinds.say("/settings walk-up 45 for workshops", organizer=True)
    assert "   Walk-up: 20 min, workshop 45 min\n" in answer
    after = await kinds.say("/agenda monday")
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [(old.strip(), new.strip()) for old, new in changed] == [
        (
            "Leave by 13:26: 14 min inside Venetian + 20 min for the walk-up line.",
            "Leave by 13:01: 14 min inside Venetian + 45 min for the walk-up line.",
        ),
        ("10:00-13:26, 3 h 25 min, then number 2", "10:00-13:01, 3 h, then number 2"),
    ]


async def test_a_reminder_is_planned_again_at_once_for_everybody_whom_a_line_concerns(kinds: AppHarness) -> None:
    await kinds.talk_to("bob", "/hotel Venetian", "/attend LAB100", "/nudges on")
    await kinds.say("/settings walk-up 60 for workshop", organizer=True)
    kinds.clock.move_to(at(12, 30))
    assert ("Mon 12:35", "bob", "leave-by") in await kinds.wait(hours=2)


async def test_a_line_holds_also_where_no_seats_are_reserved() -> None:
    app = await AppHarness().publish(schedule((SEC,), conference=replace(CONFERENCE, seats=False)))
    assert "   Walk-up: no line, because no seats are reserved\n" in await app.say("/settings", organizer=True)
    await app.all("/hotel Venetian", "/attend SEC203")
    assert "10:37" in await app.say("/nextsession")
    await app.say("/settings walk-up 30", organizer=True)
    assert "10:12" in await app.say("/nextsession")


async def test_a_seat_lapses_when_the_organizers_say(kinds: AppHarness) -> None:
    await kinds.all("/hotel Venetian", "/attend ARC301 reserved")
    await kinds.say("/settings check-in 25 for chalk talk", organizer=True)
    assert "08:35" in await kinds.say("/nextsession")
    await kinds.say("/settings check-in default for chalk talk", organizer=True)
    assert "08:50" in await kinds.say("/nextsession")


async def test_the_title_is_changed_and_undone(kinds: AppHarness) -> None:
    changed = await kinds.ask("/settings title Cloud Week 2021", organizer=True)
    assert "   Conference: Cloud Week 2021\n" in kinds.text(changed)
    await kinds.press(changed, "Undo", organizer=True)
    assert "   Conference: Cloud 21\n" in await kinds.say("/settings", organizer=True)


async def test_what_is_no_line_is_explained(kinds: AppHarness) -> None:
    assert await kinds.say("/settings walk-up soon", organizer=True) == (
        'I don\'t understand "soon". Type minutes, such as 10 or 10 for workshop.'
    )
    assert await kinds.say("/settings walk-up 500", organizer=True) == "Give at most 120 minutes."
    assert await kinds.say("/settings check-in 10 for keynotes", organizer=True) == (
        'No session is of the kind "keynotes". The kinds are: Chalk Talk, Workshop (2 h).'
    )


async def test_another_community_with_agendas_keeps_its_conference_as_it_is(kinds: AppHarness) -> None:
    kinds.tenant = "others"
    await kinds.say("/attend ARC301")
    kinds.tenant = "club"
    assert await kinds.say("/settings title Mine", organizer=True) == (
        "Other communities use this schedule too, so only the operator can change its source."
    )


# The weather. The talk is in the Venetian and the lab at 14:00 in the Forum; a bridge leads there inside.
FORUM_LAB = session("LAB100", at(14), FORUM, kind="Workshop")
STREET = Way("Venetian", "Caesars Forum", 18, LegSource.ROUTED, 24, metres=1_200, outdoor=900)
BRIDGE = Way("Venetian", "Caesars Forum", 20, LegSource.ORGANIZER, 27, Mode.BRIDGE, metres=1_300, outdoor=0)


@pytest.fixture
async def town() -> AppHarness:
    return await AppHarness().publish(schedule((TALK, FORUM_LAB), ways=(STREET, BRIDGE)))


async def test_rain_prefers_the_way_inside_says_why_and_is_undone(town: AppHarness) -> None:
    await town.all("/attend ARC301", "/attend LAB100", "/here Venetian")
    dry = await town.say("/walk Venetian to Forum")
    assert dry.startswith("24 min walk from Venetian to Caesars Forum (enough for 9 in 10, from the map).")
    saved = await town.ask("/settings weather rain", organizer=True)
    assert "   Weather: rain on Mon 29 Nov: I prefer ways with less time outside\n" in town.text(saved)
    wet = await town.say("/walk Venetian to Forum")
    assert wet.startswith(
        "27 min walk over the bridge from Venetian to Caesars Forum "
        "(inside, since it rains; enough for 9 in 10, set by the organizers)."
    )
    assert await town.press(saved, "Undo", organizer=True) == (
        "Undone: the change of weather on 2021-11-29.\nI've updated the plans of everyone affected."
    )
    assert await town.say("/walk Venetian to Forum") == dry


async def test_whoever_has_to_leave_earlier_because_of_heat_hears_of_it_in_time(town: AppHarness) -> None:
    early = session("A1", at(8, 10), VENETIAN, 30)
    late = replace(FORUM_LAB, starts_at=at(10), ends_at=at(11))
    await town.publish(schedule((early, late), ways=(STREET, replace(BRIDGE, minutes=22, p90=33))))
    await town.talk_to("bob", "/attend A1", "/attend LAB100", "/nudges on")
    await town.say("/settings weather hot today", organizer=True)
    sent = [message for message in await town.wait(hours=1, minutes=30) if message[1] == "bob"]
    assert [(when, str(kind)) for when, _, kind in sent][1:] == [("Mon 08:57", "leave-by")]
    assert "33 min walk over the bridge (inside, since it is hot; enough for 9 in 10" in town.messages()[-1]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("snow", 'I don\'t understand "snow". Type rain, hot or off, and a day, such as rain tomorrow.'),
        ("rain 2021-11-28", "Sun 28 Nov is over."),
        ("rain 2021-12-24", "There is no session on Fri 24 Dec. Name a day of the conference, such as rain tomorrow."),
    ],
)
async def test_weather_that_cannot_be_is_explained(town: AppHarness, typed: str, answer: str) -> None:
    assert await town.say(f"/settings weather {typed}", organizer=True) == answer


async def test_the_weather_stays_over_a_new_version_of_the_schedule(town: AppHarness) -> None:
    await town.say("/settings weather rain", organizer=True)
    async with town.store.read_transaction() as work:
        stored = await work.conferences.load(CONFERENCE.slug)
    assert stored
    assert dict(stored.weather) == {at(9).date(): Weather.RAIN}
    assert dict(with_changes(schedule((TALK,)), stored.organizer_changes).weather) == dict(stored.weather)
    await town.say("/settings weather off", organizer=True)
    async with town.store.read_transaction() as work:
        stored = await work.conferences.load(CONFERENCE.slug)
    assert stored
    assert dict(stored.weather) == {}
