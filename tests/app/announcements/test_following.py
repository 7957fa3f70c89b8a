"""Announcements that follow a session or a day: they move with it, and wait for their author when it is too late."""

from dataclasses import replace

import pytest

from bot.app.messages import Reply
from bot.app.ports import DeliveryState
from bot.app.schedules.importer import save_schedule
from bot.domain.announcements.announcement import Announcement, Stage
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import difference
from bot.domain.schedule.session import Session, SessionState
from tests.builders import ARC, CONFERENCE, DAT, KEY, SEC, at, schedule
from tests.fakes.app_harness import AppHarness

REVISIONS = iter(range(2, 99))


async def changed(app: AppHarness, *sessions: Session) -> None:
    """A feed brings other versions of some sessions."""
    async with app.store.write_transaction() as work:
        old = await work.conferences.load("cloud21")
        assert old
        revision = next(REVISIONS)
        fresh = {session.id: replace(session, revision=revision) for session in sessions}
        new = replace(
            old,
            conference=replace(CONFERENCE, revision=revision),
            sessions=tuple(fresh.get(session.id, session) for session in old.sessions),
        )
        await save_schedule(work, old, new, difference(old, new), app.clock.now())


async def gone(app: AppHarness, code: str) -> None:
    """A feed no longer has a session at all."""
    async with app.store.write_transaction() as work:
        old = await work.conferences.load("cloud21")
        assert old
        conference = replace(CONFERENCE, revision=next(REVISIONS))
        new: Schedule = replace(
            old, conference=conference, sessions=tuple(session for session in old.sessions if session.code != code)
        )
        await save_schedule(work, old, new, difference(old, new), app.clock.now())


async def planned(app: AppHarness, moment: str = "10m before SEC203") -> int:
    app.user = "olga"
    reply = await app.ask(f'/announce "Doors open" in #general at {moment}', organizer=True)
    await app.press(reply, "Confirm", organizer=True)
    return int(reply.buttons[0].arguments["number"])


async def stored_announcement(app: AppHarness, number: int) -> Announcement:
    async with app.store.read_transaction() as work:
        found = await work.announcements.get(number)
    assert found
    return found


def posted(app: AppHarness) -> list[str]:
    """When something was posted in the channel, in Las Vegas."""
    announced = [message for message in app.post.sent if message.kind == "announcement"]
    return [f"{message.at.astimezone(CONFERENCE.tz):%a %H:%M}" for message in announced]


def questions(app: AppHarness) -> list[Reply]:
    return [message.content for message in app.post.sent if message.kind == "announcement-held"]


def moved(session: Session, hour: int, minute: int = 0) -> Session:
    return replace(session, starts_at=at(hour, minute), ends_at=at(hour, minute) + session.length)


@pytest.mark.parametrize(
    ("moment", "when", "sent"),
    [
        ("10m before SEC203", 'Mon 29 Nov 10:50, 10 min before "Keys, locks and doors" starts', "Mon 10:50"),
        ("when SEC203 starts", 'Mon 29 Nov 11:00, when "Keys, locks and doors" starts', "Mon 11:00"),
        ("the start of SEC203", 'Mon 29 Nov 11:00, when "Keys, locks and doors" starts', "Mon 11:00"),
        ("when SEC203 ends", 'Mon 29 Nov 12:00, when "Keys, locks and doors" ends', "Mon 12:00"),
        ("the end of SEC203", 'Mon 29 Nov 12:00, when "Keys, locks and doors" ends', "Mon 12:00"),
        ("5m before SEC203 ends", 'Mon 29 Nov 11:55, 5 min before "Keys, locks and doors" ends', "Mon 11:55"),
        ("1h30 after SEC203", 'Mon 29 Nov 13:30, 1 h 30 min after "Keys, locks and doors" ends', "Mon 13:30"),
        ("the start of the day", "Tue 30 Nov 08:30, when the first session of Tue 30 Nov starts", "Tue 08:30"),
        ("1h before the start of tuesday", "Tue 30 Nov 07:30, 1 h before the first session of Tue 30 Nov", "Tue 07:30"),
        ("at 20 min before Keys, locks and doors", "Mon 29 Nov 10:40, 20 min before", "Mon 10:40"),
    ],
)
async def test_a_preview_says_the_time_on_the_clock_and_that_it_follows(
    app: AppHarness, moment: str, when: str, sent: str
) -> None:
    await app.rehearsal.jump(at(10))
    app.user = "olga"
    reply = await app.ask(f'/announce "Doors open" in #general at {moment}', organizer=True)
    (line,) = [text for text in app.text(reply).splitlines() if text.startswith("   When: ")]
    assert line.startswith(f"   When: {when}")
    assert line.endswith(", and moves with it")
    confirmed = await app.press(reply, "Confirm", organizer=True)
    assert f"It goes out {when}" in confirmed
    assert ", and moves with it." in confirmed
    await app.wait(hours=24)
    assert posted(app) == [sent]


