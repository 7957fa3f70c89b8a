"""`/announce`: nothing goes out before it is confirmed, to exactly the right people, and everybody sees why."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.app.messages import Reply, Request
from bot.app.ports import DeliveryState, Permissions, RecipientUnreachableError
from tests.builders import at
from tests.fakes.app_harness import AppHarness

LUNCH = '/announce "Lunch is in *hall B*" to everyone in #general'


async def ask(talk: AppHarness, line: str) -> Reply:
    """As Olga, who organizes."""
    talk.user, before = "olga", talk.user
    reply = await talk.ask(line, organizer=True)
    talk.user = before
    return reply


async def press(talk: AppHarness, reply: Reply, label: str) -> str:
    talk.user, before = "olga", talk.user
    said = await talk.press(reply, label, organizer=True)
    talk.user = before
    return said


async def listening(talk: AppHarness, *users: str, also: Sequence[str] = ()) -> None:
    for user in users:
        await talk.talk_to(user, "/news on", *also)


def sent(talk: AppHarness) -> list[str]:
    """Whom something was announced to, but for its progress."""
    return sorted(each.to for each in talk.post.sent if each.kind == "announcement")


async def states(talk: AppHarness, number: int) -> dict[DeliveryState, int]:
    async with talk.store.read_transaction() as work:
        return dict((await work.announcement_deliveries.stats(number)).states)


async def test_a_draft_is_shown_with_what_it_comes_to_and_nothing_is_sent(talk: AppHarness) -> None:
    reply = await ask(talk, LUNCH)
    number = reply.buttons[0].arguments["number"]
    assert talk.text(reply).splitlines()[:6] == [
        f"Announcement {number} isn't sent yet. This is how it will look:",
        "Lunch is in hall B",
        "Who gets it, and when",
        "   To: everyone",
        "   When: as soon as you confirm it",
        "   Sends: 1 channel post, in less than a minute",
    ]
    assert await talk.wait(hours=10) == []


async def test_confirmed_it_is_posted_once_with_a_button_to_get_the_next_ones_directly(talk: AppHarness) -> None:
    reply = await ask(talk, LUNCH)
    assert "goes out now" in await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    assert sent(talk) == ["#general"]
    (post,) = [each for each in talk.post.sent if each.kind == "announcement"]
    assert [button.label for button in post.content.buttons] == ["Send me these directly"]
    assert (await ask(talk, f"/announce confirm {reply.buttons[0].arguments['number']}")).is_error


async def test_people_who_agreed_get_it_and_know_why_and_the_others_are_left_to_the_channel(talk: AppHarness) -> None:
    await listening(talk, "bob", "cy", also=["/attend ARC301"])
    await talk.talk_to("dan", "/attend ARC301")
    await listening(talk, "eve")
    reply = await ask(talk, '/announce "Room changed" to going ARC301 by both in #general')
    text = talk.text(reply)
    assert "To: going ARC301" in text
    assert "Sends: 2 direct messages and 1 channel post, in less than a minute" in text
    assert "Not sent directly: 1 who hasn't turned announcements on. They can read it in the channel." in text
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    assert sent(talk) == ["#general", "bob", "cy"]
    letters = [text for text in talk.letters() if text.startswith("Room changed\nYou get this")]
    assert letters[0].splitlines()[:2] == [
        "Room changed",
        'You get this because you go to "Queues that never sleep". It comes from club.',
    ]
    assert letters[0].splitlines()[-1] == "→ /news off"


async def test_what_is_for_some_people_goes_to_them_directly_unless_it_is_said_how(talk: AppHarness) -> None:
    await listening(talk, "bob", also=["/attend ARC301"])
    assert "1 direct message" in talk.text(await ask(talk, '/announce "Hi" to going ARC301'))


async def test_quiet_hours_hold_it_to_the_morning_and_an_urgent_one_is_asked_about_twice(talk: AppHarness) -> None:
    await listening(talk, "bob", also=["/nudges quiet 22:00-07:00"])
    await talk.rehearsal.jump(at(23))
    text = talk.text(reply := await ask(talk, '/announce "Buses leave at 7:30" to everyone by dm'))
    assert "Delayed until morning: 1, in their quiet hours" in text
    await press(talk, reply, "Confirm")
    await talk.wait(hours=7)
    assert sent(talk) == []
    await talk.wait(hours=2)
    assert [f"{each.at:%H:%M}" for each in talk.post.sent if each.kind == "announcement"] == ["15:00"]
    await talk.rehearsal.jump(at(23, day=30))
    urgent = await ask(talk, '/announce "Fire alarm" to everyone by dm urgent')
    assert talk.text(urgent).splitlines()[1] == "Urgent: Fire alarm"
    number = urgent.buttons[0].arguments["number"]
    assert (await ask(talk, f"/announce really {number}")).is_error
    assert "phones may ring at night" in await press(talk, urgent, "Confirm")
    await talk.wait(hours=1)
    assert sent(talk) == ["bob"]
    await ask(talk, f"/announce really {number}")
    await talk.wait(minutes=1)
    assert sent(talk) == ["bob", "bob"]


async def test_urgent_is_for_few_times_a_day(talk: AppHarness) -> None:
    await listening(talk, "bob")
    for _ in range(3):
        number = (await ask(talk, '/announce "!" to everyone by dm urgent')).buttons[0].arguments["number"]
        await ask(talk, f"/announce confirm {number}")
        assert not (await ask(talk, f"/announce really {number}")).is_error
    number = (await ask(talk, '/announce "!" to everyone by dm urgent')).buttons[0].arguments["number"]
    refused = talk.text(await ask(talk, f"/announce confirm {number}"))
    assert refused == "You already sent 3 urgent announcements today. Send this one normally."
    assert "Urgent" not in talk.text(await ask(talk, f"/announce change {number} normal"))


async def test_what_changed_since_the_preview_is_shown_again_before_it_goes_out(talk: AppHarness) -> None:
    first = await ask(talk, LUNCH)
    number = first.buttons[0].arguments["number"]
    changed = await ask(talk, f'/announce change {number} "Lunch is in hall C" titled Lunch at 12:00')
    assert "When: Mon 29 Nov 12:00" in talk.text(changed)
    said = await press(talk, first, "Confirm")
    assert said.startswith("This has changed since that preview, so please check it again.")
    assert "hall C" in said
    assert "goes out Mon 29 Nov 12:00" in await press(talk, changed, "Confirm")
    assert await talk.wait(hours=3) == []
    assert ("Mon 12:00", "#general", "announcement") in await talk.wait(hours=2)


async def test_one_before_a_session_goes_out_at_that_time(talk: AppHarness) -> None:
    reply = await ask(talk, '/announce "Doors open" to everyone in #general at 10m before SEC203')
    when = 'Mon 29 Nov 10:50, 10 min before "Keys, locks and doors" starts, and moves with it'
    assert f"When: {when}" in talk.text(reply)
    await press(talk, reply, "Confirm")
    await talk.wait(hours=2, minutes=49)
    assert sent(talk) == []
    await talk.wait(minutes=1)
    assert sent(talk) == ["#general"]


async def test_whoever_made_it_has_to_be_an_organizer_still_when_it_goes_out(talk: AppHarness) -> None:
    reply = await ask(talk, '/announce "Beer" to everyone in #general at 12:00')
    await press(talk, reply, "Confirm")
    talk.post.standings["olga"] = Permissions()
    await talk.wait(hours=5)
    assert sent(talk) == []
    shown = await ask(talk, f"/announce show {reply.buttons[0].arguments['number']}")
    assert "Announcement 4 was cancelled: its author is no longer an organizer" in talk.text(shown)


@pytest.mark.parametrize(
    ("line", "told"),
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
async def test_what_cannot_be_is_said_in_a_sentence(talk: AppHarness, line: str, told: str) -> None:
    reply = await ask(talk, line)
    assert reply.is_error
    assert told in talk.text(reply)


async def test_calling_everybody_takes_the_right_to(talk: AppHarness) -> None:
    request = Request("console", "club", "olga", "announce", '"Hi" in #general notify', organizer=True)
    assert "You can't notify everybody" in talk.text(await talk.dispatch.handle(request))
    await ask(talk, "/now")
    reply = await ask(talk, '/announce "Hi" in #general notify')
    assert "Notifies: everybody in the channel, if the platform lets me" in talk.text(reply)
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    assert [each.content.notify for each in talk.post.sent if each.to == "#general"] == [True]


async def test_it_is_listed_shown_and_reported(talk: AppHarness) -> None:
    assert talk.text(await ask(talk, "/announce list")) == "There are no announcements yet."
    await listening(talk, "bob", "cy")
    reply = await ask(talk, '/announce "Room changed" to everyone by dm')
    number = reply.buttons[0].arguments["number"]
    assert f"{number}. Room changed (to: everyone) is still a draft" in talk.text(await ask(talk, "/announce list"))
    talk.post.faults = [RecipientUnreachableError("progress is closed too"), RecipientUnreachableError("closed")]
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    report = await ask(talk, f"/announce report {number}")
    assert talk.text(report).splitlines()[:5] == [
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


async def test_paused_nothing_more_goes_out_before_it_is_resumed(talk: AppHarness) -> None:
    await listening(talk, *(f"user{n}" for n in range(5)))
    await talk.talk_to("user0", "/nudges quiet 07:00-09:00")
    reply = await ask(talk, '/announce "Room changed" to everyone by dm')
    number = int(reply.buttons[0].arguments["number"])
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    assert len(sent(talk)) == 4
    assert talk.text(await ask(talk, f"/announce pause {number}")).startswith("Paused. Still waiting: 1.")
    await talk.wait(hours=2)
    assert len(sent(talk)) == 4
    assert talk.text(await ask(talk, f"/announce resume {number}")).startswith("It's being sent again.")
    await talk.wait(minutes=1)
    assert sent(talk) == [f"user{n}" for n in range(5)]
    assert await states(talk, number) == {DeliveryState.SENT: 5}


async def test_cancelled_the_rest_is_not_sent(talk: AppHarness) -> None:
    await listening(talk, "bob", also=["/nudges quiet 07:00-09:00"])
    await listening(talk, "cy")
    reply = await ask(talk, '/announce "Room changed" to everyone by dm')
    number = int(reply.buttons[0].arguments["number"])
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    assert talk.text(await ask(talk, f"/announce cancel {number}")).startswith("Cancelled. Not sent: 1.")
    await talk.wait(hours=5)
    assert sent(talk) == ["cy"]
    assert await states(talk, number) == {DeliveryState.SENT: 1, DeliveryState.EXPIRED: 1}
    assert (await ask(talk, f"/announce cancel {number}")).is_error
    draft = await ask(talk, LUNCH)
    assert (await press(talk, draft, "Discard")).startswith("Cancelled. Nothing was sent.")


async def test_a_correction_is_in_what_was_sent_and_in_what_is_still_to_be_sent(talk: AppHarness) -> None:
    await listening(talk, "bob", also=["/nudges quiet 07:00-09:00"])
    await listening(talk, "cy")
    reply = await ask(talk, '/announce "Lunch is in hall B" to everyone by both in #general')
    number = reply.buttons[0].arguments["number"]
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    assert (await ask(talk, f"/announce edit {number}")).is_error
    edited = await ask(talk, f'/announce edit {number} "Lunch is in hall C"')
    assert talk.text(edited).startswith("Corrected. I'm editing the messages already sent.")
    assert "Wait until that's done" in talk.text(await ask(talk, f"/announce pause {number}"))
    await talk.wait(hours=2)
    announced = [each for each in talk.post.sent if each.kind == "announcement"]
    assert sorted(each.to for each in announced) == ["#general", "bob", "cy"]
    texts = [text for text, each in zip(talk.letters(), talk.post.sent, strict=True) if each.kind == "announcement"]
    assert all("hall C" in text for text in texts)


async def test_recalled_it_is_gone_and_what_could_not_be_taken_back_is_said(talk: AppHarness) -> None:
    await listening(talk, "bob", "cy")
    reply = await ask(talk, '/announce "Wrong" to everyone by dm')
    number = int(reply.buttons[0].arguments["number"])
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    assert sent(talk) == ["bob", "cy"]
    await ask(talk, f"/announce recall {number}")
    talk.post.faults = [RecipientUnreachableError("too old")]
    await talk.wait(minutes=1)
    assert len(sent(talk)) == 1
    assert await states(talk, number) == {DeliveryState.SENT: 1, DeliveryState.RECALLED: 1}
    assert "not recalled: too old" in talk.text(await ask(talk, f"/announce report {number}"))
    shown = await ask(talk, f"/announce show {number}")
    assert talk.text(shown).splitlines()[:3] == [
        f"Announcement {number} was recalled.",
        "1 of 2 messages deleted, not deleted: 1",
        "Wrong",
    ]
    assert shown.buttons == ()
    (progress,) = [each.content for each in talk.post.sent if each.kind == "announcement-progress"]
    assert (progress.lines, progress.buttons) == (shown.lines[:2], ())
    assert "(to: everyone) was recalled" in talk.text(await ask(talk, "/announce list"))
    for action in ("recall", "edit", "cancel", "pause", "resume"):
        refused = talk.text(await ask(talk, f'/announce {action} {number} "x"'))
        assert refused == f"Announcement {number} was recalled, so you can't do that now."


async def test_what_was_never_sent_cannot_be_recalled(talk: AppHarness) -> None:
    draft = await ask(talk, LUNCH)
    number = draft.buttons[0].arguments["number"]
    await press(talk, draft, "Discard")
    refused = talk.text(await ask(talk, f"/announce recall {number}"))
    assert refused == f"Announcement {number} was cancelled, so you can't do that now."


async def test_progress_is_one_message_to_its_author_that_is_edited(talk: AppHarness) -> None:
    await listening(talk, "bob", also=["/nudges quiet 07:00-09:00"])
    await listening(talk, "cy")
    reply = await ask(talk, '/announce "Room changed" to everyone by dm')
    number = reply.buttons[0].arguments["number"]
    await press(talk, reply, "Confirm")
    await talk.wait(minutes=1)
    (progress,) = [each for each in talk.post.sent if each.kind == "announcement-progress"]
    text = talk.letters()[talk.post.sent.index(progress)]
    assert text.splitlines()[:2] == [
        f"Announcement {number} is being sent.",
        "1 of 2 messages sent, waiting: 1, less than a minute to go",
    ]
    assert [button.label for button in progress.content.buttons] == ["Pause", "Cancel the rest", "Details"]
    await talk.wait(hours=2)
    text = talk.letters()[talk.post.sent.index(progress)]
    assert text.splitlines()[:3] == [
        f"Announcement {number} has been sent.",
        "2 of 2 messages sent",
        "Result",
    ]


async def test_it_goes_on_where_another_process_ended(talk: AppHarness) -> None:
    await listening(talk, *(f"user{n}" for n in range(3)))
    reply = await ask(talk, '/announce "Room changed" to everyone by dm')
    await press(talk, reply, "Confirm")
    talk.broadcast.on_owed = talk.broadcast.stop
    await talk.broadcast.run_due()
    fresh = AppHarness(talk.store, talk.clock.now() + timedelta(minutes=3))
    fresh.post.standings = talk.post.standings
    await fresh.wait(minutes=1)
    assert sent(fresh) == ["user0", "user1", "user2"]


async def test_an_audience_by_hotel_needs_five_inside_and_five_outside_and_is_counted_in_fives(
    talk: AppHarness,
) -> None:
    line = '/announce "Your lobby is closed" to hotel Venetian'
    await listening(talk, *(f"in{n}" for n in range(4)), also=["/hotel Venetian"])
    await listening(talk, *(f"out{n}" for n in range(5)), also=["/hotel MGM"])
    refused = talk.text(await ask(talk, line))
    assert refused.startswith("An audience by hotel needs at least 5 people in it and 5 people outside it")
    await listening(talk, "in4", "in5", also=["/hotel Venetian", "/attend ARC301"])
    reply = await ask(talk, line)
    assert "about 5 direct messages" in talk.text(reply)
    assert talk.text(await ask(talk, f"{line} and going ARC301")) == refused
    await talk.talk_to("in5", "/hotel none")
    await talk.talk_to("in4", "/hotel none")
    said = await press(talk, reply, "Confirm")
    assert said == refused


async def test_a_hotel_that_empties_before_its_time_calls_it_off_and_its_report_has_no_lines(talk: AppHarness) -> None:
    await listening(talk, *(f"in{n}" for n in range(6)), also=["/hotel Venetian"])
    await listening(talk, *(f"out{n}" for n in range(5)), also=["/hotel MGM"])
    line = '/announce "Your lobby is closed" to hotel Venetian at 12:00'
    first, second = await ask(talk, line), await ask(talk, line.replace("12:00", "09:00"))
    for reply in (first, second):
        await press(talk, reply, "Confirm")
    await talk.wait(hours=2)
    number = second.buttons[0].arguments["number"]
    report = await ask(talk, f"/announce report {number}")
    assert report.files[0].content.splitlines() == ["state,messages", 'sent,"about 5"']
    for user in ("in0", "in1"):
        await talk.talk_to(user, "/hotel none")
    await talk.wait(hours=3)
    assert len(sent(talk)) == 6
    shown = talk.text(await ask(talk, f"/announce show {first.buttons[0].arguments['number']}"))
    assert "Announcement 15 was cancelled: too few people: their hotels could be guessed" in shown


async def test_a_planned_announcement_shows_its_text_and_when_it_goes_out(talk: AppHarness) -> None:
    await listening(talk, "bob")
    reply = await ask(talk, '/announce "Room changed" to everyone by dm at 10m before SEC203')
    number = reply.buttons[0].arguments["number"]
    await press(talk, reply, "Confirm")
    shown = talk.text(await ask(talk, f"/announce show {number}")).splitlines()
    assert shown[:5] == [
        f"Announcement {number} is scheduled.",
        "Room changed",
        "Who gets it, and when",
        "   To: everyone",
        '   When: Mon 29 Nov 10:50, 10 min before "Keys, locks and doors" starts, and moves with it',
    ]


async def test_one_that_was_held_and_then_dropped_no_longer_says_why_it_was_held(talk: AppHarness) -> None:
    reply = await ask(talk, LUNCH)
    number = reply.buttons[0].arguments["number"]
    await press(talk, reply, "Discard")
    shown = talk.text(await ask(talk, f"/announce show {number}"))
    assert shown.splitlines()[:2] == [f"Announcement {number} was cancelled.", "Nothing was sent."]


async def test_a_suggested_line_can_be_typed_although_the_text_has_quotes(talk: AppHarness) -> None:
    reply = await ask(talk, '/announce The room "Academy" is full by pigeon')
    lines = [button.line for button in reply.buttons]
    assert lines
    for line in lines:
        assert '\\"Academy\\"' in line
