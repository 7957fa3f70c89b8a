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
from tests.adapters.slack.stage import Stage
from tests.builders import ARC, KEY, SEC, at, schedule
from tests.fake_servers.slack import ADMIN, Fault, Person, labels, words

NOON = "<!date^1638205200^{time}|09:00 PST>"
STAYING = "You're staying at MGM Grand. I'll plan your first walk each day from there. Only you see this."
NEXT = "Next at this conference:\nPick the first with `/attend 1`, and I'll tell you when to leave.\n"


def with_command(scene: Stage, command: Command) -> None:
    """The desk and the dispatch know one more command, or another one by its name."""
    commands = {**scene.app.dispatch.commands, command.name: command}
    object.__setattr__(scene.app.dispatch, "commands", commands)


async def test_from_the_list_to_a_session_to_going_to_the_agenda(scene: Stage) -> None:
    listed = await scene.ada.type("/nextsession")
    assert listed.body["response_type"] == "ephemeral"
    assert (listed.body["unfurl_links"], listed.body["unfurl_media"]) == (False, False)
    assert words(listed).startswith(NEXT)
    card = f"*1 · Queues that never sleep (ARC301)*\nMon 29 Nov {NOON}-<!date^1638208800^{{time}}|10:00 PST>, Venetian"
    assert card in words(listed)
    assert "1 · Queues that never sleep (ARC301)" in listed.body["text"]
    shown = await scene.ada.press(first_listed(listed), "Open")
    assert labels(shown) == ["Show the walk", "Going", "Going, seat reserved", "☆ Star", "Who's going"]
    assert "Ada Byron" in words(shown)
    going = await scene.ada.press(shown, "Going, seat reserved")
    assert words(going).startswith("You're going, with a reserved seat.")
    own = await scene.ada.type("/nextsession")
    assert labels(own) == ["Show the walk", "On my way", "I'm here", "Details"]
    agenda = await scene.ada.press(going, "Agenda")
    assert "\n*1 · Queues that never sleep (ARC301)*\n" in words(agenda)


@pytest.mark.parametrize(("locale", "nine"), [("", "09:00"), ("en-US", "9:00 am"), ("de-DE", "09:00")])
async def test_the_clock_is_that_of_slacks_locale_until_one_is_chosen(scene: Stage, locale: str, nine: str) -> None:
    scene.peer.users[scene.ada.id] = {"name": "ada", "locale": locale}
    await scene.ada.type("/attend ARC301")
    offered = await scene.ada.type("/skip")
    assert labels(offered) == [f"Queues that never sleep (ARC301, Mon {nine})", "Agenda"]
    await scene.ada.type("/timezone 12h")
    assert labels(await scene.ada.type("/skip"))[0] == "Queues that never sleep (ARC301, Mon 9:00 am)"
    assert "Mon 29 Nov 9:00 am-10:00 am, Venetian" in words(await scene.ada.type("/nextsession"))


async def test_what_people_write_in_quotes_and_slashes_comes_through(scene: Stage) -> None:
    for typed in ("It's five o'clock somewhere", "\\d+", "« Rust »", "“Rust”"):
        assert typed in words(await scene.ada.type(f"/session {typed}"))
    assert "O'Connell's Hall" in words(await scene.ada.type("/here O'Connell's Hall"))


def first_listed(answer: object) -> dict[str, object]:
    body = answer.body  # type: ignore[attr-defined]
    block = next(each for each in body["blocks"] if "accessory" in each)
    return {"blocks": [block]}


async def test_a_file_comes_by_direct_message_for_nobody_else_to_see(scene: Stage) -> None:
    await scene.ada.type("/attend ARC301")
    agenda = await scene.ada.type("/agenda")
    calendar = await scene.ada.press(agenda, "Add to my calendar")
    assert "1 session for your calendar. Open the file to add it." in words(calendar)
    assert "The file is in your direct messages with me." in words(calendar)
    (file,) = scene.peer.files.values()
    assert (file["name"], file["channel"]) == ("cloud21-agenda.ics", "D031")
    assert file["content"].startswith("BEGIN:VCALENDAR")
    assert file["length"] == len(file["content"].encode())


