"""Whether a conference has reserved seats, as its attendees find out."""

from dataclasses import replace

from tests.builders import ARC, CONFERENCE, SEC, at, schedule
from tests.fakes.app_harness import AppHarness


async def open_doors() -> AppHarness:
    """A conference that nobody knows reserved seats of; ada goes to two sessions."""
    made = schedule([ARC, SEC], conference=replace(CONFERENCE, seats=False))
    app = await AppHarness(moment=at(8)).publish(made)
    await app.all("/hotel Venetian", "/attend SEC203")
    return app


async def test_where_no_seats_are_reserved_nobody_is_sent_to_a_line() -> None:
    app = await open_doors()
    answer = await app.say("/nextsession")
    assert (
        "Leave Venetian by 10:37: 18 min walk to Caesars Forum (enough for 9 in 10, set by the organizers) + 5 min to spare."
        in answer
    )
    assert "I always plan 5 min to find a chair." in await app.say("/nudges early 3m")
    assert await app.wait(hours=3) == [("Mon 10:27", "ada", "leave-by")]


async def test_a_seat_of_ones_own_shows_that_there_are_lines() -> None:
    app = await open_doors()
    await app.say("/attend ARC301 reserved")
    assert "20 min for the walk-up line" in await app.say("/session SEC203")


async def test_three_people_with_a_seat_show_it_to_everybody() -> None:
    app = await open_doors()
    for user in ("bob", "cleo", "dora"):
        assert "5 min to spare" in await app.say("/session SEC203")
        await app.talk_to(user, "/attend ARC301 reserved", "/attend ARC301 reserved")
    assert "20 min for the walk-up line" in await app.say("/session SEC203")
    # The plans change, too.
    sent = await app.wait(hours=3)
    assert [message for message in sent if message[1] == "ada"] == [("Mon 10:12", "ada", "leave-by")]
