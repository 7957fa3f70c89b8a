"""`/help`."""

from bot.app.command_spec import Access
from tests.fakes.app_harness import AppHarness


async def test_all_commands_are_there_in_groups(talk: AppHarness) -> None:
    told = await talk.say("/help")
    assert told.startswith(
        "Start with /nextsession. For more about a command: /help attend\nWhat's on\n   /nextsession"
    )
    open_to_all = [name for name, command in talk.dispatch.commands.items() if command.access is Access.EVERYONE]
    assert [name for name in talk.dispatch.commands if f"/{name}" in told] == open_to_all
    for_organizers = await talk.say("/help", organizer=True)
    assert all(f"/{name}" in for_organizers for name in talk.dispatch.commands)
    assert "For organizers\n   /announce" in for_organizers
    assert max(len(line) for line in told.splitlines()) <= 100


async def test_one_command_in_full(talk: AppHarness) -> None:
    assert await talk.say("/help /walk") == (
        "How long it takes from one venue to another\n"
        "   /walk from to\n"
        "   from: where you start\n"
        "   to: where you go\n"
        "   Example: /walk Wynn to MGM Grand"
    )


async def test_a_command_that_is_none(talk: AppHarness) -> None:
    assert await talk.say("/help wlak") == 'There is no command "wlak". See them all with /help.'


async def test_a_mistyped_command_gets_the_nearest(talk: AppHarness) -> None:
    told = await talk.say("/nextsesion")
    assert told.startswith("There is no command /nextsesion. Did you mean /nextsession")
