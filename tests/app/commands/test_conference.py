"""`/conference`."""

from dataclasses import replace

import pytest

from bot.app.messages import Request
from bot.app.schedules.importer import ingest
from tests.builders import CONFERENCE, KEY, draft, schedule
from tests.fakes.app_harness import AppHarness

FOSDEM = replace(draft(KEY), title="FOSDEM")
OTHER = schedule(conference=replace(CONFERENCE, slug="fosdem", title="FOSDEM"))


async def test_the_only_one_is_followed(app: AppHarness) -> None:
    assert await app.say("/conference") == (
        "This community follows Cloud 21, Mon 29 Nov to Tue 30 Nov 2021: 5 sessions. Times are in America/Los_Angeles."
    )


async def test_of_several_the_first_command_asks_which_and_an_organizer_may_change_it(app: AppHarness) -> None:
    await app.publish(OTHER)
    asked = await app.ask("/nextsession")
    assert app.text(asked).startswith("Which conference does this community follow?")
    assert (await app.press(asked, "FOSDEM")).startswith("This community now follows FOSDEM.")
    assert (await app.say("/nextsession")).startswith("Next at this conference:")
    refused = await app.say("/conference cloud21")
    assert refused == "Only an organizer can choose another conference."
    changed = await app.ask("/conference cloud21", organizer=True)
    assert app.text(changed).startswith("This community now follows Cloud 21.")
    assert await app.press(changed, "Undo: follow FOSDEM") == "Only an organizer can choose another conference."
    assert (await app.press(changed, "Undo: follow FOSDEM", organizer=True)).startswith("This community now follows")


async def test_a_second_conference_changes_nothing_for_who_uses_the_first(app: AppHarness) -> None:
    """It asked everybody which conference the community follows, and no nudge was sent."""
    await app.all("/hotel Venetian", "/nudges on", "/attend ARC301")
    app.user = "olga"
    reply = await app.ask('/announce "Doors open" in #general at 10m before SEC203', organizer=True)
    await app.press(reply, "Confirm", organizer=True)
    app.user = "ada"
    await ingest(app.store, FOSDEM, "fosdem", app.clock.now())
    assert (await app.say("/conference")).startswith("This community follows Cloud 21")
    kinds = [(at, to, kind) for at, to, kind in await app.wait(hours=4) if kind != "announcement-progress"]
    assert ("Mon 08:15", "ada", "leave-by") in kinds
    assert ("Mon 10:50", "#general", "announcement") in kinds


async def test_who_used_the_only_conference_before_it_was_stored_keeps_it_too(app: AppHarness) -> None:
    await app.say("/agenda")
    async with app.store.write_transaction() as work:
        club = await work.communities.get("console", "club")
        assert club
        assert club.conference == "cloud21"
        await work.communities.save(replace(club, conference=None))
        await work.communities.add("console", "never-used")
    await ingest(app.store, FOSDEM, "fosdem", app.clock.now())
    assert (await app.say("/conference")).startswith("This community follows Cloud 21")
    app.tenant = "never-used"
    assert (await app.say("/agenda")).startswith("Which conference does this community follow?")


async def test_a_change_says_for_how_many_it_is_and_the_way_back_brings_everything_back(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/nudges on", "/attend ARC301", "/attend SEC203")
    await app.talk_to("bob", "/attend SEC203")
    await app.publish(OTHER)
    app.user = "olga"
    asked = await app.ask("/conference fosdem", organizer=True)
    assert app.text(asked).splitlines() == [
        "This community follows Cloud 21. Shall it follow FOSDEM instead?",
        "2 people have sessions of Cloud 21 on their agenda, and get no more messages about them.",
        "Nothing is lost: if you change back, all agendas are as before.",
        "→ /conference fosdem yes",
    ]
    assert (await app.say("/conference")).startswith("This community follows Cloud 21")
    await app.press(asked, "Follow FOSDEM", organizer=True)
    assert await app.wait(minutes=30) == []
    back = await app.ask("/conference", organizer=True)
    assert "follows FOSDEM" in app.text(back)
    assert "follows Cloud 21" in await app.press(back, "Cloud 21", organizer=True)
    assert ("Mon 08:30", "ada", "leave-by") in await app.wait(hours=1)


async def test_where_organizers_are_known_only_they_choose_the_first_conference(app: AppHarness) -> None:
    await app.publish(OTHER)
    await app.say("/organizer add bob", organizer=True)
    refused = "Only an organizer can choose the conference. Ask one to type /conference."
    assert await app.say("/conference fosdem") == refused
    assert (await app.say("/nextsession")).startswith("Which conference does this community follow?")
    app.user = "bob"
    assert (await app.say("/conference fosdem")).startswith("This community now follows FOSDEM.")


@pytest.mark.parametrize(
    ("platform", "tenant", "chooses"), [("discord", "77", False), ("slack", "T1", False), ("slack", "@U1", True)]
)
async def test_a_platform_with_owners_knows_organizers_and_a_person_alone_chooses(
    app: AppHarness, platform: str, tenant: str, *, chooses: bool
) -> None:
    await app.publish(OTHER)

    async def chosen(*, organizer: bool) -> bool:
        request = Request(platform, tenant, "U1", "conference", arguments={"name": "fosdem"}, organizer=organizer)
        return not (await app.dispatch.handle(request)).is_error

    assert await chosen(organizer=False) is chooses
    assert await chosen(organizer=True)


async def test_whoever_was_made_an_organizer_may_change_it_and_the_log_has_both_who_might_and_who_might_not(
    app: AppHarness,
) -> None:
    await app.publish(OTHER)
    await app.say("/conference fosdem")
    await app.say("/organizer add bob", organizer=True)
    await app.talk_to("eve", "/conference cloud21")
    await app.talk_to("bob", "/conference cloud21")
    assert (await app.say("/conference")).startswith("This community follows Cloud 21")
    log = await app.say("/organizer log", organizer=True)
    assert "bob: /conference cloud21\n" in log
    assert "Mon 29 Nov 08:00 eve: /conference cloud21 (refused)" in log


async def test_one_that_is_not_there(app: AppHarness) -> None:
    assert await app.say("/conference pycon") == 'I don\'t know the conference "pycon". I know: cloud21.'


async def test_before_the_first_import_the_answer_says_what_to_do() -> None:
    answer = await AppHarness().say("/nextsession")
    assert answer == "There is no conference yet. To add one: hallway import FILE"
