"""`/organizer`: who may organize besides those whom the platform knows, until when, and what they did."""

from datetime import timedelta

import pytest

from bot.app.messages import Request
from tests.talk import Talk


async def manage(talk: Talk, line: str) -> str:
    return await talk.say(line, organizer=True)


async def test_somebody_is_added_until_a_moment_and_removed(talk: Talk) -> None:
    assert await talk.say("/organizer") == "Only organizers can use /organizer."
    added = await manage(talk, "/organizer add @bob until tuesday 18:00")
    assert added == ("@bob organizes from now on.\nOrganizers\n   @bob, until Tue 30 Nov 18:00\n→ /organizer log")
    await manage(talk, "/organizer add <@&77>")
    talk.user = "bob"
    assert "role 77" in await talk.say("/organizer list")
    talk.clock.move_to(talk.clock.now() + timedelta(days=2))
    assert await talk.say("/organizer list") == "Only organizers can use /organizer."
    talk.user = "ada"
    assert "role 77 organizes no longer." in await manage(talk, "/organizer remove <@&77>")
    assert "was not on this list" in await manage(talk, "/organizer remove @eve")
    assert "Nobody else." in await manage(talk, "/organizer")


async def test_who_was_added_adds_nobody(talk: Talk) -> None:
    await manage(talk, "/organizer add @bob")
    talk.user = "bob"
    refused = await talk.say("/organizer add @eve")
    assert refused.startswith("Only those who manage this community on its platform add and remove organizers")
    assert refused == await talk.say("/organizer remove @bob")


async def test_a_role_makes_organizers_of_those_who_have_it(talk: Talk) -> None:
    await manage(talk, "/organizer add <@&77>")
    for roles, may in ((frozenset({"77"}), True), (frozenset({"78"}), False)):
        request = Request("console", "club", "cy", "organizer", "list", roles=roles)
        assert (await talk.dispatch.handle(request)).is_error is not may


@pytest.mark.parametrize("line", ["add", "remove", "add @ ", "add @bob until now", "add @bob until monday 07:00"])
async def test_what_is_missing_or_over_is_said(talk: Talk, line: str) -> None:
    before = await manage(talk, "/organizer list")
    reply = await talk.ask(f"/organizer {line}", organizer=True)
    assert reply.is_error
    assert await manage(talk, "/organizer list") == before


async def test_everything_is_in_the_log_refusals_too_and_a_stranger_leaves_no_community(talk: Talk) -> None:
    await manage(talk, "/settings reminders:#hall")
    await talk.say('/announce "Free beer" to everyone')
    await manage(talk, "/organizer add @bob")
    log = await manage(talk, "/organizer log")
    assert log.splitlines() == [
        "What organizers did here, the newest first:",
        "The log",
        "   Mon 29 Nov 08:00 ada: /organizer log",
        "   Mon 29 Nov 08:00 ada: /organizer add @bob",
        '   Mon 29 Nov 08:00 ada, refused: /announce "Free beer" to everyone',
        "   Mon 29 Nov 08:00 ada: /settings reminders:#hall",
    ]
    talk.tenant = "elsewhere"
    assert (await talk.ask("/organizer")).is_error
    async with talk.store.reading() as work:
        assert await work.communities.get("console", "elsewhere") is None


async def test_who_is_forgotten_is_named_in_no_log(talk: Talk) -> None:
    await talk.say("/hotel MGM")
    await talk.say("/organizer")
    await talk.say("/forgetme yes")
    talk.user = "olga"
    log = await manage(talk, "/organizer log")
    assert "somebody who was forgotten, refused: /organizer" in log
    assert "ada" not in log
