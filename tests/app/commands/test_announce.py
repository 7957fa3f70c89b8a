"""`/announce`: nothing goes out before it is confirmed, to exactly the right people, and everybody sees why."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.app.messages import Reply, Request
from bot.app.ports import DeliveryState, Permissions, RecipientUnreachableError
from tests.builders import at
from tests.fakes.app_harness import AppHarness

LUNCH = '/announce "Lunch is in *hall B*" to everyone in #general'


async def ask(app: AppHarness, line: str) -> Reply:
    """As Olga, who organizes."""
    app.user, before = "olga", app.user
    reply = await app.ask(line, organizer=True)
    app.user = before
    return reply


async def press(app: AppHarness, reply: Reply, label: str) -> str:
    app.user, before = "olga", app.user
    answer = await app.press(reply, label, organizer=True)
    app.user = before
    return answer


async def listening(app: AppHarness, *users: str, also: Sequence[str] = ()) -> None:
    for user in users:
        await app.talk_to(user, "/news on", *also)


def sent(app: AppHarness) -> list[str]:
    """Whom something was announced to, but for its progress."""
    return sorted(message.to for message in app.post.sent if message.kind == "announcement")


async def states(app: AppHarness, number: int) -> dict[DeliveryState, int]:
    async with app.store.read_transaction() as work:
        return dict((await work.announcement_deliveries.stats(number)).states)


async def test_a_draft_is_shown_with_what_it_comes_to_and_nothing_is_sent(app: AppHarness) -> None:
    reply = await ask(app, LUNCH)
    number = reply.buttons[0].arguments["number"]
    assert app.text(reply).splitlines()[:6] == [
        f"Announcement {number} isn't sent yet. This is how it will look:",
        "Lunch is in hall B",
        "Who gets it, and when",
        "   To: everyone",
        "   When: as soon as you confirm it",
        "   Sends: 1 channel post, in less than a minute",
    ]
    assert await app.wait(hours=10) == []


async def test_confirmed_it_is_posted_once_with_a_button_to_get_the_next_ones_directly(app: AppHarness) -> None:
    reply = await ask(app, LUNCH)
    assert "goes out now" in await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    assert sent(app) == ["#general"]
    (post,) = [message for message in app.post.sent if message.kind == "announcement"]
    assert [button.label for button in post.content.buttons] == ["Send me these directly"]
    assert (await ask(app, f"/announce confirm {reply.buttons[0].arguments['number']}")).is_error


async def test_people_who_agreed_get_it_and_know_why_and_the_others_are_left_to_the_channel(app: AppHarness) -> None:
    await listening(app, "bob", "cy", also=["/attend ARC301"])
    await app.talk_to("dan", "/attend ARC301")
    await listening(app, "eve")
    reply = await ask(app, '/announce "Room changed" to going ARC301 by both in #general')
    text = app.text(reply)
    assert "To: going ARC301" in text
    assert "Sends: 2 direct messages and 1 channel post, in less than a minute" in text
    assert "Not sent directly: 1 who hasn't turned announcements on. They can read it in the channel." in text
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    assert sent(app) == ["#general", "bob", "cy"]
    messages = [text for text in app.messages() if text.startswith("Room changed\nYou get this")]
    assert messages[0].splitlines()[:2] == [
        "Room changed",
        'You get this because you go to "Queues that never sleep". It comes from club.',
    ]
    assert messages[0].splitlines()[-1] == "→ /news off"


async def test_what_is_for_some_people_goes_to_them_directly_unless_it_is_said_how(app: AppHarness) -> None:
    await listening(app, "bob", also=["/attend ARC301"])
    assert "1 direct message" in app.text(await ask(app, '/announce "Hi" to going ARC301'))


async def test_quiet_hours_hold_it_to_the_morning_and_an_urgent_one_is_asked_about_twice(app: AppHarness) -> None:
    await listening(app, "bob", also=["/nudges quiet 22:00-07:00"])
    await app.rehearsal.jump(at(23))
    text = app.text(reply := await ask(app, '/announce "Buses leave at 7:30" to everyone by dm'))
    assert "Delayed until morning: 1, in their quiet hours" in text
    await press(app, reply, "Confirm")
    await app.wait(hours=7)
    assert sent(app) == []
    await app.wait(hours=2)
    assert [f"{message.at:%H:%M}" for message in app.post.sent if message.kind == "announcement"] == ["15:00"]
    await app.rehearsal.jump(at(23, day=30))
    urgent = await ask(app, '/announce "Fire alarm" to everyone by dm urgent')
    assert app.text(urgent).splitlines()[1] == "Urgent: Fire alarm"
    number = urgent.buttons[0].arguments["number"]
    assert (await ask(app, f"/announce really {number}")).is_error
    assert "phones may ring at night" in await press(app, urgent, "Confirm")
    await app.wait(hours=1)
    assert sent(app) == ["bob"]
    await ask(app, f"/announce really {number}")
    await app.wait(minutes=1)
    assert sent(app) == ["bob", "bob"]


async def test_urgent_is_for_few_times_a_day(app: AppHarness) -> None:
    await listening(app, "bob")
    for _ in range(3):
        number = (await ask(app, '/announce "!" to everyone by dm urgent')).buttons[0].arguments["number"]
        await ask(app, f"/announce confirm {number}")
        assert not (await ask(app, f"/announce really {number}")).is_error
    number = (await ask(app, '/announce "!" to everyone by dm urgent')).buttons[0].arguments["number"]
    refused = app.text(await ask(app, f"/announce confirm {number}"))
    assert refused == "You already sent 3 urgent announcements today. Send this one normally."
    assert "Urgent" not in app.text(await ask(app, f"/announce change {number} normal"))


async def test_what_changed_since_the_preview_is_shown_again_before_it_goes_out(app: AppHarness) -> None:
    first = await ask(app, LUNCH)
    number = first.buttons[0].arguments["number"]
    changed = await ask(app, f'/announce change {number} "Lunch is in hall C" titled Lunch at 12:00')
    assert "When: Mon 29 Nov 12:00" in app.text(changed)
    answer = await press(app, first, "Confirm")
    assert answer.startswith("This has changed since that preview, so please check it again.")
    assert "hall C" in answer
    assert "goes out Mon 29 Nov 12:00" in await press(app, changed, "Confirm")
    assert await app.wait(hours=3) == []
    assert ("Mon 12:00", "#general", "announcement") in await app.wait(hours=2)


async def test_one_before_a_session_goes_out_at_that_time(app: AppHarness) -> None:
    reply = await ask(app, '/announce "Doors open" to everyone in #general at 10m before SEC203')
    when = 'Mon 29 Nov 10:50, 10 min before "Keys, locks and doors" starts, and moves with it'
    assert f"When: {when}" in app.text(reply)
    await press(app, reply, "Confirm")
    await app.wait(hours=2, minutes=49)
    assert sent(app) == []
    await app.wait(minutes=1)
    assert sent(app) == ["#general"]


async def test_whoever_made_it_has_to_be_an_organizer_still_when_it_goes_out(app: AppHarness) -> None:
    reply = await ask(app, '/announce "Beer" to everyone in #general at 12:00')
    await press(app, reply, "Confirm")
    app.post.standings["olga"] = Permissions()
    await app.wait(hours=5)
    assert sent(app) == []
    shown = await ask(app, f"/announce show {reply.buttons[0].arguments['number']}")
    assert "Announcement 4 was cancelled: its author is no longer an organizer" in app.text(shown)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/announce", "What shall I announce, and to whom?"),
        ("/announce to everyone", "What shall I announce, and to whom?"),
        ('/announce "Hi" to everyone', "Where shall I post it?"),
        ('/announce "Hi" to everyone by both', "Where shall I post it?"),
        ('/announce "Hi" to mars in #general', "I don't know the audience 'mars'"),
        (
            "/announce Lunch is at the Venetian",
            (
                "'Venetian' is not a time of day: type one such as 13:05 or 2pm. "
                "If it belongs to your text, put quotes around the whole text."
            ),
        ),
        (
            '/announce "Hi" to going NOPE99',
            'I found no "NOPE99". Did you mean one of these? Opening keynote (KEY001, Tue 08:30); ',
        ),
        ('/announce "Hi" in #general at 07:00 link http://x.org', "'http://x.org' is not a link"),
        ('/announce "Hi" in #general link https://bank.example@evil.org', "is not a link"),
        ('/announce "Hi" in #general at 2021-11-28T09:00', "has passed: choose a later moment"),
        ("/announce show", "Which one?"),
        ("/announce show 999", "I found no announcement 999"),
        ("/announce pause 999", "I found no announcement 999"),
        (
            f'/announce "{"x" * 1501}" in #general',
            "The text is too long: 1,501 characters, and at most 1,500 are allowed.",
        ),
        (
            f'/announce "Hi" in #general titled "{"x" * 101}"',
            "The title is too long: 101 characters, and at most 100 are allowed.",
        ),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: AppHarness, line: str, sentence: str) -> None:
    reply = await ask(app, line)
    assert reply.is_error
    assert sentence in app.text(reply)


async def test_calling_everybody_takes_the_right_to(app: AppHarness) -> None:
    request = Request("console", "club", "olga", "announce", '"Hi" in #general notify', organizer=True)
    assert "You can't notify everybody" in app.text(await app.dispatch.handle(request))
    await ask(app, "/now")
    reply = await ask(app, '/announce "Hi" in #general notify')
    assert "Notifies: everybody in the channel, if the platform lets me" in app.text(reply)
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    assert [message.content.notify for message in app.post.sent if message.to == "#general"] == [True]


async def test_it_is_listed_shown_and_reported(app: AppHarness) -> None:
    assert app.text(await ask(app, "/announce list")) == "There are no announcements yet."
    await listening(app, "bob", "cy")
    reply = await ask(app, '/announce "Room changed" to everyone by dm')
    number = reply.buttons[0].arguments["number"]
    assert f"{number}. Room changed (to: everyone) is still a draft" in app.text(await ask(app, "/announce list"))
    app.post.faults = [RecipientUnreachableError("progress is closed too"), RecipientUnreachableError("closed")]
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    report = await ask(app, f"/announce report {number}")
    assert app.text(report).splitlines()[:5] == [
        f"Announcement {number} has been sent",
        "   Messages: 1 sent, 1 refused",
        "   1: closed",
        "   Delay: half within 0.0 s, 99 in 100 within 0.0 s",
        f"[announcement-{number}.csv, {len(report.files[0].content)} bytes; :show prints it]",
    ]
    rows = report.files[0].content.splitlines()
    assert rows[0] == "message,to,state,why,due,settled,delay_seconds"
    assert sorted(row.split(",", 1)[1][:25] for row in rows[1:]) == [
        'person,refused,"closed",2',
        "person,sent,,2021-11-29T1",
    ]
    assert not any(name in report.files[0].content for name in ("bob", "cy"))


async def test_paused_nothing_more_goes_out_before_it_is_resumed(app: AppHarness) -> None:
    await listening(app, *(f"user{n}" for n in range(5)))
    await app.talk_to("user0", "/nudges quiet 07:00-09:00")
    reply = await ask(app, '/announce "Room changed" to everyone by dm')
    number = int(reply.buttons[0].arguments["number"])
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    assert len(sent(app)) == 4
    assert app.text(await ask(app, f"/announce pause {number}")).startswith("Paused. Still waiting: 1.")
    await app.wait(hours=2)
    assert len(sent(app)) == 4
    assert app.text(await ask(app, f"/announce resume {number}")).startswith("It's being sent again.")
    await app.wait(minutes=1)
    assert sent(app) == [f"user{n}" for n in range(5)]
    assert await states(app, number) == {DeliveryState.SENT: 5}


async def test_cancelled_the_rest_is_not_sent(app: AppHarness) -> None:
    await listening(app, "bob", also=["/nudges quiet 07:00-09:00"])
    await listening(app, "cy")
    reply = await ask(app, '/announce "Room changed" to everyone by dm')
    number = int(reply.buttons[0].arguments["number"])
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    assert app.text(await ask(app, f"/announce cancel {number}")).startswith("Cancelled. Not sent: 1.")
    await app.wait(hours=5)
    assert sent(app) == ["cy"]
    assert await states(app, number) == {DeliveryState.SENT: 1, DeliveryState.EXPIRED: 1}
    assert (await ask(app, f"/announce cancel {number}")).is_error
    draft = await ask(app, LUNCH)
    assert (await press(app, draft, "Discard")).startswith("Cancelled. Nothing was sent.")


async def test_a_correction_is_in_what_was_sent_and_in_what_is_still_to_be_sent(app: AppHarness) -> None:
    await listening(app, "bob", also=["/nudges quiet 07:00-09:00"])
    await listening(app, "cy")
    reply = await ask(app, '/announce "Lunch is in hall B" to everyone by both in #general')
    number = reply.buttons[0].arguments["number"]
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    assert (await ask(app, f"/announce edit {number}")).is_error
    edited = await ask(app, f'/announce edit {number} "Lunch is in hall C"')
    assert app.text(edited).startswith("Corrected. I'm editing the messages already sent.")
    assert "Wait until that's done" in app.text(await ask(app, f"/announce pause {number}"))
    await app.wait(hours=2)
    announced = [message for message in app.post.sent if message.kind == "announcement"]
    assert sorted(message.to for message in announced) == ["#general", "bob", "cy"]
    texts = [
        text for text, message in zip(app.messages(), app.post.sent, strict=True) if message.kind == "announcement"
    ]
    assert all("hall C" in text for text in texts)


async def test_recalled_it_is_gone_and_what_could_not_be_taken_back_is_said(app: AppHarness) -> None:
    await listening(app, "bob", "cy")
    reply = await ask(app, '/announce "Wrong" to everyone by dm')
    number = int(reply.buttons[0].arguments["number"])
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    assert sent(app) == ["bob", "cy"]
    await ask(app, f"/announce recall {number}")
    app.post.faults = [RecipientUnreachableError("too old")]
    await app.wait(minutes=1)
    assert len(sent(app)) == 1
    assert await states(app, number) == {DeliveryState.SENT: 1, DeliveryState.RECALLED: 1}
    assert "not recalled: too old" in app.text(await ask(app, f"/announce report {number}"))
    shown = await ask(app, f"/announce show {number}")
    assert app.text(shown).splitlines()[:3] == [
        f"Announcement {number} was recalled.",
        "1 of 2 messages deleted, not deleted: 1",
        "Wrong",
    ]
    assert shown.buttons == ()
    (progress,) = [message.content for message in app.post.sent if message.kind == "announcement-progress"]
    assert (progress.lines, progress.buttons) == (shown.lines[:2], ())
    assert "(to: everyone) was recalled" in app.text(await ask(app, "/announce list"))
    for action in ("recall", "edit", "cancel", "pause", "resume"):
        refused = app.text(await ask(app, f'/announce {action} {number} "x"'))
        assert refused == f"Announcement {number} was recalled, so you can't do that now."


async def test_what_was_never_sent_cannot_be_recalled(app: AppHarness) -> None:
    draft = await ask(app, LUNCH)
    number = draft.buttons[0].arguments["number"]
    await press(app, draft, "Discard")
    refused = app.text(await ask(app, f"/announce recall {number}"))
    assert refused == f"Announcement {number} was cancelled, so you can't do that now."


async def test_progress_is_one_message_to_its_author_that_is_edited(app: AppHarness) -> None:
    await listening(app, "bob", also=["/nudges quiet 07:00-09:00"])
    await listening(app, "cy")
    reply = await ask(app, '/announce "Room changed" to everyone by dm')
    number = reply.buttons[0].arguments["number"]
    await press(app, reply, "Confirm")
    await app.wait(minutes=1)
    (progress,) = [message for message in app.post.sent if message.kind == "announcement-progress"]
    text = app.messages()[app.post.sent.index(progress)]
    assert text.splitlines()[:2] == [
        f"Announcement {number} is being sent.",
        "1 of 2 messages sent, waiting: 1, less than a minute to go",
    ]
    assert [button.label for button in progress.content.buttons] == ["Pause", "Cancel the rest", "Details"]
    await app.wait(hours=2)
    text = app.messages()[app.post.sent.index(progress)]
    assert text.splitlines()[:3] == [
        f"Announcement {number} has been sent.",
        "2 of 2 messages sent",
        "Result",
    ]


async def test_it_goes_on_where_another_process_ended(app: AppHarness) -> None:
    await listening(app, *(f"user{n}" for n in range(3)))
    reply = await ask(app, '/announce "Room changed" to everyone by dm')
    await press(app, reply, "Confirm")
    app.broadcast.on_owed = app.broadcast.stop
    await app.broadcast.run_due()
    fresh = AppHarness(app.store, app.clock.now() + timedelta(minutes=3))
    fresh.post.standings = app.post.standings
    await fresh.wait(minutes=1)
    assert sent(fresh) == ["user0", "user1", "user2"]


async def test_an_audience_by_hotel_needs_five_inside_and_five_outside_and_is_counted_in_fives(
    app: AppHarness,
) -> None:
    line = '/announce "Your lobby is closed" to hotel Venetian'
    await listening(app, *(f"in{n}" for n in range(4)), also=["/hotel Venetian"])
    await listening(app, *(f"out{n}" for n in range(5)), also=["/hotel MGM"])
    refused = app.text(await ask(app, line))
    assert refused.startswith("An audience by hotel needs at least 5 people in it and 5 people outside it")
    await listening(app, "in4", "in5", also=["/hotel Venetian", "/attend ARC301"])
    reply = await ask(app, line)
    assert "about 5 direct messages" in app.text(reply)
    assert app.text(await ask(app, f"{line} and going ARC301")) == refused
    await app.talk_to("in5", "/hotel none")
    await app.talk_to("in4", "/hotel none")
    answer = await press(app, reply, "Confirm")
    assert answer == refused


async def test_a_hotel_that_empties_before_its_time_calls_it_off_and_its_report_has_no_lines(app: AppHarness) -> None:
    await listening(app, *(f"in{n}" for n in range(6)), also=["/hotel Venetian"])
    await listening(app, *(f"out{n}" for n in range(5)), also=["/hotel MGM"])
    line = '/announce "Your lobby is closed" to hotel Venetian at 12:00'
    first, second = await ask(app, line), await ask(app, line.replace("12:00", "09:00"))
    for reply in (first, second):
        await press(app, reply, "Confirm")
    await app.wait(hours=2)
    number = second.buttons[0].arguments["number"]
    report = await ask(app, f"/announce report {number}")
    assert report.files[0].content.splitlines() == ["state,messages", 'sent,"about 5"']
    for user in ("in0", "in1"):
        await app.talk_to(user, "/hotel none")
    await app.wait(hours=3)
    assert len(sent(app)) == 6
    shown = app.text(await ask(app, f"/announce show {first.buttons[0].arguments['number']}"))
    assert "Announcement 15 was cancelled: too few people: their hotels could be guessed" in shown


async def test_a_planned_announcement_shows_its_text_and_when_it_goes_out(app: AppHarness) -> None:
    await listening(app, "bob")
    reply = await ask(app, '/announce "Room changed" to everyone by dm at 10m before SEC203')
    number = reply.buttons[0].arguments["number"]
    await press(app, reply, "Confirm")
    shown = app.text(await ask(app, f"/announce show {number}")).splitlines()
    assert shown[:5] == [
        f"Announcement {number} is scheduled.",
        "Room changed",
        "Who gets it, and when",
        "   To: everyone",
        '   When: Mon 29 Nov 10:50, 10 min before "Keys, locks and doors" starts, and moves with it',
    ]


async def test_one_that_was_held_and_then_dropped_no_longer_says_why_it_was_held(app: AppHarness) -> None:
    reply = await ask(app, LUNCH)
    number = reply.buttons[0].arguments["number"]
    await press(app, reply, "Discard")
    shown = app.text(await ask(app, f"/announce show {number}"))
    assert shown.splitlines()[:2] == [f"Announcement {number} was cancelled.", "Nothing was sent."]


async def test_a_suggested_line_can_be_typed_although_the_text_has_quotes(app: AppHarness) -> None:
    reply = await ask(app, '/announce The room "Academy" is full by pigeon')
    lines = [button.line for button in reply.buttons]
    assert lines
    for line in lines:
        assert '\\"Academy\\"' in line
