"""Who asks, for which community, and what they have to hear besides their answer."""

from dataclasses import replace

import pytest

from bot.app.messages import Button, Request
from bot.app.ports import RecipientUnreachableError
from bot.domain.attendee.attendee import Reach
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session
from tests.builders import ARC, KEY, SEC, at, schedule
from tests.fakes.app_harness import AppHarness

CLOSED = "direct messages are closed"
TOLD = (
    f"I couldn't send you a reminder by direct message: {CLOSED}.\n"
    "Allow direct messages from this community, then type /nudges on."
)


async def refused(app: AppHarness) -> None:
    """Ada's first leave-by nudge is refused."""
    await app.all("/nudges off", "/attend ARC301", "/nudges on")
    app.post.faults.append(RecipientUnreachableError(CLOSED))
    await app.wait(hours=3)


async def reach_of(app: AppHarness) -> Reach:
    async with app.store.read_transaction() as work:
        attendee = await work.people.find("console", "club", app.user)
        assert attendee is not None
        return attendee.reach


async def test_a_refused_message_is_told_at_the_next_command_and_only_once(app: AppHarness) -> None:
    await refused(app)
    assert await reach_of(app) == Reach(refused=CLOSED)
    assert TOLD in await app.say("/now")
    assert CLOSED not in await app.say("/now")
    assert await reach_of(app) == Reach(refused=CLOSED, informed=True)
    assert f"I couldn't message you directly: {CLOSED}." in await app.say("/nudges")


async def test_trying_again_forgets_the_refusal(app: AppHarness) -> None:
    await refused(app)
    reply = await app.ask("/now")
    assert [button.label for button in reply.buttons][-1] == "Try again"
    assert CLOSED not in await app.press(reply, "Try again")
    assert await reach_of(app) == Reach()


async def test_a_thread_is_offered_where_there_is_a_channel_for_it(app: AppHarness) -> None:
    await app.say("/settings reminders 4711", organizer=True)
    await refused(app)
    reply = await app.ask("/now")
    assert "Or let me write to you in a private thread instead." in app.text(reply)
    assert "If I can't message you directly: I use a private thread" in await app.press(reply, "Use a private thread")


async def test_agreeing_to_a_thread_without_a_channel_says_that_there_is_none(app: AppHarness) -> None:
    assert "I send nothing: this community has no reminders channel yet" in await app.say("/nudges threads on")


async def test_somebody_who_is_forgotten_hears_nothing_more(app: AppHarness) -> None:
    await refused(app)
    assert CLOSED not in await app.say("/forgetme yes")


async def test_names_are_learnt_from_requests(app: AppHarness) -> None:
    request = Request("console", "club", "ada", "now", user_name="Ada", tenant_name="Cloud Club")
    for _ in range(2):
        await app.dispatch.handle(request)
    async with app.store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
    assert attendee is not None
    assert (attendee.name, attendee.community.name, attendee.community.called) == ("Ada", "Cloud Club", "Cloud Club")


@pytest.mark.parametrize(("home", "answered"), [("club", "club"), ("", "other"), ("strangers", "other")])
async def test_what_is_pressed_directly_counts_where_its_message_came_from_if_one_is_known_there(
    app: AppHarness, home: str, answered: str
) -> None:
    for tenant in ("club", "strangers", "other"):
        await app.dispatch.handle(Request("console", tenant, "ada" if tenant != "strangers" else "eve", "now"))
    await app.dispatch.handle(Request("console", "", "ada", "attend", arguments={"code": "ARC301"}, home=home))
    async with app.store.read_transaction() as work:
        chosen = {
            community.tenant: [one.session for one in await work.attendances.of_attendee(attendee.id, "cloud21")]
            for community in await work.communities.of_user("console", "ada")
            if (attendee := await work.people.find("console", community.tenant, "ada"))
        }
    assert {tenant for tenant, sessions in chosen.items() if sessions} == {answered}


async def test_a_button_on_an_old_message_says_what_has_changed(app: AppHarness) -> None:
    old = await app.ask("/session ARC301")
    moved = replace(ARC, starts_at=at(15), ends_at=at(16), venue="Wynn", revision=2)
    await app.publish(replace_revision(2, moved))
    pressed = await app.press(old, "Going")
    assert pressed.startswith("This has changed since that message: Queues")
    assert "Wynn" in pressed.splitlines()[0]
    fresh = await app.ask("/session ARC301")
    assert all(button.seen in (None, 2) for button in fresh.buttons)
    assert not (await app.press(fresh, "Not going")).startswith("This has changed")


def replace_revision(revision: int, moved: Session) -> Schedule:
    made = schedule([moved, KEY, SEC])
    return replace(made, conference=replace(made.conference, revision=revision))


async def test_a_button_knows_what_it_asks_for() -> None:
    assert Button("Other hotel", "hotel", asks=("venue",)).line == "/hotel <venue>"