async def test_a_file_that_cannot_be_sent_is_said_to_be(scene: Stage) -> None:
    await scene.ada.type("/attend ARC301")
    agenda = await scene.ada.type("/agenda")
    scene.peer.closed_to["D031"] = "messages_tab_disabled"
    calendar = await scene.ada.press(agenda, "Add to my calendar")
    assert "I couldn't send you the file by direct message: the Messages tab of this app is switched off." in words(
        calendar
    )


async def test_every_command_can_be_typed_behind_the_one(scene: Stage) -> None:
    assert words(await scene.ada.type("/hallway nextsession")) == words(await scene.ada.type("/nextsession"))
    assert words(await scene.ada.type("/hallway")).startswith("What you need most.")
    assert "`/hallway help attend`" in words(await scene.ada.type("/hallway /help"))
    assert words(await scene.ada.type("/hallway juggle balls")).startswith("There is no command /juggle.")


async def test_a_wrong_line_says_how_it_is_typed_and_a_form_asks_for_the_same(scene: Stage) -> None:
    unknown = await scene.ada.type("/attend XYZ999")
    assert "Type `/attend code [seat]" in words(unknown)
    missing = await scene.ada.type("/attend")
    assert words(missing).count("/attend code [seat]") == 1
    form = await scene.ada.press(missing, "Fill in…")
    assert form.method == "views.open"
    assert form.body["view"]["title"]["text"] == "/attend"
    answer = await scene.ada.fill_in(form, code="ARC301", seat="reserved")
    assert answer.method == "respond"
    assert words(answer).startswith("You're going, with a reserved seat.")


async def test_a_form_asks_for_what_a_button_leaves_open(scene: Stage) -> None:
    asked = await scene.ada.type("/hotel")
    form = await scene.ada.press(asked, "Another…")
    (block,) = form.body["view"]["blocks"]
    assert block["element"]["type"] == "plain_text_input", "any place can be typed"
    answer = await scene.ada.fill_in(form, venue="MGM Grand")
    assert words(answer) == STAYING


async def test_a_button_on_an_old_message_says_what_changed(scene: Stage) -> None:
    shown = await scene.ada.type("/session ARC301")
    moved = schedule([replace(ARC, starts_at=at(15), ends_at=at(16), venue="Wynn", revision=2), KEY, SEC])
    await scene.app.publish(replace(moved, conference=replace(moved.conference, revision=2)))
    pressed = await scene.ada.press(shown, "Going")
    assert words(pressed).startswith(
        "This has changed since that message: Queues that never sleep (ARC301), Mon 29 Nov"
    )
    assert "Wynn" in words(pressed).splitlines()[0]


async def test_a_button_of_a_command_that_is_gone_gets_a_polite_answer(scene: Stage) -> None:
    text = {"type": "plain_text", "text": "Old"}
    button = {"type": "button", "action_id": "do:0", "text": text, "value": "juggle?balls=3&~a=balls"}
    old = {"blocks": [{"type": "actions", "elements": [button]}]}
    assert words(await scene.ada.press(old, "Old")).startswith("There is no command /juggle.")


async def test_people_are_made_organizers_by_their_mention_and_shown_without_one(scene: Stage) -> None:
    olga, bob = Person(scene.ada.post, ADMIN, "olga"), Person(scene.ada.post, "U033", "bob")
    scene.peer.users["U033"] = {"name": "bob"}
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


async def test_organizers_are_those_who_run_the_workspace(scene: Stage) -> None:
    assert words(await scene.ada.type("/settings")) == "Only organizers can use /settings."
    olga = Person(scene.ada.post, ADMIN, "olga")
    assert "Reminders channel" in words(await olga.type("/settings"))
    changed = await olga.type("/settings reminders <#C200|general>")
    assert "<#C200>" in words(changed)


async def test_what_telephones_make_of_a_line_is_read_as_typed(scene: Stage) -> None:
    answer = await scene.ada.type("/walk \u201cMGM Grand\u201d to Venetian")
    assert "from MGM Grand to Venetian" in words(answer)
    found = await scene.ada.type("/find queues &amp; sleep")
    assert "ARC301" in words(found)