async def test_it_moves_with_its_session_earlier_and_later(app: AppHarness) -> None:
    await planned(app)
    await planned(app, "the end of SEC203")
    await changed(app, moved(SEC, 10))
    await app.wait(hours=1, minutes=45)
    assert posted(app) == []
    await changed(app, moved(SEC, 10, 30))
    await app.wait(hours=5)
    assert (posted(app), questions(app)) == (["Mon 10:20", "Mon 11:30"], [])


async def test_one_at_the_start_of_the_day_moves_with_the_first_session(app: AppHarness) -> None:
    await planned(app, "1h before the start of tuesday")
    await changed(app, replace(KEY, starts_at=at(10, 0, 30), ends_at=at(11, 0, 30)))
    await app.wait(hours=30)
    assert posted(app) == ["Tue 09:00"]


async def test_an_edit_of_an_organizer_moves_it_too(app: AppHarness) -> None:
    await planned(app)
    shown = await app.ask("/schedule edit SEC203 time 14:00", organizer=True)
    await app.press(shown, "Apply", organizer=True)
    await app.wait(hours=8)
    assert posted(app) == ["Mon 13:50"]


async def test_what_would_come_after_its_session_began_is_not_sent_but_asked_about(app: AppHarness) -> None:
    """It went out when the session had ended: the session had moved to an earlier time."""
    number = await planned(app)
    await app.rehearsal.jump(at(10))
    await changed(app, moved(SEC, 9))
    await app.wait(hours=1)
    assert posted(app) == []
    (question,) = questions(app)
    assert app.text(question).splitlines() == [
        f"Announcement {number} is on hold: its session moved, and the time is over.",
        (
            'It was planned for Mon 29 Nov 10:50, 10 min before "Keys, locks and doors" starts. '
            '"Keys, locks and doors" is Mon 29 Nov 09:00 to 10:00 now.'
        ),
        "Nothing was sent. Shall I send it now, at another time, or not at all?",
        "Doors open",
        f"→ /announce send {number} · /announce change {number} <when> · /announce cancel {number}",
    ]
    assert [button.label for button in question.buttons] == ["Send now", "New time…", "Drop it"]
    listed = await app.say("/announce list", organizer=True)
    assert "is on hold: its session moved, and the time is over" in listed
    assert await app.say(f"/announce show {number}", organizer=True) == app.text(question)
    await app.press(question, "Send now", organizer=True)
    await app.wait(minutes=1)
    assert posted(app) == ["Mon 11:00"]
    assert "has been sent" in await app.say(f"/announce show {number}", organizer=True)


@pytest.mark.parametrize("moment", ["10m before SEC203", "the end of SEC203"])
async def test_before_a_cancelled_session_it_is_held_and_its_author_is_asked(app: AppHarness, moment: str) -> None:
    number = await planned(app, moment)
    await changed(app, replace(SEC, state=SessionState.CANCELLED))
    await app.wait(hours=5)
    (question,) = questions(app)
    text = app.text(question)
    assert text.startswith(
        f"Announcement {number} is on hold: its session was cancelled.\nIt was planned for Mon 29 Nov"
    )
    assert posted(app) == []
    assert await app.press(question, "Drop it", organizer=True) == "Cancelled. Nothing was sent.\n→ /announce show 4"
    assert (await stored_announcement(app, number)).stage is Stage.CANCELLED


async def test_before_a_session_that_is_gone_it_is_held(app: AppHarness) -> None:
    number = await planned(app)
    await gone(app, "SEC203")
    await app.wait(hours=5)
    found = await stored_announcement(app, number)
    assert (found.stage, found.why, posted(app)) == (Stage.HELD, "its session is no longer in the schedule", [])


async def test_it_is_planned_again_when_its_session_comes_back(app: AppHarness) -> None:
    number = await planned(app)
    await changed(app, replace(SEC, state=SessionState.CANCELLED))
    assert (await stored_announcement(app, number)).stage is Stage.HELD
    await changed(app, moved(SEC, 12))
    await app.wait(hours=5)
    assert (posted(app), questions(app)) == (["Mon 11:50"], [])


