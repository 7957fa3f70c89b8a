"""The session-changed nudge: who is told what, when, once."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.app.schedules.importer import ingest
from bot.domain.schedule.session import Session, SessionState
from tests.builders import ARC, DAT, DAT_AGAIN, FORUM, KEY, MGM, SEC, SESSIONS, at, draft, schedule
from tests.fakes.app_harness import AppHarness

EVENING = at(20, day=28)


def moved(session: Session, starts_at: datetime, **more: object) -> Session:
    ends_at = starts_at + session.length
    return replace(session, starts_at=starts_at, ends_at=ends_at, **more)  # type: ignore[arg-type]  # any fact


async def talking(moment: datetime = EVENING) -> AppHarness:
    app = await AppHarness(moment=moment).publish()
    await app.say("/hotel MGM")
    return app


async def changed(app: AppHarness, *sessions: Session, leaving: tuple[Session, ...] = (), force: bool = True) -> None:
    """The next version of the schedule, in which these sessions are like this and those are not at all."""
    fresh = {session.id: session for session in (*SESSIONS, *sessions) if session not in leaving}
    await ingest(app.store, draft(*fresh.values()), "cloud21", app.clock.now(), force=force)


def of_changes(sent: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(when, whom) for when, whom, kind in sent if kind == "session-changed"]


async def test_old_and_new_with_what_follows_from_it() -> None:
    app = await talking()
    await app.all("/attend SEC203 reserved", "/attend DAT310")
    await changed(app, moved(DAT, at(11, 15), venue="MGM Grand", room="Hall 1"))
    assert of_changes(await app.wait(minutes=6)) == [("Sun 20:05", "ada")]
    assert app.messages()[-1] == (
        '"Counting to infinity" is now at 11:15, in MGM Grand, Hall 1.\n'
        "Counting to infinity (DAT310)\n"
        "   now MGM Grand, Hall 1, 11:15-12:15 (was Caesars Forum, Room DAT310, 11:30-12:30)\n"
        "   Overlaps Keys, locks and doors (SEC203), 11:00-12:00, Caesars Forum. That one is recorded.\n"
        '   Until you decide, I plan with "Keys, locks and doors": you have a seat there.\n'
        "   It's on again Mon 29 Nov 15:00 at MGM Grand, and you can make that.\n"
        "→ /attend DAT310 · /attend DAT310-R instead DAT310 · /skip DAT310 · /agenda"
    )


async def test_the_buttons_run_commands() -> None:
    app = await talking()
    await app.all("/attend SEC203 reserved", "/attend DAT310 backup")
    await changed(app, moved(DAT, at(11, 15)), moved(SEC, at(11, 5)))
    await app.wait(minutes=6)
    message = app.post.sent[-1].content
    labels = [button.label for button in message.buttons]
    assert labels == ["Keep SEC203", "Drop SEC203", "Keep DAT310", "Swap to DAT310-R", "Drop DAT310", "Agenda"]
    assert "with a reserved seat" in await app.press(message, "Keep SEC203")
    assert (await app.press(message, "Keep DAT310")).startswith('Added as a backup for "Keys, locks')
    assert "You're going." in await app.press(message, "Swap to DAT310-R")
    assert "DAT310 " not in await app.say("/agenda")
    assert "off your agenda" in await app.press(message, "Drop SEC203")


async def test_only_those_with_the_session_on_their_agenda_are_told() -> None:
    app = await talking()
    await app.say("/attend SEC203")
    await app.talk_to("bob", "/attend SEC203", "/attend DAT310 backup")
    await app.talk_to("cy", "/attend ARC301")
    await app.talk_to("dan", "/attend SEC203", "/nudges off")
    await changed(app, moved(DAT, at(12)))
    assert of_changes(await app.wait(minutes=6)) == [("Sun 20:05", "bob")]
    assert 'It is your backup for "Keys, locks and doors".' in app.messages()[0]


async def test_a_batch_is_one_message_and_is_sent_once() -> None:
    app = await talking()
    await app.all("/attend ARC301", "/attend SEC203")
    await changed(app, moved(ARC, at(9, 30)), moved(SEC, at(12)))
    await changed(app, moved(ARC, at(9, 30)), moved(SEC, at(12)))
    assert of_changes(await app.wait(hours=1)) == [("Sun 20:05", "ada")]
    assert app.messages()[0].startswith("2 sessions on your agenda have changed:\nQueues")
    await changed(app, moved(ARC, at(9, 30), abstract="New words"), moved(SEC, at(12), speakers=("Bob",)))
    assert of_changes(await app.wait(hours=1)) == []


async def test_back_to_the_old_state_before_it_went_out_is_no_message() -> None:
    app = await talking()
    await app.say("/attend ARC301")
    await changed(app, moved(ARC, at(10)))
    await app.wait(minutes=4)
    await changed(app)
    assert of_changes(await app.wait(hours=1)) == []


async def test_a_flapping_feed_gives_one_message() -> None:
    app, sent = await talking(), []
    await app.say("/attend ARC301")
    for turn in range(20):
        await changed(app, *([moved(ARC, at(10))] if turn % 2 == 0 else []))
        sent += of_changes(await app.wait(minutes=3))
    await changed(app, moved(ARC, at(10)))
    assert sent == []
    assert len(of_changes(await app.wait(hours=2))) == 1


async def test_each_change_that_was_told_makes_the_next_one_wait_longer() -> None:
    app = await talking()
    await app.say("/attend ARC301")
    messages = []
    for turn in range(4):
        await changed(app, *([moved(ARC, at(10))] if turn % 2 == 0 else []))
        messages += of_changes(await app.wait(minutes=45))
    assert messages == [("Sun 20:05", "ada"), ("Sun 20:55", "ada"), ("Sun 21:50", "ada"), ("Sun 22:55", "ada")]


async def test_a_change_that_is_trivial_is_never_pushed() -> None:
    app = await talking()
    await app.say("/attend ARC301")
    await changed(app, replace(ARC, abstract="Other words", speakers=("Somebody Else",), title="Better queues"))
    assert of_changes(await app.wait(hours=2)) == []


async def test_in_quiet_hours_it_waits_unless_it_is_urgent() -> None:
    app = await talking(at(23, day=28))
    await app.all("/nudges 10m 22:00-07:00", "/attend SEC203")
    await changed(app, moved(SEC, at(12)))
    assert of_changes(await app.wait(hours=10)) == [("Mon 07:00", "ada")]
    await app.say("/nudges quiet 09:00-23:00")
    await changed(app, moved(SEC, at(11, 50)))
    # Two hours before it starts nothing holds it back.
    assert of_changes(await app.wait(hours=10)) == [("Mon 09:50", "ada")]


async def test_what_starts_within_two_hours_is_told_at_once() -> None:
    app = await talking(at(8))
    await app.all("/nudges quiet 06:00-23:00", "/attend ARC301")
    await changed(app, moved(ARC, at(15), venue=FORUM.name))
    assert of_changes(await app.wait(minutes=0)) == [("Mon 08:00", "ada")]


async def test_cancelled_and_vanished_and_back_again() -> None:
    app = await talking()
    await app.all("/attend ARC301", "/attend DAT310")
    await changed(app, leaving=(ARC, DAT))
    await app.wait(minutes=6)
    assert app.messages()[-1] == (
        "2 sessions on your agenda have changed:\n"
        "Queues that never sleep (ARC301)\n"
        "   no longer in the schedule (was Venetian, Room ARC301, 09:00-10:00). I'll tell you if it comes back.\n"
        "Counting to infinity (DAT310)\n"
        "   no longer in the schedule (was Caesars Forum, Room DAT310, 11:30-12:30). I'll tell you if it comes back.\n"
        "   It's on again Mon 29 Nov 15:00 at MGM Grand, and you can make that.\n"
        "→ /skip ARC301 · /attend DAT310-R instead DAT310 · /skip DAT310 · /agenda"
    )
    await changed(app, leaving=(DAT,))
    await app.wait(minutes=11)
    assert (
        "back on: now Venetian, Room ARC301, 09:00-10:00 (was Venetian, Room ARC301, 09:00-10:00)" in app.messages()[-1]
    )
    await changed(app, replace(ARC, state=SessionState.CANCELLED), leaving=(DAT,))
    await app.wait(minutes=21)
    assert (
        "Queues that never sleep (ARC301)\n   cancelled (was Venetian, Room ARC301, 09:00-10:00)" in app.messages()[-1]
    )
    await changed(app, leaving=(ARC, DAT))
    assert "CANCELLED: Queues that never sleep (ARC301)" in await app.say("/session ARC301")
    assert "NO LONGER IN THE SCHEDULE: Counting to infinity (DAT310)" in await app.say("/session DAT310")
    assert await app.say("/attend DAT310") == (
        '"Counting to infinity" is no longer in the schedule. Find another one with /find.'
    )
    assert of_changes(await app.wait(hours=2)) == []


async def test_a_first_import_is_silent() -> None:
    app = AppHarness(moment=EVENING)
    await ingest(app.store, draft(*SESSIONS), "cloud21", EVENING)
    await app.say("/attend ARC301")
    assert of_changes(await app.wait(hours=1)) == []


async def test_another_day_is_said_and_who_was_on_the_way_is_called_again() -> None:
    app = await talking(at(8))
    await app.all("/attend ARC301", "/onmyway ARC301")
    await changed(app, moved(ARC, at(13), venue=MGM.name, room="Hall 2"))
    sent = await app.wait(hours=5)
    assert [(when, kind) for when, _, kind in sent] == [("Mon 08:00", "session-changed"), ("Mon 12:15", "leave-by")]
    await changed(app, moved(ARC, at(9, day=30)))
    await app.wait(minutes=10)
    assert (
        "now Venetian, Room ARC301, Tue 30 Nov 09:00-10:00 (was MGM Grand, Hall 2, Mon 29 Nov 13:00-14:00)"
        in app.messages()[-1]
    )


async def test_who_chooses_the_session_anew_has_seen_how_it_is() -> None:
    app = await talking()
    await app.say("/attend ARC301")
    await changed(app, moved(ARC, at(10)))
    await app.say("/attend ARC301 reserved")
    assert of_changes(await app.wait(hours=1)) == []


async def test_it_stands_in_the_list_of_what_one_is_owed() -> None:
    app = await talking()
    await app.all("/attend ARC301", "/attend SEC203")
    await changed(app, moved(ARC, at(10)))
    assert 'Sun 28 Nov 20:05: a change of "Queues that never sleep"' in await app.say("/nudges")
    await changed(app, moved(ARC, at(10)), moved(SEC, at(12)))
    assert "Sun 28 Nov 20:05: a change of the schedule" in await app.say("/nudges")


async def test_one_that_is_late_says_so_and_one_about_what_is_over_is_not_sent() -> None:
    app = await talking()
    await app.say("/attend ARC301")
    await changed(app, moved(ARC, at(9, 10)))
    await app.rehearsal.jump(EVENING + timedelta(hours=1))
    assert "(Sorry, this comes 55 min late.)" in app.messages()[0]
    await app.say("/attend KEY001")
    await changed(app, moved(ARC, at(9, 10)), moved(KEY, at(9, day=30)))
    await app.rehearsal.jump(at(23, day=30))
    assert len([message for message in app.post.sent if message.kind == "session-changed"]) == 1
    assert schedule().by_id["dat310-r"] == DAT_AGAIN
