"""From a request to a reply, whatever happens."""

from collections.abc import Mapping
from dataclasses import replace

from bot.app.command_spec import Access, Call, Command, Context, Effect
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Reply, Request
from bot.domain.attendee.attendee import Attendance
from tests.fakes.app_harness import AppHarness


async def breaking(call: Call, context: Context) -> Reply:
    await context.work.attendances.put(context.attendee.id, "cloud21", Attendance("arc301"))
    secret = "s3cret"
    raise RuntimeError(secret)


def with_command(app: AppHarness, command: Command) -> None:
    commands: Mapping[str, Command] = {**app.dispatch.commands, command.name: command}
    app.dispatch = Dispatcher(app.store, app.clock, app.dispatch.schedules, commands)


async def test_a_fault_of_ours_is_one_sentence_with_a_log_id_and_changes_nothing(app: AppHarness) -> None:
    with_command(app, Command("break", "break", breaking, effect=Effect.WRITE))
    answer = await app.say("/break")
    assert answer.startswith("Sorry, something went wrong on my side, and nothing was changed. Try again")
    assert "log id" in answer
    assert "s3cret" not in answer
    assert (await app.say("/whosgoing ARC301")).startswith("Nobody here is going")


async def test_organizers_commands_are_for_organizers(app: AppHarness) -> None:
    async def handle(call: Call, context: Context) -> Reply:
        return Reply((("done",),))

    with_command(app, Command("secret", "secret", handle, access=Access.ORGANIZERS))
    assert await app.say("/secret") == "Only organizers can use /secret."
    assert await app.say("/secret", organizer=True) == "done"


async def test_what_an_organizer_does_is_in_the_log_before_it_happens(app: AppHarness) -> None:
    async def handle(call: Call, context: Context) -> Reply:
        log_entries = await context.work.audit.latest(context.attendee.community.id, 9)
        return Reply(tuple((f"{entry.doer}: {entry.what}",) for entry in log_entries))

    with_command(app, Command("secret", "secret", handle, access=Access.ORGANIZERS))
    assert await app.say("/secret", organizer=True) == "ada: /secret"


async def test_a_name_is_kept_and_somebody_new_is_known_after_reading_too(app: AppHarness) -> None:
    request = Request("console", "club", "ada", "now", user_name="Ada")
    await app.dispatch.handle(request)
    async with app.store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
    assert attendee
    assert attendee.name == "Ada"


async def test_a_list_is_kept_with_the_attendee_and_the_schedule_is_read_anew_after_an_import(app: AppHarness) -> None:
    await app.say("/find keys")
    async with app.store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        made = await work.conferences.load("cloud21")
    assert attendee
    assert made
    assert attendee.last_list == ("sec203",)
    await app.publish(replace(made, conference=replace(made.conference, revision=9), sessions=made.sessions[:1]))
    assert (await app.say("/conference")).endswith(": 1 session. Times are in America/Los_Angeles.")


async def test_a_change_of_plans_rings_and_a_question_does_not(app: AppHarness) -> None:
    rung: list[str] = []
    app.dispatch = replace(app.dispatch, on_replan=lambda: rung.append("rung"))
    await app.say("/agenda")
    assert rung == []
    await app.say("/attend ARC301")
    assert rung == ["rung"]


async def test_a_glance_leaves_the_numbers_of_the_conversation_alone(app: AppHarness) -> None:
    await app.say("/find keys")
    await app.dispatch.handle(Request("console", "club", "ada", "nextsession", glance=True))
    assert "SEC203" in await app.say("/session 1")
    stranger = await app.dispatch.handle(Request("console", "club", "eve", "nextsession", glance=True))
    assert stranger.listed
    async with app.store.read_transaction() as work:
        eve = await work.people.find("console", "club", "eve")
    assert eve is not None
    assert eve.last_list == ()
