"""`/organizer`."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.app.command_spec import Access
from bot.app.messages import Request
from bot.app.registry import all_commands
from bot.domain.errors import FetchError
from tests.builders import at
from tests.fakes.app_harness import AppHarness

CREW = "<@&41|Crew>"
LIST = "The managers of club are organizers, and so are:\nOrganizers\n   "


async def named(app: AppHarness, user: str, name: str) -> None:
    """Somebody uses Hallway on a platform that says what people are called."""
    await app.dispatch.handle(Request("console", "club", user, "now", user_name=name))


async def test_nobody_was_added_yet(app: AppHarness) -> None:
    assert await app.say("/organizer", organizer=True) == (
        "The managers of club are the organizers. To add someone: /organizer add PERSON until TIME\n→ /organizer log"
    )


async def test_somebody_is_added_for_good_and_removed_with_a_button(app: AppHarness) -> None:
    assert await app.say("/organizer add @bob", organizer=True) == (
        "bob is now an organizer.\nOrganizers can use /announce, /legtime, /organizer, /schedule, /settings, /venue.\n→ /organizer list"
    )
    app.user = "bob"
    listed = await app.ask("/organizer list")
    assert app.text(listed) == f"{LIST}bob\n→ /organizer remove bob · /organizer log"
    assert await app.press(listed, "Remove bob") == "bob is no longer an organizer.\n→ /organizer list"
    assert await app.say("/organizer list") == "Only organizers can use /organizer."


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("until 2h", "Mon 29 Nov 10:00"),
        ("until 18:00", "Mon 29 Nov 18:00"),
        ("until 7am", "Tue 30 Nov 07:00"),
        ("until tuesday", "Wed 1 Dec 04:00"),
        ("until tuesday 18:00", "Tue 30 Nov 18:00"),
        ("until day 2 6pm", "Tue 30 Nov 18:00"),
        ("until 2021-12-03T12:00", "Fri 3 Dec 12:00"),
    ],
)
async def test_somebody_is_added_until_a_moment(typed: str, ends: str) -> None:
    app = await AppHarness().publish()
    answer = await app.say(f"/organizer add bob {typed}", organizer=True)
    assert answer.startswith(f"bob is now an organizer until {ends}.\n")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("add", "Who is it? Type /organizer add and the person."),
        ("remove", "Who is it? Type /organizer remove and the person."),
        ("add bob until yesterday", "'yesterday' is over already: type a moment to come."),
        (
            "add bob until when",
            "'when' is not a moment: type one such as 18:00, tuesday, tuesday 18:00 or 2h.",
        ),
        (
            "add bob until 9999-12-31",
            "'9999-12-31' is not a moment: type one such as 18:00, tuesday, tuesday 18:00 or 2h.",
        ),
        ("add <!channel>", "'<!channel>' is not a person: choose one from the list."),
        (
            "remove bob",
            "bob wasn't added as an organizer here. Managers of the community always are.",
        ),
        (
            "role Crew",
            "This platform has no roles. Type /organizer add PERSON until TIME.",
        ),
        (
            f'remove "{CREW}"',
            "This platform has no roles. Type /organizer add PERSON until TIME.",
        ),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(app: AppHarness, typed: str, sentence: str) -> None:
    assert await app.say(f"/organizer {typed}", organizer=True) == sentence


async def test_the_right_is_over_when_its_time_is(app: AppHarness) -> None:
    await app.say("/organizer add bob until 2h", organizer=True)
    app.user = "bob"
    assert (await app.say("/settings")).startswith("How I work")
    app.clock.move_to(at(10))
    assert await app.say("/settings") == "Only organizers can use /settings."
    assert await app.say("/organizer", organizer=True) == (
        f"{LIST}bob, until Mon 29 Nov 10:00 (over)\n→ /organizer remove bob · /organizer log"
    )


async def test_who_is_one_for_a_while_decides_not_who_is_one(app: AppHarness) -> None:
    await app.say("/organizer add bob until tuesday", organizer=True)
    await app.say("/organizer add cy", organizer=True)
    app.user = "bob"
    refused = "Only permanent organizers can do this, and your role ends later."
    for typed in ("add bob", "add eve", "remove cy"):
        assert await app.say(f"/organizer {typed}") == refused
    app.user = "cy"
    assert (await app.say("/organizer add eve")).startswith("eve is now an organizer.")
    assert (await app.say("/organizer remove cy")).startswith("cy is no longer an organizer.")


async def test_people_are_called_by_their_names_wherever_those_come_from(app: AppHarness) -> None:
    await named(app, "U31", "Bob Byte")
    request = Request("console", "club", "ada", "organizer", "", organizer=True)
    answers = {
        "add <@U31>": "Bob Byte is now an organizer.",
        "add <@U32|cy>": "cy is now an organizer.",
        "add U31": "Bob Byte is now an organizer.",
        "remove CY": "cy is no longer an organizer.",
        "add @eve": 'I don\'t know anybody called "eve" here. Choose the person from the list.',
    }
    for line, expected in answers.items():
        assert app.text(await app.dispatch.handle(replace(request, line=line))).splitlines()[0] == expected


async def test_a_name_is_data(app: AppHarness) -> None:
    evil = "<@9|@everyone ‹!channel› *x*>"
    request = Request("console", "club", "ada", "organizer", arguments={"action": "add", "person": evil})
    reply = await app.dispatch.handle(replace(request, organizer=True))
    assert reply.lines[0] == ("@everyone ‹!channel› *x* is now an organizer.",)


async def test_the_members_of_a_role_are_organizers_while_it_is_the_role(app: AppHarness) -> None:
    app.roles = ()
    none = "No role makes people organizers yet. Name one with this command."
    assert await app.say("/organizer role", organizer=True) == none
    chosen = await app.say(f'/organizer role "{CREW}"', organizer=True)
    assert chosen == ("Members with the role Crew are now organizers.\n→ /organizer list")
    assert await app.say("/organizer", organizer=True) == f"{LIST}everybody with the role Crew\n→ /organizer log"
    assert await app.say("/settings") == "Only organizers can use /settings."
    app.roles = ("40", "41")
    assert (await app.say("/organizer add bob")).startswith("bob is now an organizer.")
    shown = await app.ask("/organizer role")
    assert app.text(shown) == "Members with the role Crew are organizers.\n→ /organizer remove 41"
    over = await app.press(shown, "Without Crew")
    assert over == ("The role Crew no longer makes anybody an organizer.\n→ /organizer list")
    assert await app.say("/settings") == "Only organizers can use /settings."


async def test_a_role_that_is_none_and_a_role_that_is_not_the_one(app: AppHarness) -> None:
    app.roles = ()
    assert await app.say("/organizer role role:@everyone", organizer=True) == (
        '"everyone" is not a role that I can use. Choose one from the list.'
    )
    assert await app.say(f'/organizer remove "{CREW}"', organizer=True) == (
        "The role Crew doesn't make anybody an organizer."
    )


async def test_the_log_says_who_did_what_when_and_what_became_of_it(app: AppHarness) -> None:
    await named(app, "ada", "Ada")
    await app.say("/organizer add bob until tuesday", organizer=True)
    app.clock.move_to(at(9))
    app.user = "eve"
    await app.say("/settings reminders <#4711>")
    await app.say("/organizer add eve")
    app.user = "bob"
    await app.say("/organizer add bob")
    app.feed.faults = [FetchError("cloud.example is away")]
    await app.say(f"/schedule import https://cloud.example/{'x' * 300}")
    app.clock.move_to(at(10))
    assert await app.say("/organizer log") == (
        "What organizers did, newest first\n"
        "   Mon 29 Nov 10:00 bob: /organizer log\n"
        f"   Mon 29 Nov 09:00 bob: /schedule import https://cloud.example/{'x' * 160}… (failed)\n"
        "   Mon 29 Nov 09:00 bob: /organizer add (bob) (failed)\n"
        "   Mon 29 Nov 09:00 eve: /organizer add (eve) (refused)\n"
        "   Mon 29 Nov 09:00 eve: /settings reminders #4711 (refused)\n"
        "   Mon 29 Nov 08:00 Ada: /organizer add until tuesday (bob)\n"
        "→ /organizer list"
    )


async def test_an_old_button_of_a_demoted_organizer_does_nothing(app: AppHarness) -> None:
    await app.say("/organizer add bob", organizer=True)
    await app.say("/organizer add cy", organizer=True)
    app.user = "bob"
    old = await app.ask("/organizer")
    app.user = "ada"
    await app.say("/organizer remove bob", organizer=True)
    app.user = "bob"
    assert await app.press(old, "Remove cy") == "Only organizers can use /organizer."
    assert "\n   cy\n" in await app.say("/organizer", organizer=True)


@pytest.mark.parametrize(
    "name", [name for name, command in all_commands().items() if command.access is Access.ORGANIZERS]
)
async def test_what_organizers_type_is_answered_whatever_it_is(app: AppHarness, name: str) -> None:
    for rest in (
        "x",
        "add @everyone <b>",
        "\x00\x1b[2J",
        "role '; DROP TABLE deed; --",
        "é" * 3000,
        '"',
        "log log log",
    ):
        assert "log id" not in await app.say(f"/{name} {rest}", organizer=True)
    assert "log id" not in await app.say("/organizer log", organizer=True)


async def test_each_community_has_its_own_organizers_and_its_own_log(app: AppHarness) -> None:
    await app.say("/organizer add bob", organizer=True)
    app.tenant = "other"
    assert "are the organizers." in await app.say("/organizer", organizer=True)
    assert "bob" not in await app.say("/organizer log", organizer=True)
    app.user = "bob"
    assert await app.say("/settings") == "Only organizers can use /settings."


async def test_a_fault_of_ours_is_in_the_log_as_a_failure(app: AppHarness) -> None:
    app.feed.faults = [RuntimeError("broken")]
    with capture_logs():
        answer = await app.say("/schedule import https://cloud.example/s.json", organizer=True)
    assert "log id" in answer
    log = await app.say("/organizer log", organizer=True)
    assert "Mon 29 Nov 08:00 ada: /schedule import https://cloud.example/s.json (failed)" in log


async def test_in_a_direct_message_who_was_added_organizes_the_community_used_last(app: AppHarness) -> None:
    await app.say("/organizer add bob", organizer=True)
    await app.talk_to("bob", "/now")
    direct = Request("console", "", "bob", "settings")
    assert app.text(await app.dispatch.handle(direct)).startswith("How I work in this community")
    assert app.text(await app.dispatch.handle(replace(direct, user="eve"))) == "Only organizers can use /settings."