async def test_a_long_list_is_turned_page_by_page(scene: Stage) -> None:
    cards = tuple(Card(f"Card {number}") for number in range(12))

    async def many(call: Call, context: Context) -> Reply:
        return Reply((("Twelve.",),), cards)

    with_command(scene, Command("many", "Twelve cards", many))
    first = await scene.ada.type("/many words that were typed")
    assert labels(first) == ["More ▶"]
    assert "Page 1 of 3" in words(first)
    second = await scene.ada.press(first, "More ▶")
    assert second.body["replace_original"] is True
    assert labels(second) == ["◀ Back", "More ▶"]
    third = await scene.ada.press(second, "More ▶")
    assert ("*Card 11*" in words(third), labels(third)) == (True, ["◀ Back"])
    assert words(await scene.ada.press(second, "◀ Back")) == words(first)


async def test_a_slow_answer_is_acknowledged_first(scene: Stage) -> None:
    gate = asyncio.Event()

    async def slow(call: Call, context: Context) -> Reply:
        await gate.wait()
        return Reply((("Worth the wait.",),), private=False)

    with_command(scene, Command("slow", "slow", slow))
    status, said = await scene.ada.post.form(scene.ada.command("/slow"))
    assert (status, said, scene.peer.of("respond")) == (200, "", [])
    gate.set()
    await scene.peer.until(lambda: bool(scene.peer.of("respond")))
    (answer,) = scene.peer.of("respond")
    assert (answer["text"], answer["response_type"]) == ("Worth the wait.", "in_channel")


async def test_an_answer_is_given_again_where_slack_did_not_take_it(scene: Stage) -> None:
    scene.handler.responder.pauses = (0.01, 0.01)
    scene.peer.faults.append(Fault("respond", 429, {}, {"Retry-After": "0"}))
    scene.peer.faults.append(Fault("respond", hangs_up=True))
    await scene.ada.type("/nextsession")
    await scene.peer.until(lambda: len(scene.peer.of("respond")) == 3)
    await scene.quiet()
    scene.peer.faults.append(Fault("respond", 404, "expired_url", times=1))
    await scene.ada.type("/nextsession")
    await scene.quiet()
    assert len(scene.peer.of("respond")) == 4


async def test_an_answer_that_is_never_taken_is_given_up(scene: Stage) -> None:
    scene.handler.responder.pauses = (0.01,)
    scene.peer.faults.append(Fault("respond", 503, "no", times=9))
    await scene.ada.type("/nextsession")
    await scene.quiet()
    assert len(scene.peer.of("respond")) == 2


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
async def test_no_answer_goes_to_an_address_that_is_not_slacks(scene: Stage, url: str) -> None:
    await scene.ada.post.form({**scene.ada.command("/nextsession"), "response_url": url})
    await scene.quiet()
    assert scene.peer.of("respond") == []


async def test_what_is_the_same_for_everybody_is_made_once(scene: Stage) -> None:
    asked = 0

    async def plain_text_object(call: Call, context: StaticContext) -> Reply:
        nonlocal asked
        asked += 1
        return Reply((("The same.",),), files=())

    with_command(scene, StaticCommand("same", "The same", plain_text_object))
    await scene.ada.type("/same")
    await scene.ada.type("/same")
    assert asked == 1


async def test_files_without_a_word_have_a_text(scene: Stage) -> None:
    async def files(call: Call, context: Context) -> Reply:
        return Reply(files=(File("a.md", "text/markdown", "# ä"), File("b.md", "text/markdown", "b")))

    with_command(scene, Command("files", "Files", files))
    answer = await scene.ada.type("/files")
    assert answer.body["text"].startswith("a.md, b.md")
    assert [each["content"] for each in scene.peer.files.values()] == ["# ä", "b"]


async def test_answers_that_take_long_hold_up_nobody_else(scene: Stage) -> None:
    gate = asyncio.Event()

    async def slow(call: Call, context: Context) -> Reply:
        await gate.wait()
        return Reply((("Slow.",),))

    with_command(scene, Command("slow", "slow", slow))
    await scene.ada.type("/now")
    for _ in range(5):
        await scene.ada.post.form(scene.ada.command("/slow"))
    assert words(await scene.ada.type("/nextsession")).startswith(NEXT)
    gate.set()
    await scene.quiet()
    assert [each["text"] for each in scene.peer.of("respond")[2:]] == ["Slow."] * 5


