"""A conversation on Slack: commands, lists, buttons, forms and pages, over real HTTP."""

import asyncio
from dataclasses import replace

import pytest

from adapters.action_codec import ButtonAction
from adapters.slack.oauth.token import Workspace
from adapters.slack.payload import Actor
from bot.app.command_spec import Call, Command, Context, StaticCommand, StaticContext
from bot.app.dispatcher import CommandLimits, FairSlots
from bot.app.messages import Card, File, Reply
from bot.domain.errors import StoreError
from tests.adapters.slack.harness import SlackHarness
from tests.builders import ARC, KEY, SEC, at, schedule
from tests.fake_servers.slack import ADMIN, Fault, Person, labels, words

NOON = "<!date^1638205200^{time}|09:00 PST>"
STAYING = "You're staying at MGM Grand. I'll plan your first walk each day from there. Only you see this."
NEXT = "Next at this conference:\nPick the first with `/attend 1`, and I'll tell you when to leave.\n"


def with_command(slack_app: SlackHarness, command: Command) -> None:
    """The handler and the dispatcher know one more command, or another one by its name."""
    commands = {**slack_app.app.dispatch.commands, command.name: command}
    object.__setattr__(slack_app.app.dispatch, "commands", commands)


async def test_from_the_list_to_a_session_to_going_to_the_agenda(slack_app: SlackHarness) -> None:
    listed = await slack_app.ada.type("/nextsession")
    assert listed.body["response_type"] == "ephemeral"
    assert (listed.body["unfurl_links"], listed.body["unfurl_media"]) == (False, False)
    assert words(listed).startswith(NEXT)
    card = f"*1 · Queues that never sleep (ARC301)*\nMon 29 Nov {NOON}-<!date^1638208800^{{time}}|10:00 PST>, Venetian"
    assert card in words(listed)
    assert "1 · Queues that never sleep (ARC301)" in listed.body["text"]
    shown = await slack_app.ada.press(first_listed(listed), "Open")
    assert labels(shown) == ["Show the walk", "Going", "Going, seat reserved", "☆ Star", "Who's going"]
    assert "Ada Byron" in words(shown)
    going = await slack_app.ada.press(shown, "Going, seat reserved")
    assert words(going).startswith("You're going, with a reserved seat.")
    own = await slack_app.ada.type("/nextsession")
    assert labels(own) == ["Show the walk", "On my way", "I'm here", "Details"]
    agenda = await slack_app.ada.press(going, "Agenda")
    assert "\n*1 · Queues that never sleep (ARC301)*\n" in words(agenda)


@pytest.mark.parametrize(("locale", "nine"), [("", "09:00"), ("en-US", "9:00 am"), ("de-DE", "09:00")])
async def test_the_clock_is_that_of_slacks_locale_until_one_is_chosen(
    slack_app: SlackHarness, locale: str, nine: str
) -> None:
    slack_app.peer.users[slack_app.ada.id] = {"name": "ada", "locale": locale}
    await slack_app.ada.type("/attend ARC301")
    offered = await slack_app.ada.type("/skip")
    assert labels(offered) == [f"Queues that never sleep (ARC301, Mon {nine})", "Agenda"]
    await slack_app.ada.type("/timezone 12h")
    assert labels(await slack_app.ada.type("/skip"))[0] == "Queues that never sleep (ARC301, Mon 9:00 am)"
    assert "Mon 29 Nov 9:00 am-10:00 am, Venetian" in words(await slack_app.ada.type("/nextsession"))


async def test_what_people_write_in_quotes_and_slashes_comes_through(slack_app: SlackHarness) -> None:
    for typed in ("It's five o'clock somewhere", "\\d+", "« Rust »", "“Rust”"):
        assert typed in words(await slack_app.ada.type(f"/session {typed}"))
    assert "O'Connell's Hall" in words(await slack_app.ada.type("/here O'Connell's Hall"))


def first_listed(answer: object) -> dict[str, object]:
    body = answer.body  # type: ignore[attr-defined]
    block = next(item for item in body["blocks"] if "accessory" in item)
    return {"blocks": [block]}


