"""The digest of a new version in a channel that an organizer chose."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.render.message import render_message
from bot.app.ports import RecipientUnreachableError
from bot.domain.schedule.session import Session, SessionState
from tests.app.commands.test_schedule import ADDRESS, MORE
from tests.builders import ARC, DAT, DAT_AGAIN, KEY, SEC, SESSIONS, VENETIAN, at, schedule
from tests.fakes.app_harness import AppHarness

MOVED = replace(SEC, starts_at=at(14), ends_at=at(15), venue=VENETIAN.name, room="Delfino *1*")
OFF = replace(ARC, state=SessionState.CANCELLED)
FRESH = replace(
    DAT, id="new400", code="NEW400", title="Brand new <@everyone>", starts_at=at(9, day=30), ends_at=at(10, day=30)
)
MESSAGE = (
    "The schedule of Cloud 21 has changed: 3 sessions.\n"
    "• Mon 29 Nov: Queues that never sleep (ARC301): cancelled (was Venetian, Room ARC301, 09:00-10:00)\n"
    "• Mon 29 Nov: Keys, locks and doors (SEC203): now Venetian, Delfino *1*, 14:00-15:00 (was Caesars Forum, Room SEC203, 11:00-12:00)\n"
    "• Tue 30 Nov: new: Brand new <@everyone> (NEW400), 09:00-10:00, Caesars Forum\n"
    "→ /agenda"
)


async def refreshed(app: AppHarness, *sessions: Session) -> None:
    app.feed.publish(*sessions)
    await app.say("/schedule refresh", organizer=True)


@pytest.fixture
async def posted(app: AppHarness) -> AppHarness:
    """A conference with a feed, whose changes are told in #news."""
    app.feed.publish(*SESSIONS, *MORE)
    await app.say(f"/schedule import {ADDRESS}", organizer=True)
    await app.say("/settings digest #news", organizer=True)
    return app


async def test_one_message_for_each_version_once_it_has_settled(posted: AppHarness) -> None:
    await refreshed(posted, OFF, MOVED, DAT, DAT_AGAIN, KEY, FRESH, *MORE)
    assert await posted.wait(minutes=4) == []
    assert await posted.wait(minutes=2) == [("Mon 08:05", "#news", "schedule-digest")]
    assert posted.messages() == [MESSAGE]
    discord = render_message(posted.post.sent[0].content).content
    assert ("<@everyone>" in discord, "Delfino \\*1\\*" in discord) == (False, True)
    await refreshed(posted, OFF, replace(MOVED, abstract="Only words"), DAT, DAT_AGAIN, KEY, FRESH, *MORE)
    assert await posted.wait(hours=2) == []


async def test_a_feed_that_cannot_decide_gives_one_message_or_none(posted: AppHarness) -> None:
    posted.clock.move_to(at(4))
    for _ in range(3):
        await refreshed(posted, ARC, MOVED, DAT, DAT_AGAIN, KEY, *MORE)
        assert await posted.wait(minutes=3) == []
        await refreshed(posted, *SESSIONS, *MORE)
        assert await posted.wait(minutes=3) == []
    assert await posted.wait(hours=2) == []
    await refreshed(posted, ARC, MOVED, DAT, DAT_AGAIN, KEY, *MORE)
    await posted.wait(minutes=3)
    await refreshed(posted, OFF, MOVED, DAT, DAT_AGAIN, KEY, *MORE)
    assert [who for _, who, _ in await posted.wait(hours=1)] == ["#news"]
    assert posted.messages()[-1].startswith("The schedule of Cloud 21 has changed: 2 sessions.")


async def test_even_one_that_never_settles_is_told_within_the_hour(posted: AppHarness) -> None:
    posted.clock.move_to(at(1))
    versions = [replace(SEC, starts_at=at(13, n % 30), ends_at=at(15)) for n in range(25)]
    digests: list[tuple[str, str, str]] = []
    for version in versions:
        await refreshed(posted, ARC, version, DAT, DAT_AGAIN, KEY, *MORE)
        digests += await posted.wait(minutes=3)
    assert [at_ for at_, _, _ in digests] == ["Mon 02:00"]


async def test_a_long_one_is_cut_and_says_so(posted: AppHarness) -> None:
    # Not all by the same hours: that would be held as a mistake.
    moved = [
        replace(session, room="Elsewhere", starts_at=at(9 + n % 4), ends_at=at(14)) for n, session in enumerate(MORE)
    ]
    rest = [replace(session, room="Elsewhere") for session in SESSIONS if session.id != "key001"]
    extra = [replace(FRESH, id=f"n{n}", code=f"N{n}") for n in range(10)]
    await refreshed(posted, KEY, *moved, *rest, *extra)
    await posted.wait(minutes=6)
    assert posted.messages()[0].splitlines()[-2:] == ["… and 9 more.", "→ /agenda"]


async def test_nobody_is_told_without_the_setting_or_after_it_was_taken_back(posted: AppHarness) -> None:
    await refreshed(posted, OFF, SEC, DAT, DAT_AGAIN, KEY, *MORE)
    answer = await posted.say("/settings digest none", organizer=True)
    assert "Digest channel: not set. Only affected people hear about changes." in answer
    assert await posted.wait(hours=1) == []
    await refreshed(posted, *SESSIONS, *MORE)
    assert await posted.wait(hours=1) == []


async def test_a_community_that_follows_another_conference_is_not_told(posted: AppHarness) -> None:
    other = schedule()
    other = replace(other, conference=replace(other.conference, slug="other", title="Other"))
    await posted.say("/conference cloud21", organizer=True)
    await posted.publish(other)
    await refreshed(posted, OFF, SEC, DAT, DAT_AGAIN, KEY, *MORE)
    await posted.say("/conference other", organizer=True)
    assert await posted.wait(hours=1) == []
    posted.feed.publish(*SESSIONS, *MORE)
    assert (await posted.feeds.refresh("cloud21", 0)).report is not None
    assert await posted.wait(hours=1) == []


async def test_a_channel_that_takes_nothing_is_told_to_the_organizers(posted: AppHarness) -> None:
    posted.post.faults.append(RecipientUnreachableError("I cannot write in that channel (Missing Access)"))
    await refreshed(posted, OFF, SEC, DAT, DAT_AGAIN, KEY, *MORE)
    assert await posted.wait(minutes=6) == []
    assert (
        "Digest channel: #news, but I couldn't post the last message: I cannot write in that channel (Missing Access)"
        in await posted.say("/settings", organizer=True)
    )


async def test_the_first_import_of_a_conference_is_silent() -> None:
    app = AppHarness()
    app.feed.publish(*SESSIONS)
    await app.say("/schedule import https://cloud.example/a.json as cloud21", organizer=True)
    await app.say("/conference cloud21", organizer=True)
    await app.say("/settings digest #news", organizer=True)
    assert await app.wait(hours=1) == []
    await refreshed(app, *SESSIONS, FRESH)
    await app.rehearsal.wait(timedelta(minutes=6))
    assert [message.to for message in app.post.sent] == ["#news"]
