"""`/schedule`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import FetchError
from tests.builders import ARC, DAT, DAT_AGAIN, KEY, SEC, SESSIONS, at
from tests.fakes.app_harness import AppHarness

ADDRESS = "https://cloud.example/schedule.json"
MOVED = replace(SEC, starts_at=at(12), ends_at=at(13))
MORE = tuple(replace(KEY, id=f"k{n}", code=f"KEY{n:03}") for n in range(100, 107))
WHOLE = (*SESSIONS, *MORE)


async def ask(app: AppHarness, line: str) -> str:
    return await app.say(line, organizer=True)


@pytest.fixture
async def followed(app: AppHarness) -> AppHarness:
    """A conference with a feed, on Monday at 08:00."""
    app.feed.publish(*WHOLE)
    await ask(app, f"/schedule import {ADDRESS}")
    return app


async def test_only_organizers_use_it(app: AppHarness) -> None:
    assert await app.say("/schedule") == "Only organizers can use /schedule."


async def test_a_schedule_from_a_file_has_no_feed_yet(app: AppHarness) -> None:
    assert await ask(app, "/schedule") == (
        "Cloud 21: 5 sessions, from a file. To keep it up to date from a web address: /schedule import ADDRESS"
    )
    none = "This conference has no feed. To add one: /schedule import ADDRESS"
    assert [await ask(app, f"/schedule {action}") for action in ("refresh", "diff")] == [none, none]
    nothing = "No new version is waiting for a decision. See /schedule status."
    assert [await ask(app, f"/schedule {action}") for action in ("apply", "keep")] == [nothing, nothing]
    assert await ask(app, "/schedule import") == "Where is the schedule? Type /schedule import https://… as NAME."


async def test_an_address_is_taken_in_and_followed(app: AppHarness) -> None:
    app.feed.publish(ARC, MOVED, DAT, DAT_AGAIN, KEY)
    assert await ask(app, f"/schedule import {ADDRESS} every 5m") == (
        "The schedule is updated. I'll tell everyone who is affected.\n"
        "0 added, 1 changed, 0 removed (test)\n"
        "changed: Keys, locks and doors (SEC203) (time Mon 11:00 → Mon 12:00)\n"
        "If you have to decide about the schedule, I'll ask you by direct message. To stop that: /nudges off\n"
        "→ /schedule status"
    )
    app.clock.move_to(at(8, 3))
    assert await ask(app, "/schedule") == (
        f"Cloud 21: 5 sessions, from {ADDRESS}.\n"
        "The feed\n"
        "   Status: fine\n"
        "   Last check: Mon 29 Nov 08:00 (3 min ago)\n"
        "   Our version is from: Mon 29 Nov 08:00 (3 min ago)\n"
        "   Last change: Mon 29 Nov 08:00 (3 min ago): 1 changed\n"
        "   Next check: Mon 29 Nov 08:05 (in 2 min), then every 5 min\n"
        "→ /schedule refresh · /schedule diff"
    )


async def test_a_link_of_a_calendar_is_followed_as_https(app: AppHarness) -> None:
    app.feed.publish(*SESSIONS)
    for link in ("webcal://cloud.example/a.ics", "feed:https://cloud.example/a.ics", "<webcals://cloud.example/a.ics>"):
        await ask(app, f"/schedule import {link}")
        assert (await ask(app, "/schedule")).startswith("Cloud 21: 5 sessions, from https://cloud.example/a.ics.\n")


async def test_a_refresh_says_what_came_of_it(followed: AppHarness) -> None:
    assert (await ask(followed, "/schedule refresh")).startswith("Nothing has changed.\nThe feed\n   Status: fine\n")
    assert await ask(followed, "/schedule diff") == ("Our schedule is up to date with the feed.\n→ /schedule status")
    followed.feed.publish(ARC, MOVED, DAT, DAT_AGAIN, KEY, *MORE)
    assert await ask(followed, "/schedule diff") == (
        "The new version would change this:\n"
        "0 added, 1 changed, 0 removed (test)\n"
        "changed: Keys, locks and doors (SEC203) (time Mon 11:00 → Mon 12:00)\n"
        "→ /schedule refresh · /schedule status"
    )
    assert "The schedule is updated. I'll tell everyone who is affected." in await ask(followed, "/schedule refresh")
    assert "12:00-13:00" in await followed.say("/session SEC203")


async def test_a_fault_keeps_the_last_good_copy_and_shows_its_age(followed: AppHarness) -> None:
    followed.clock.move_to(at(9))
    followed.feed.faults = [FetchError("cloud.example is out of order (503): try again later.", timedelta(hours=1))]
    answer = await ask(followed, "/schedule refresh")
    assert answer == (
        "I couldn't update the schedule, so I keep the last good one. cloud.example is out of order (503): try again later.\n"
        "The feed\n"
        "   Status: failing\n"
        "   Last check: Mon 29 Nov 09:00 (now)\n"
        "   Our version is from: Mon 29 Nov 08:00 (1 h ago)\n"
        "   Last change: Mon 29 Nov 08:00 (1 h ago): 7 added\n"
        "   Next check: Mon 29 Nov 10:00 (in 1 h), then every 10 min\n"
        "   Problem: cloud.example is out of order (503): try again later.\n"
        "   Failing since: Mon 29 Nov 09:00 (now)\n"
        "→ /schedule refresh · /schedule diff"
    )


HELD = (
    "The new version looks wrong, so I changed nothing. This import would remove 7 of 12 sessions. What shall I do?\n"
    "0 added, 0 changed, 7 removed (test)\n"
    "waiting for a decision: This import would remove 7 of 12 sessions\n"
    "no longer in the schedule: Opening keynote (KEY100)\n"
)


async def test_a_copy_that_lost_much_is_held_until_somebody_decides(followed: AppHarness) -> None:
    followed.feed.publish(*SESSIONS)
    reply = await followed.ask("/schedule refresh", organizer=True)
    assert followed.text(reply).startswith(HELD)
    assert [button.label for button in reply.buttons] == ["Apply", "Keep old", "Show difference", "Status"]
    assert (
        "Waiting for your decision: This import would remove 7 of 12 sessions, since Mon 29 Nov 08:00 (now)"
        in await ask(followed, "/schedule")
    )
    assert "no longer in the schedule: Opening keynote (KEY100)" in await ask(followed, "/schedule diff")
    assert "LISTED" not in await followed.say("/session KEY100")
    assert (await ask(followed, "/schedule apply")).startswith(
        "The schedule is updated. I'll tell everyone who is affected.\n0 added, 0 changed, 7"
    )
    assert "NO LONGER IN THE SCHEDULE: Opening keynote (KEY100)" in await followed.say("/session KEY100")
    assert "Status: fine" in await ask(followed, "/schedule")


async def test_what_was_declined_is_not_asked_again_and_what_is_whole_is_taken_in(followed: AppHarness) -> None:
    followed.feed.publish(*SESSIONS)
    await ask(followed, "/schedule refresh")
    assert (await ask(followed, "/schedule keep")).startswith("I keep the old schedule.")
    followed.feed.publish(*SESSIONS)
    assert (await ask(followed, "/schedule refresh")).startswith("Nothing has changed.")
    followed.feed.publish(ARC, KEY)
    assert (await ask(followed, "/schedule refresh")).startswith("The new version looks wrong, so I changed nothing.")
    followed.feed.publish(ARC, MOVED, DAT, DAT_AGAIN, KEY, *MORE)
    assert (await ask(followed, "/schedule refresh")).startswith("The schedule is updated.")
    assert "Status: fine" in await ask(followed, "/schedule")


async def test_a_new_conference_needs_a_name_and_can_be_followed() -> None:
    app = AppHarness()
    assert await ask(app, "/schedule") == (
        "This community follows no conference yet. To add one: /schedule import ADDRESS as NAME"
    )
    app.feed.publish(*SESSIONS)
    assert "needs a short name" in await ask(app, f"/schedule import {ADDRESS}")
    assert "can't be a short name" in await ask(app, f"/schedule import {ADDRESS} as:../x")
    assert "I don't understand" in await ask(app, f"/schedule import {ADDRESS} as ../x")
    assert "I can't check the schedule every" in await ask(app, f"/schedule import {ADDRESS} as mine every:3d")
    answer = await ask(app, f"/schedule import {ADDRESS} as mine zone Europe/Brussels")
    assert answer.endswith("\n→ /schedule status")
    assert "Cloud 21: 5 sessions" in await ask(app, "/schedule")


async def test_an_address_that_fails_is_not_kept(app: AppHarness) -> None:
    app.feed.faults = [FetchError("localhost is not on the public internet.")]
    assert await ask(app, "/schedule import http://localhost/") == "localhost is not on the public internet."
    assert "from a file" in await ask(app, "/schedule")
    app.feed.publish()
    assert "no session could be read" in await ask(app, f"/schedule import {ADDRESS}")
    assert "from a file" in await ask(app, "/schedule")


async def test_who_shares_a_schedule_cannot_change_where_it_comes_from(followed: AppHarness) -> None:
    await followed.say("/attend ARC301")
    followed.tenant = "other"
    refused = "Other communities use this schedule too, so only the operator can change its source."
    assert await ask(followed, f"/schedule import {ADDRESS}") == refused
    assert await ask(followed, "/schedule apply") == refused
    assert "Nothing has changed." in await ask(followed, "/schedule refresh")


async def publication(app: AppHarness, slug: str) -> tuple[bool, bool]:
    """Whether a conference is published, and whether the club owns it."""
    async with app.store.read_transaction() as work:
        record, club = await work.conferences.record(slug), await work.communities.get("console", "club")
    assert record
    assert club
    return record.published, record.owner == club.id


async def test_what_an_organizer_imports_belongs_to_the_community(app: AppHarness) -> None:
    """It was published to all communities of the installation, and silenced those that had never chosen."""
    await app.say("/agenda")
    app.feed.publish(ARC, DAT)
    app.tenant = "club"
    reply = await app.ask(f"/schedule import {ADDRESS} as mine", organizer=True)
    assert [button.label for button in reply.buttons] == ["Follow it here", "Status"]
    assert await publication(app, "mine") == (False, True)
    assert (await app.say("/conference")).startswith("This community follows Cloud 21")
    app.tenant = "other"
    assert (await app.say("/conference")).splitlines() == [
        "This community follows Cloud 21, Mon 29 Nov to Tue 30 Nov 2021: 5 sessions. Times are in America/Los_Angeles."
    ]
    assert await ask(app, "/conference mine") == 'I don\'t know the conference "mine". I know: cloud21.'
    assert await ask(app, f"/schedule import {ADDRESS} as mine") == (
        "The name mine is taken. Choose another short name."
    )
    app.tenant = "club"
    assert (await app.press(reply, "Follow it here", organizer=True)).startswith("This community now follows Cloud 21.")
    assert (await ask(app, "/schedule")).startswith("Cloud 21: 2 sessions, from https://cloud.example")


async def test_a_community_without_a_conference_follows_what_it_imports() -> None:
    app = AppHarness()
    app.feed.publish(ARC)
    await ask(app, f"/schedule import {ADDRESS} as mine")
    assert (await app.say("/conference")).startswith("This community follows Cloud 21")
    app.tenant = "other"
    assert (await app.say("/agenda")).startswith("There is no conference yet.")


async def test_a_linked_community_may_follow_what_the_other_one_imported(app: AppHarness) -> None:
    app.feed.publish(ARC, DAT)
    await ask(app, f"/schedule import {ADDRESS} as mine")
    await ask(app, "/conference mine")
    code = (await ask(app, "/settings link:new")).partition("link:")[2].split()[0]
    app.tenant = "other"
    await app.say("/agenda")
    assert "are linked" in await ask(app, f"/settings link {code} agree")
    assert (await ask(app, "/conference mine")).startswith("This community now follows Cloud 21.")
    app.tenant = "third"
    assert await ask(app, "/conference mine") == 'I don\'t know the conference "mine". I know: cloud21.'