async def test_a_file_comes_by_direct_message_for_nobody_else_to_see(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    agenda = await slack_app.ada.type("/agenda")
    calendar = await slack_app.ada.press(agenda, "Add to my calendar")
    assert "1 session for your calendar. Open the file to add it." in words(calendar)
    assert "The file is in your direct messages with me." in words(calendar)
    (file,) = slack_app.peer.files.values()
    assert (file["name"], file["channel"]) == ("cloud21-agenda.ics", "D031")
    assert file["content"].startswith("BEGIN:VCALENDAR")
    assert file["length"] == len(file["content"].encode())


async def test_a_file_that_cannot_be_sent_is_said_to_be(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    agenda = await slack_app.ada.type("/agenda")
    slack_app.peer.closed_to["D031"] = "messages_tab_disabled"
    calendar = await slack_app.ada.press(agenda, "Add to my calendar")
    assert "I couldn't send you the file by direct message: the Messages tab of this app is switched off." in words(
        calendar
    )


async def test_every_command_can_be_typed_behind_the_one(slack_app: SlackHarness) -> None:
    assert words(await slack_app.ada.type("/hallway nextsession")) == words(await slack_app.ada.type("/nextsession"))
    assert words(await slack_app.ada.type("/hallway")).startswith("What you need most.")
    assert "`/hallway help attend`" in words(await slack_app.ada.type("/hallway /help"))
    assert words(await slack_app.ada.type("/hallway juggle balls")).startswith("There is no command /juggle.")


async def test_a_wrong_line_says_how_it_is_typed_and_a_form_asks_for_the_same(slack_app: SlackHarness) -> None:
    unknown = await slack_app.ada.type("/attend XYZ999")
    assert "Type `/attend code [seat]" in words(unknown)
    missing = await slack_app.ada.type("/attend")
    assert words(missing).count("/attend code [seat]") == 1
    form = await slack_app.ada.press(missing, "Fill in…")
    assert form.method == "views.open"
    assert form.body["view"]["title"]["text"] == "/attend"
    answer = await slack_app.ada.fill_in(form, code="ARC301", seat="reserved")
    assert answer.method == "respond"
    assert words(answer).startswith("You're going, with a reserved seat.")


async def test_a_form_asks_for_what_a_button_leaves_open(slack_app: SlackHarness) -> None:
    asked = await slack_app.ada.type("/hotel")
    form = await slack_app.ada.press(asked, "Another…")
    (block,) = form.body["view"]["blocks"]
    assert block["element"]["type"] == "plain_text_input", "any place can be typed"
    answer = await slack_app.ada.fill_in(form, venue="MGM Grand")
    assert words(answer) == STAYING


async def test_a_button_on_an_old_message_says_what_changed(slack_app: SlackHarness) -> None:
    shown = await slack_app.ada.type("/session ARC301")
    moved = schedule([replace(ARC, starts_at=at(15), ends_at=at(16), venue="Wynn", revision=2), KEY, SEC])
    await slack_app.app.publish(replace(moved, conference=replace(moved.conference, revision=2)))
    pressed = await slack_app.ada.press(shown, "Going")
    assert words(pressed).startswith(
        "This has changed since that message: Queues that never sleep (ARC301), Mon 29 Nov"
    )
    assert "Wynn" in words(pressed).splitlines()[0]


async def test_a_button_of_a_command_that_is_gone_gets_a_polite_answer(slack_app: SlackHarness) -> None:
    text = {"type": "plain_text", "text": "Old"}
    button = {"type": "button", "action_id": "do:0", "text": text, "value": "juggle?balls=3&~a=balls"}
    old = {"blocks": [{"type": "actions", "elements": [button]}]}
    assert words(await slack_app.ada.press(old, "Old")).startswith("There is no command /juggle.")


async def test_people_are_made_organizers_by_their_mention_and_shown_without_one(slack_app: SlackHarness) -> None:
    olga, bob = Person(slack_app.ada.post, ADMIN, "olga"), Person(slack_app.ada.post, "U033", "bob")
    slack_app.peer.users["U033"] = {"name": "bob"}
    added = await olga.type("/organizer add <@U033|bob> until 2h")
    assert words(added).startswith("bob is now an organizer until Mon 29 Nov <!date^1638208800^")
    assert "Reminders channel" in words(await bob.type("/settings"))
    assert words(await olga.type("/organizer add @eve")).startswith(
        'I don\'t know anybody called "eve" here. Choose the person from the list.'
    )
    assert words(await olga.type("/organizer add <!channel>")).startswith("'&lt;!channel&gt;' is not a person")
    roles = "This platform has no roles. Type /organizer add PERSON until TIME.\n"
    assert words(await olga.type("/organizer role crew")).startswith(roles)
    listed = await olga.type("/organizer")
    assert labels(listed) == ["Remove bob", "Log"]
    assert words(await olga.press(listed, "Remove bob")) == "bob is no longer an organizer."
    assert words(await bob.type("/settings")) == "Only organizers can use /settings."


async def test_organizers_are_those_who_run_the_workspace(slack_app: SlackHarness) -> None:
    assert words(await slack_app.ada.type("/settings")) == "Only organizers can use /settings."
    olga = Person(slack_app.ada.post, ADMIN, "olga")
    assert "Reminders channel" in words(await olga.type("/settings"))
    changed = await olga.type("/settings reminders <#C200|general>")
    assert "<#C200>" in words(changed)


async def test_what_telephones_make_of_a_line_is_read_as_typed(slack_app: SlackHarness) -> None:
    answer = await slack_app.ada.type("/walk \u201cMGM Grand\u201d to Venetian")
    assert "from MGM Grand to Venetian" in words(answer)
    found = await slack_app.ada.type("/find queues &amp; sleep")
    assert "ARC301" in words(found)


async def test_a_long_list_is_turned_page_by_page(slack_app: SlackHarness) -> None:
    cards = tuple(Card(f"Card {number}") for number in range(12))

    async def many(call: Call, context: Context) -> Reply:
        return Reply((("Twelve.",),), cards)

    with_command(slack_app, Command("many", "Twelve cards", many))
    first = await slack_app.ada.type("/many words that were typed")
    assert labels(first) == ["More ▶"]
    assert "Page 1 of 3" in words(first)
    second = await slack_app.ada.press(first, "More ▶")
    assert second.body["replace_original"] is True
    assert labels(second) == ["◀ Back", "More ▶"]
    third = await slack_app.ada.press(second, "More ▶")
    assert ("*Card 11*" in words(third), labels(third)) == (True, ["◀ Back"])
    assert words(await slack_app.ada.press(second, "◀ Back")) == words(first)


async def test_a_slow_answer_is_acknowledged_first(slack_app: SlackHarness) -> None:
    gate = asyncio.Event()

    async def slow(call: Call, context: Context) -> Reply:
        await gate.wait()
        return Reply((("Worth the wait.",),), private=False)

    with_command(slack_app, Command("slow", "slow", slow))
    status, text = await slack_app.ada.post.form(slack_app.ada.command("/slow"))
    assert (status, text, slack_app.peer.of("respond")) == (200, "", [])
    gate.set()
    await slack_app.peer.until(lambda: bool(slack_app.peer.of("respond")))
    (answer,) = slack_app.peer.of("respond")
    assert (answer["text"], answer["response_type"]) == ("Worth the wait.", "in_channel")


async def test_an_answer_is_given_again_where_slack_did_not_take_it(slack_app: SlackHarness) -> None:
    slack_app.handler.responder.pauses = (0.01, 0.01)
    slack_app.peer.faults.append(Fault("respond", 429, {}, {"Retry-After": "0"}))
    slack_app.peer.faults.append(Fault("respond", hangs_up=True))
    await slack_app.ada.type("/nextsession")
    await slack_app.peer.until(lambda: len(slack_app.peer.of("respond")) == 3)
    await slack_app.quiet()
    slack_app.peer.faults.append(Fault("respond", 404, "expired_url", times=1))
    await slack_app.ada.type("/nextsession")
    await slack_app.quiet()
    assert len(slack_app.peer.of("respond")) == 4


async def test_an_answer_that_is_never_taken_is_given_up(slack_app: SlackHarness) -> None:
    slack_app.handler.responder.pauses = (0.01,)
    slack_app.peer.faults.append(Fault("respond", 503, "no", times=9))
    await slack_app.ada.type("/nextsession")
    await slack_app.quiet()
    assert len(slack_app.peer.of("respond")) == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/respond",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.evil.example/1",
        "https://evilslack.com/1",
        "https://u:p@hooks.slack.com/1",
        "https://hooks.slack.com:8443/1",
        "http://127.0.0.1:1/respond",
        "http://[::1",
        "",
    ],
)
async def test_no_answer_goes_to_an_address_that_is_not_slacks(slack_app: SlackHarness, url: str) -> None:
    await slack_app.ada.post.form({**slack_app.ada.command("/nextsession"), "response_url": url})
    await slack_app.quiet()
    assert slack_app.peer.of("respond") == []


