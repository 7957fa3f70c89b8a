"""`/conference`."""

from dataclasses import replace

import pytest

from bot.app.messages import Request
from tests.builders import CONFERENCE, schedule
from tests.fakes.app_harness import AppHarness

OTHER = schedule(conference=replace(CONFERENCE, slug="fosdem", title="FOSDEM"))


async def test_the_only_one_is_followed(talk: AppHarness) -> None:
    assert await talk.say("/conference") == (
        "This community follows Cloud 21, Mon 29 Nov to Tue 30 Nov 2021: 5 sessions. Times are in America/Los_Angeles."
    )


async def test_of_several_the_first_command_asks_which_and_an_organizer_may_change_it(talk: AppHarness) -> None:
    await talk.publish(OTHER)
    asked = await talk.ask("/nextsession")
    assert talk.text(asked).startswith("Which conference does this community follow?")
    assert (await talk.press(asked, "FOSDEM")).startswith("This community now follows FOSDEM.")
    assert (await talk.say("/nextsession")).startswith("Next at this conference:")
    refused = await talk.say("/conference cloud21")
    assert refused == "Only an organizer can choose another conference."
    assert (await talk.say("/conference cloud21", organizer=True)).startswith("This community now follows Cloud 21.")


async def test_where_organizers_are_known_only_they_choose_the_first_conference(talk: AppHarness) -> None:
    await talk.publish(OTHER)
    await talk.say("/organizer add bob", organizer=True)
    refused = "Only an organizer can choose the conference. Ask one to type /conference."
    assert await talk.say("/conference fosdem") == refused
    assert (await talk.say("/nextsession")).startswith("Which conference does this community follow?")
    talk.user = "bob"
    assert (await talk.say("/conference fosdem")).startswith("This community now follows FOSDEM.")


@pytest.mark.parametrize(
    ("platform", "tenant", "chooses"), [("discord", "77", False), ("slack", "T1", False), ("slack", "@U1", True)]
)
async def test_a_platform_with_owners_knows_organizers_and_a_person_alone_chooses(
    talk: AppHarness, platform: str, tenant: str, *, chooses: bool
) -> None:
    await talk.publish(OTHER)

    async def chosen(*, organizer: bool) -> bool:
        request = Request(platform, tenant, "U1", "conference", arguments={"name": "fosdem"}, organizer=organizer)
        return not (await talk.dispatch.handle(request)).is_error

    assert await chosen(organizer=False) is chooses
    assert await chosen(organizer=True)


async def test_whoever_was_made_an_organizer_may_change_it_and_the_log_has_both_who_might_and_who_might_not(
    talk: AppHarness,
) -> None:
    await talk.publish(OTHER)
    await talk.say("/conference fosdem")
    await talk.say("/organizer add bob", organizer=True)
    await talk.talk_to("eve", "/conference cloud21")
    await talk.talk_to("bob", "/conference cloud21")
    assert (await talk.say("/conference")).startswith("This community follows Cloud 21")
    log = await talk.say("/organizer log", organizer=True)
    assert "bob: /conference cloud21\n" in log
    assert "Mon 29 Nov 08:00 eve: /conference cloud21 (refused)" in log


async def test_one_that_is_not_there(talk: AppHarness) -> None:
    assert await talk.say("/conference pycon") == 'I know no conference "pycon". I know: cloud21.'


async def test_before_the_first_import_the_answer_says_what_to_do() -> None:
    told = await AppHarness().say("/nextsession")
    assert told == "There is no conference yet. To add one: hallway import FILE"