class Nowhere:
    """Workspaces that nobody can tell anything about."""

    async def find(self, team: str, enterprise: str = "") -> Workspace | None:
        raise StoreError("away")

    async def all(self) -> list[Workspace]:
        raise StoreError("away")


async def test_who_cannot_be_looked_up_is_answered_all_the_same(scene: Stage) -> None:
    assert scene.platform.messenger.connection is not None
    scene.platform.messenger.connection = replace(scene.platform.messenger.connection, workspaces=Nowhere())
    scene.handler.responder.workspaces = Nowhere()
    await scene.ada.type("/attend ARC301")
    assert (await scene.known()).name == "ada"
    calendar = await scene.ada.press(await scene.ada.type("/agenda"), "Add to my calendar")
    assert "I couldn't send you the file by direct message: away." in words(calendar)


async def test_a_button_that_cannot_ask_does_what_it_can(scene: Stage) -> None:
    text = {"type": "plain_text", "text": "Ask"}
    button = {"type": "button", "action_id": "do:0", "text": text, "value": "attend?~a=nothing"}
    old = {"blocks": [{"type": "actions", "elements": [button]}]}
    assert words(await scene.ada.press(old, "Ask")).startswith("Which session? Try /attend ARC301\n")


async def test_a_file_for_somebody_without_a_channel_is_said_to_be(scene: Stage) -> None:
    await scene.ada.type("/attend ARC301")
    agenda = await scene.ada.type("/agenda")
    scene.peer.closed_to["D031"] = "channel_not_found"
    assert "there is no such channel any more" in words(await scene.ada.press(agenda, "Add to my calendar"))


async def test_a_flood_of_commands_is_answered_with_one_sentence(scene: Stage) -> None:
    scene.handler.dispatch = replace(scene.handler.dispatch, limits=CommandLimits(lambda: 0.0))
    answers = [await scene.ada.type(f"/{command}") for command in ("now", "help") * 10]
    assert [words(answer) for answer in answers[10:]] == ["That was a lot at once: try again in 1 s."] * 10
    assert words(await replace(scene.ada, id="U044").type("/help")) == words(answers[1])


async def test_a_flood_of_looks_at_the_home_tab_is_not_answered(scene: Stage) -> None:
    scene.handler.dispatch = replace(scene.handler.dispatch, limits=CommandLimits(lambda: 0.0))
    for number in range(30):
        event = scene.ada.event({"type": "app_home_opened", "user": "U031", "channel": "D1", "tab": "home"})
        await scene.ada.post.event({**event, "event_id": f"Ev{number}"})
    await scene.quiet()
    assert len(scene.peer.of("views.publish")) == 10


async def test_a_flood_of_forms_is_answered_with_one_sentence_and_asks_slack_nothing(scene: Stage) -> None:
    scene.handler.dispatch = replace(scene.handler.dispatch, limits=CommandLimits(lambda: 0.0))
    for _ in range(10):
        await scene.ada.type("/now")
    before = len(scene.peer.of("views.open")), len(scene.peer.of("users.info"))
    admin = await scene.ada.type("/announce")
    assert words(admin) == "That was a lot at once: try again in 1 s."
    assert (len(scene.peer.of("views.open")), len(scene.peer.of("users.info"))) == before


async def test_an_answer_that_slack_takes_slowly_does_not_hold_up_the_next(scene: Stage) -> None:
    """Slack keeps more answers waiting than are worked out at a time."""
    scene.handler._slots = FairSlots(free=2, slot_time=600)
    entered, gate = list[str](), asyncio.Event()

    async def slow(message: object, private: bool) -> None:
        entered.append("waits")
        await gate.wait()

    for number in range(20):
        work = scene.handler._answer(Actor("T0CLUB", f"U{number}"), ButtonAction("now"), slow)
        scene.handler.start(work, "T0CLUB")
    async with asyncio.timeout(60):
        while len(entered) < 20:  # noqa: ASYNC110 — nothing tells of it
            await asyncio.sleep(0.01)
    gate.set()
    await scene.quiet()