async def test_a_new_time_is_shown_and_confirmed_before_it_counts(app: AppHarness) -> None:
    number = await planned(app)
    await changed(app, replace(SEC, state=SessionState.CANCELLED))
    refused = await app.say(f'/announce change {number} "Doors stay shut"', organizer=True)
    assert "which does not take place now" in refused
    confirm = await app.ask(f"/announce confirm {number}", organizer=True)
    assert (
        app.text(confirm)
        == "This announcement is tied to something that does not take place. Choose another time, or now."
    )
    reply = await app.ask(f"/announce change {number} at 10m before DAT310", organizer=True)
    assert 'When: Mon 29 Nov 11:20, 10 min before "Counting to infinity" starts' in app.text(reply)
    await app.press(reply, "Confirm", organizer=True)
    await app.wait(hours=5)
    assert posted(app) == ["Mon 11:20"]


async def test_one_confirmed_too_late_is_refused(app: AppHarness) -> None:
    app.user = "olga"
    reply = await app.ask('/announce "Doors open" in #general at 10m before SEC203', organizer=True)
    await app.rehearsal.jump(at(11, 5))
    refused = await app.press(reply, "Confirm", organizer=True)
    assert refused == "The time of this announcement has passed. Choose another time, or now."


async def test_after_an_outage_over_the_start_it_is_asked_about(app: AppHarness) -> None:
    number = await planned(app)
    app.clock.move_to(at(11, 5))
    await app.wait(minutes=1)
    assert (posted(app), (await stored_announcement(app, number)).why) == ([], "it is too late for it now")
    assert len(questions(app)) == 1


async def test_after_a_short_outage_it_is_still_sent(app: AppHarness) -> None:
    await planned(app)
    app.clock.move_to(at(10, 55))
    await app.wait(minutes=1)
    assert posted(app) == ["Mon 10:55"]


async def test_the_question_waits_for_the_morning_if_the_time_does_too(app: AppHarness) -> None:
    app.user = "olga"
    await app.say("/nudges quiet 22:00-07:00")
    await planned(app, "10m before KEY001")
    await app.rehearsal.jump(at(23))
    await changed(app, replace(KEY, state=SessionState.CANCELLED))
    asked = [
        f"{message.at.astimezone(CONFERENCE.tz):%H:%M}"
        for message in app.post.sent
        if message.kind == "announcement-held"
    ]
    assert asked == []
    await app.wait(hours=9)
    asked = [
        f"{message.at.astimezone(CONFERENCE.tz):%H:%M}"
        for message in app.post.sent
        if message.kind == "announcement-held"
    ]
    assert asked == ["07:00"]


async def test_what_waits_for_quiet_hours_is_not_sent_after_its_session_began_earlier(app: AppHarness) -> None:
    app.user = "bob"
    await app.say("/news on")
    await app.say("/nudges quiet 10:00-11:30")
    app.user = "olga"
    reply = await app.ask('/announce "Doors open" to everyone at 10m before SEC203 by dm', organizer=True)
    await app.press(reply, "Confirm", organizer=True)
    await app.rehearsal.jump(at(10, 51))
    await changed(app, moved(SEC, 10))
    await app.wait(hours=1)
    number = int(reply.buttons[0].arguments["number"])
    async with app.store.read_transaction() as work:
        assert (await work.announcement_deliveries.stats(number)).states == {DeliveryState.EXPIRED: 1}
    assert posted(app) == []


async def test_a_decision_about_an_older_question_is_asked_again(app: AppHarness) -> None:
    number = await planned(app)
    await changed(app, replace(SEC, state=SessionState.CANCELLED))
    await app.wait(minutes=1)
    await changed(app, moved(SEC, 12))
    await changed(app, replace(SEC, state=SessionState.CANCELLED))
    await app.wait(minutes=1)
    first, second = questions(app)
    assert await app.press(first, "Send now", organizer=True) == app.text(second)
    assert posted(app) == []
    await app.say(f'/announce edit {number} "Doors are shut"', organizer=True)
    await app.press(second, "New time…", organizer=True)
    assert (await stored_announcement(app, number)).words.text == "Doors are shut"


async def test_one_that_follows_another_conference_stays_as_it_is(app: AppHarness) -> None:
    await planned(app)
    other = replace(schedule([ARC, DAT]), conference=replace(CONFERENCE, slug="other"))
    async with app.store.write_transaction() as work:
        club = await work.communities.get("console", "club")
        assert club
        await work.communities.save(replace(club, conference="cloud21"))
        await save_schedule(work, schedule([SEC]), other, difference(schedule([SEC]), other), app.clock.now())
    await app.wait(hours=5)
    assert posted(app) == ["Mon 10:50"]
