"""A leave-by message that would come at once after `/attend`: the answer says it, so the message is not sent."""

from bot.domain.nudges.leave_by import SOON
from tests.builders import ARC, DAT, MGM, SEC, at, schedule, session
from tests.fakes.app_harness import AppHarness


async def at_ten_thirty(*lines: str) -> AppHarness:
    app = await AppHarness(moment=at(10, 30)).publish(schedule([ARC, SEC, DAT]))
    await app.all("/nudges on", *lines)
    return app


async def test_an_answer_that_says_to_leave_now_is_not_repeated_a_minute_later() -> None:
    app = await at_ten_thirty("/hotel Venetian")
    assert "That was 8 min ago. Leave now to arrive just in time, at about 10:48." in await app.say("/attend SEC203")
    assert await app.wait(hours=1) == []


async def test_a_message_that_would_come_within_a_minute_is_not_sent_and_a_later_one_is() -> None:
    for minute, sent in ((12 - int(SOON.seconds / 60), []), (10, [("Mon 10:12", "ada", "leave-by")])):
        app = await AppHarness(moment=at(10, minute)).publish(schedule([ARC, SEC]))
        await app.all("/hotel Venetian", "/attend SEC203")
        assert await app.wait(minutes=40) == sent


async def test_a_moment_that_moves_after_the_answer_is_sent() -> None:
    app = await at_ten_thirty("/hotel MGM", "/attend SEC203")
    await app.say("/here Venetian")
    assert await app.wait(minutes=8) == [("Mon 10:31", "ada", "leave-by")]
    head = 'Changed from 09:57. Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.'
    assert app.messages()[0].split("\n")[0] == head


async def test_a_session_that_is_skipped_and_chosen_again_is_answered_again_and_not_sent() -> None:
    app = await at_ten_thirty("/hotel Venetian", "/attend SEC203", "/skip SEC203")
    assert "Leave Venetian by 10:22" in await app.say("/attend SEC203")
    assert await app.wait(hours=1) == []


async def test_a_message_that_asks_more_than_the_answer_did_is_sent() -> None:
    far = session("FAR001", at(11, 10), MGM)
    app = await AppHarness(moment=at(7)).publish(schedule([ARC, SEC, far]))
    await app.all("/hotel Venetian", "/attend SEC203", "/attend FAR001")
    await app.rehearsal.jump(at(8, 40))
    await app.say("/attend ARC301")
    sent = await app.wait(minutes=10)
    assert sent == [("Mon 08:40", "ada", "leave-by")]
    assert "clash: which one?" in app.messages()[-1]


async def test_whoever_names_no_hotel_is_asked_where_they_are_and_nobody_is_sent_off_by_the_longest_walk() -> None:
    app = await at_ten_thirty()
    reply = await app.ask("/attend SEC203")
    assert app.text(reply) == (
        "You're going.\n"
        "Where are you, or where do you stay? Then I can tell you when to leave.\n"
        "Keys, locks and doors (SEC203)\n"
        "   Mon 29 Nov 11:00-12:00, Caesars Forum, Room SEC203\n"
        "   200 · Security · recorded\n"
        "   Leave by 09:57 to be safe: I counted the longest walk (43 min walk from MGM Grand). "
        "Tell me where you are with /hotel or /here.\n"
        "→ /hotel · /here <venue> · /agenda · /skip SEC203"
    )
    assert await app.wait(minutes=4) == []
    await app.say("/here Venetian")
    assert await app.wait(minutes=26) == [("Mon 10:34", "ada", "leave-by")]


FAR = (
    'Leave now for "Keys, locks and doors" at Caesars Forum, if you are far from it.\n'
    "It starts at 11:00 in Room SEC203. To be safe, I counted the longest walk (43 min walk from MGM Grand). "
    "Tell me where you are with /hotel or /here.\n"
)


async def test_whoever_does_not_say_where_they_are_is_told_once_by_the_longest_walk() -> None:
    app = await at_ten_thirty("/attend SEC203")
    assert await app.wait(minutes=29) == [("Mon 10:35", "ada", "leave-by")]
    assert app.messages()[0].startswith(FAR)


async def test_whoever_says_it_after_that_gets_the_moment_from_there() -> None:
    app = await at_ten_thirty("/attend SEC203")
    await app.wait(minutes=6)
    await app.say("/here Venetian")
    assert await app.wait(minutes=20) == [("Mon 10:37", "ada", "leave-by")]
    assert app.messages()[-1].split("\n")[0] == (
        'Changed from 09:57. Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.'
    )


async def test_the_message_comes_before_the_start_also_where_that_is_near() -> None:
    app = await AppHarness(moment=at(10, 57)).publish(schedule([SEC]))
    await app.all("/nudges on", "/attend SEC203")
    assert await app.wait(minutes=9) == [("Mon 10:59", "ada", "leave-by")]


async def test_whoever_takes_the_session_off_gets_no_message_about_it() -> None:
    app = await at_ten_thirty("/attend SEC203", "/skip SEC203")
    assert await app.wait(minutes=29) == []


async def test_whoever_names_no_hotel_hours_before_gets_the_buttons_and_the_message_in_time() -> None:
    app = await AppHarness(moment=at(8)).publish(schedule([SEC]))
    reply = await app.ask("/attend SEC203")
    assert [button.line for button in reply.buttons[:2]] == ["/hotel", "/here <venue>"]
    assert "Where are you" not in app.text(reply)
    assert len(await app.wait(hours=3)) == 1
