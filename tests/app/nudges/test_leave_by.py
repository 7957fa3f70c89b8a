"""The leave-by nudge, as it arrives."""

from dataclasses import replace

from bot.domain.schedule.session import SessionState
from tests.builders import ARC, SEC, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

MESSAGE = (
    'Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.\n'
    "18 min walk (enough for 9 in 10, set by the organizers) + 20 min for the walk-up line. "
    "It starts at 11:00 in Room SEC203.\n"
    "Leave by 10:42 at the latest, to be there at the start; whether there is room, nobody knows. "
    "It's recorded, so you can watch it later.\n"
    "Keys, locks and doors (SEC203)\n"
    "   11:00-12:00, Caesars Forum, Room SEC203\n"
    "   200 · Security · recorded\n"
    "→ Show the walk: https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot"
    "&route=36.121638,-115.169601;36.118370,-115.166280\n"
    "→ /onmyway SEC203 · /here Caesars Forum · /skip SEC203"
)


async def test_it_comes_the_notice_before_the_leave_by_and_names_the_source(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    assert await app.wait(hours=4) == [("Mon 10:12", "ada", "leave-by")]
    assert app.messages() == [MESSAGE]


async def test_one_that_is_late_but_useful_says_how_late_it_is(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    await app.rehearsal.jump(at(10, 40))
    assert "(Sorry, this comes 28 min late.)" in app.messages()[0]


async def test_one_past_its_expiry_is_never_sent(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    await app.rehearsal.jump(at(11))
    assert app.messages() == []


async def test_one_that_is_planned_late_is_not_called_late(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203", "/nudges off")
    await app.rehearsal.jump(at(10, 30))
    await app.say("/nudges on")
    await app.rehearsal.deliver_due()
    assert ["min late" in message for message in app.messages()] == [False]


async def test_who_is_in_the_room_already_is_told_to_stay() -> None:
    after = session("NET2", at(10, 15), VENETIAN, room=ARC.room)
    app = await AppHarness().publish(schedule([ARC, after]))
    await app.all("/hotel Venetian", "/attend ARC301", "/attend NET2")
    await app.wait(hours=3)
    assert app.messages()[-1].startswith(
        'Stay where you are for "All about NET2": it\'s in the same room.\n'
        "If you go out, be back by 09:55 (20 min for the walk-up line). It starts at 10:15"
    )


async def test_a_session_that_was_called_off_meanwhile_calls_nobody(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    gone = schedule([ARC, replace(SEC, state=SessionState.CANCELLED, revision=2)])
    await app.publish(replace(gone, conference=replace(gone.conference, revision=2)))
    assert [kind for _, _, kind in await app.wait(hours=4)] == []


async def test_an_online_session_is_joined_and_nobody_is_sent_away() -> None:
    online = replace(ARC, venue="", room="https://meet.example/1")
    app = await AppHarness(moment=at(8)).publish(schedule([online]))
    await app.all("/hotel Venetian", "/attend ARC301")
    assert await app.wait(hours=2) == [("Mon 08:50", "ada", "leave-by")]
    assert app.messages()[0].startswith(
        'Join "Queues that never sleep" at 09:00.\nIt\'s online: https://meet.example/1\nQueues that never sleep (ARC301)\n'
    )