async def test_what_is_the_same_for_everybody_is_made_once(slack_app: SlackHarness) -> None:
    asked = 0

    async def plain_text_object(call: Call, context: StaticContext) -> Reply:
        nonlocal asked
        asked += 1
        return Reply((("The same.",),), files=())

    with_command(slack_app, StaticCommand("same", "The same", plain_text_object))
    await slack_app.ada.type("/same")
    await slack_app.ada.type("/same")
    assert asked == 1


async def test_files_without_a_word_have_a_text(slack_app: SlackHarness) -> None:
    async def files(call: Call, context: Context) -> Reply:
        return Reply(files=(File("a.md", "text/markdown", "# ä"), File("b.md", "text/markdown", "b")))

    with_command(slack_app, Command("files", "Files", files))
    answer = await slack_app.ada.type("/files")
    assert answer.body["text"].startswith("a.md, b.md")
    assert [file["content"] for file in slack_app.peer.files.values()] == ["# ä", "b"]


async def test_answers_that_take_long_hold_up_nobody_else(slack_app: SlackHarness) -> None:
    gate = asyncio.Event()

    async def slow(call: Call, context: Context) -> Reply:
        await gate.wait()
        return Reply((("Slow.",),))

    with_command(slack_app, Command("slow", "slow", slow))
    await slack_app.ada.type("/now")
    for _ in range(5):
        await slack_app.ada.post.form(slack_app.ada.command("/slow"))
    assert words(await slack_app.ada.type("/nextsession")).startswith(NEXT)
    gate.set()
    await slack_app.quiet()
    assert [body["text"] for body in slack_app.peer.of("respond")[2:]] == ["Slow."] * 5


