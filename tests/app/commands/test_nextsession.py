"""`/nextsession`."""

from dataclasses import replace

from bot.domain.schedule.session import Recorded
from bot.domain.travel.way import LegSource, Way
from tests.builders import ARC, MGM, SEC, at, schedule, session
from tests.fakes.app_harness import AppHarness


async def test_without_an_agenda_it_lists_what_starts_next_and_says_how_to_go_on(app: AppHarness) -> None:
    assert await app.say("/nextsession") == (
        "Next at this conference:\n"
        "Pick the first with /attend 1, and I'll tell you when to leave.\n"
        "1. Queues that never sleep (ARC301)\n"
        "   Mon 29 Nov 09:00-10:00, Venetian, Room ARC301 · 300\n"
        "→ /session ARC301 · /star ARC301 · /info"
    )


async def test_what_organizers_wrote_is_offered_only_where_they_wrote_something(app: AppHarness) -> None:
    assert "Good to know" in [button.label for button in (await app.ask("/nextsession")).buttons]
    bare = await AppHarness().publish(schedule(topics=()))
    assert "/info" not in await bare.say("/nextsession")


async def test_the_next_session_with_leave_by_leg_and_buttons(app: AppHarness) -> None:
    reply = [await app.ask(line) for line in ("/hotel MGM", "/attend ARC301 reserved", "/nextsession")][-1]
    assert app.text(reply) == (
        "Your next session starts in 1 h:\n"
        "Queues that never sleep (ARC301)\n"
        "   Mon 29 Nov 09:00-10:00, Venetian, Room ARC301\n"
        "   300 · Architecture\n"
        "   Leave MGM Grand by 08:01: 49 min walk to Venetian (enough for 9 in 10, estimate) + 10 min for check-in.\n"
        "   Your reserved seat lapses at 08:50.\n"
        "   Without the seat, leave by 08:11 for the walk-up; whether there is room, nobody knows.\n"
        "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
        "&route=36.102487,-115.169914;36.121638,-115.169601\n"
        "→ /onmyway ARC301 · /here Venetian · /session ARC301"
    )
    assert [button.label for button in reply.buttons] == ["On my way", "I'm here", "Details"]


async def test_who_should_have_left_is_told_when_they_would_arrive(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301 reserved")
    await app.wait(minutes=20)
    assert "That was 19 min ago. Leave now to arrive at about 09:09, after the start." in await app.say("/nextsession")


async def test_what_is_left_for_those_who_leave_later_is_said_step_by_step() -> None:
    walk = Way("MGM Grand", "Venetian", 40, LegSource.LEARNED, p90=52, samples=23)
    again = session("ARC301-R", at(14), MGM, title="Queues that never sleep", recorded=Recorded.YES)
    app = await AppHarness(moment=at(7)).publish(
        schedule([replace(ARC, recorded=Recorded.YES), again, SEC], ways=(walk,))
    )
    await app.all("/hotel MGM", "/attend ARC301 reserved")
    assert (await app.say("/nextsession")).splitlines()[4:9] == [
        (
            "   Leave MGM Grand by 07:58: 52 min walk to Venetian (enough for 9 in 10, measured on 23 walks)"
            " + 10 min for check-in."
        ),
        "   Your reserved seat lapses at 08:50.",
        "   Later is riskier: 08:04 for 3 in 4, 08:10 for 1 in 2, 08:15 for 1 in 4.",
        (
            "   Without the seat, leave by 08:08 for the walk-up; whether there is room, nobody knows."
            " It's on again Mon 29 Nov, and that fits your plan: Queues that never sleep (ARC301-R), 14:00-15:00, MGM Grand."
            " It's recorded, so you can watch it later."
        ),
        (
            "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
            "&route=36.102487,-115.169914;36.121638,-115.169601"
        ),
    ]


async def test_the_overlap_and_the_repeat_are_shown(app: AppHarness) -> None:
    await app.all("/attend SEC203", "/attend DAT310")
    answer = await app.say("/nextsession")
    assert answer.startswith(
        "Your next session starts in 3 h:\n"
        '"Keys, locks and doors" and "Counting to infinity" clash: which one?\n'
        "Until you decide, I plan with the first: it starts first.\n"
        "Keys, locks and doors (SEC203)\n"
    )
    await app.wait(hours=3, minutes=5)
    answer = await app.say("/nextsession")
    assert "Counting to infinity (DAT310)" in answer
    assert "Overlaps Keys, locks" in answer
    assert "It's on again Mon 29 Nov" in answer


async def test_after_the_last_session_it_shows_tomorrows_first(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301", "/attend KEY001")
    await app.wait(hours=5)
    answer = await app.say("/nextsession")
    assert answer.startswith("Nothing else today. Next, on Tue 30 Nov:\nOpening keynote")
    assert "Leave by 07:56: 14 min inside MGM Grand + 20 min for the walk-up line." in answer


async def test_after_the_conference_it_says_so(app: AppHarness) -> None:
    await app.say("/attend ARC301")
    await app.wait(hours=5)
    assert (await app.say("/nextsession")).startswith("That was the last session on your agenda.")
    await app.wait(days=3)
    assert (await app.say("/nextsession forum")).startswith("Cloud 21 ended on Tue 30 Nov.")


async def test_what_starts_next_is_nearest_first_and_out_of_reach_last(app: AppHarness) -> None:
    await app.say("/here Venetian")
    await app.wait(hours=2, minutes=50)
    answer = await app.say("/nextsession forum")
    assert answer.startswith("Next at Caesars Forum:")
    assert answer.index("DAT310") < answer.index("SEC203")
    assert "18 min walk from Venetian to Caesars Forum (enough for 9 in 10, set by the organizers)" in answer


async def test_a_track_filters_too(app: AppHarness) -> None:
    assert "1. Counting" in await app.say("/nextsession data")
    assert (await app.ask("/nextsession cooking")).is_error
