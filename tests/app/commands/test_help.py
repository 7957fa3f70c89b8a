"""`/help`."""

from bot.app.command_spec import Access
from tests.fakes.app_harness import AppHarness

PHONE_LINES, PHONE_WIDTH = 20, 44
"""Lines of a small phone below the title, and the characters of one."""


async def test_the_first_answer_is_seven_commands_on_one_screen_of_a_phone(app: AppHarness) -> None:
    reply = await app.ask("/help")
    assert app.text(reply) == (
        "What you need most. To read about one of them: /help attend\n"
        "Commands\n"
        "   /nextsession  Your next session: when to leave, and the walk there\n"
        "   /find  Find sessions by topic, speaker, kind, day, time or place\n"
        "   /attend code  Put a session on your agenda\n"
        "   /agenda  Your day: sessions, walks and free time\n"
        "   /hotel  Your hotel: your first walk of the day starts there\n"
        "   /here venue  Tell me where you are, so I can plan your next walk\n"
        "   /nudges  Your reminders and quiet hours\n"
        "→ /help more"
    )
    assert sum(-(-len(line) // PHONE_WIDTH) for line in app.text(reply).splitlines()) <= PHONE_LINES
    assert await app.say("/help", organizer=True) == app.text(reply)


async def test_the_others_come_after_more_in_groups(app: AppHarness) -> None:
    first = await app.ask("/help")
    more = await app.press(first, "More")
    assert more.startswith("More commands. To read about one of them: /help recap\nWhat's on\n   /now [venue]")
    shown = app.text(first) + more
    open_to_all = {name for name, command in app.dispatch.commands.items() if command.access is Access.EVERYONE}
    assert {name for name in app.dispatch.commands if f"/{name}" in shown} == open_to_all - {"info"}
    for_organizers = await app.say("/help more", organizer=True)
    assert all(f"/{name}" in app.text(first) + for_organizers for name in app.dispatch.commands if name != "info")
    assert "For organizers\n   /announce" in for_organizers
    assert max(len(line) for line in more.splitlines()) <= 100


async def test_one_command_in_full(app: AppHarness) -> None:
    assert await app.say("/help /walk") == (
        "How long it takes from one venue to another\n"
        "   /walk from to\n"
        "   from: where you start\n"
        "   to: where you go\n"
        "   Example: /walk Wynn to MGM Grand"
    )


async def test_a_command_that_is_none(app: AppHarness) -> None:
    assert await app.say("/help wlak") == 'There is no command "wlak". See them all with /help.'


async def test_a_mistyped_command_gets_the_nearest(app: AppHarness) -> None:
    answer = await app.say("/nextsesion")
    assert answer.startswith("There is no command /nextsesion. Did you mean /nextsession")


async def test_the_commands_of_organizers_have_a_page(app: AppHarness) -> None:
    text = await app.say("/help organizers")
    named = [line.split()[0] for line in text.splitlines() if line.startswith("   /")]
    assert named == ["/announce", "/legtime", "/organizer", "/schedule", "/settings", "/venue"]