class Nowhere:
    """Workspaces that nobody can tell anything about."""

    async def find(self, team: str, enterprise: str = "") -> Workspace | None:
        raise StoreError("away")

    async def all(self) -> list[Workspace]:
        raise StoreError("away")


async def test_who_cannot_be_looked_up_is_answered_all_the_same(slack_app: SlackHarness) -> None:
    assert slack_app.platform.messenger.connection is not None
    slack_app.platform.messenger.connection = replace(slack_app.platform.messenger.connection, workspaces=Nowhere())
    slack_app.handler.responder.workspaces = Nowhere()
    await slack_app.ada.type("/attend ARC301")
    assert (await slack_app.attendee()).name == "ada"
    calendar = await slack_app.ada.press(await slack_app.ada.type("/agenda"), "Add to my calendar")
    assert "I couldn't send you the file by direct message: away." in words(calendar)


async def test_a_button_that_cannot_ask_does_what_it_can(slack_app: SlackHarness) -> None:
    text = {"type": "plain_text", "text": "Ask"}
    button = {"type": "button", "action_id": "do:0", "text": text, "value": "attend?~a=nothing"}
    old = {"blocks": [{"type": "actions", "elements": [button]}]}
    assert words(await slack_app.ada.press(old, "Ask")).startswith("Which session? Try /attend ARC301\n")


async def test_a_file_for_somebody_without_a_channel_is_said_to_be(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    agenda = await slack_app.ada.type("/agenda")
    slack_app.peer.closed_to["D031"] = "channel_not_found"
    assert "there is no such channel any more" in words(await slack_app.ada.press(agenda, "Add to my calendar"))


async def test_a_flood_of_commands_is_answered_with_one_sentence(slack_app: SlackHarness) -> None:
    slack_app.handler.dispatch = replace(slack_app.handler.dispatch, limits=CommandLimits(lambda: 0.0))
    answers = [await slack_app.ada.type(f"/{command}") for command in ("now", "help") * 10]
    assert [words(answer) for answer in answers[10:]] == ["That was a lot at once: try again in 1 s."] * 10
    assert words(await replace(slack_app.ada, id="U044").type("/help")) == words(answers[1])


async def test_a_flood_of_looks_at_the_home_tab_is_not_answered(slack_app: SlackHarness) -> None:
    slack_app.handler.dispatch = replace(slack_app.handler.dispatch, limits=CommandLimits(lambda: 0.0))
    for number in range(30):
        event = slack_app.ada.event({"type": "app_home_opened", "user": "U031", "channel": "D1", "tab": "home"})
        await slack_app.ada.post.event({**event, "event_id": f"Ev{number}"})
    await slack_app.quiet()
    assert len(slack_app.peer.of("views.publish")) == 10


async def test_a_flood_of_forms_is_answered_with_one_sentence_and_asks_slack_nothing(slack_app: SlackHarness) -> None:
    slack_app.handler.dispatch = replace(slack_app.handler.dispatch, limits=CommandLimits(lambda: 0.0))
    for _ in range(10):
        await slack_app.ada.type("/now")
    before = len(slack_app.peer.of("views.open")), len(slack_app.peer.of("users.info"))
    admin = await slack_app.ada.type("/announce")
    assert words(admin) == "That was a lot at once: try again in 1 s."
    assert (len(slack_app.peer.of("views.open")), len(slack_app.peer.of("users.info"))) == before


async def test_an_answer_that_slack_takes_slowly_does_not_hold_up_the_next(slack_app: SlackHarness) -> None:
    """Slack keeps more answers waiting than are worked out at a time."""
    slack_app.handler._slots = FairSlots(free=2, slot_time=600)
    entered, gate = list[str](), asyncio.Event()

    async def slow(message: object, private: bool) -> None:
        entered.append("waits")
        await gate.wait()

    for number in range(20):
        work = slack_app.handler._answer(Actor("T0CLUB", f"U{number}"), ButtonAction("now"), slow)
        slack_app.handler.start(work, "T0CLUB")
    async with asyncio.timeout(60):
        while len(entered) < 20:  # noqa: ASYNC110 — nothing tells of it
            await asyncio.sleep(0.01)
    gate.set()
    await slack_app.quiet()
