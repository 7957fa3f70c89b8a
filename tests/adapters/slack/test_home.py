"""The Home tab: what it shows, how it is kept fresh, and what happens to whoever presses something there."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from adapters.slack.home import VIEWING_TIME
from bot.app.command_spec import Call, Command, Context
from bot.app.messages import Button, Card, Reply
from bot.domain.attendee.attendee import Attendance
from bot.domain.errors import StoreError
from bot.domain.schedule.conference import Schedule
from tests.adapters.slack.stage import Stage
from tests.adapters.slack.test_conversation import STAYING
from tests.builders import ARC, KEY, SEC, at, schedule
from tests.fake_servers.slack import Fault, Person, labels, words


def moved() -> Schedule:
    made = schedule([replace(ARC, starts_at=at(15), ends_at=at(16), venue="Wynn", revision=2), KEY, SEC])
    return replace(made, conference=replace(made.conference, revision=2))


async def test_it_shows_the_next_session_today_reminders_and_privacy(scene: Stage) -> None:
    await scene.ada.type("/hotel MGM")
    await scene.ada.type("/attend ARC301 reserved")
    home = await scene.ada.open_home()
    assert home["type"] == "home"
    assert [each["text"]["text"] for each in home["blocks"] if each["type"] == "header"] == [
        "Next",
        "Today",
        "Reminders",
        "Privacy",
    ]
    assert "Queues that never sleep (ARC301)" in words(home)
    assert "\nLeave MGM Grand by " in words(home)
    assert "On my way" in labels(home)


async def test_a_list_there_has_buttons_and_no_numbers(scene: Stage) -> None:
    """It said "Type /attend 1", which attended the first session of another list."""
    await scene.ada.type("/find keynote")
    home = await scene.ada.open_home()
    assert "/attend 1" not in words(home)
    assert "Open a session to put it on your agenda" in words(home)
    assert not re.search(r"^\*?1[.·]? ", words(home), re.MULTILINE)
    opens = [each["accessory"]["text"]["text"] for each in home["blocks"] if "accessory" in each]
    assert set(opens) == {"Open"}
    details = await scene.ada.press(home, "Open")
    assert "Going" in labels(details)
    await scene.ada.type("/attend 1")
    chosen = [each.session for each in await attended(scene)]
    assert chosen == ["key001"]


async def attended(scene: Stage) -> Sequence[Attendance]:
    async with scene.app.store.read_transaction() as work:
        return await work.attendances.of_attendee((await scene.known()).id, "cloud21")


async def test_a_press_there_answers_in_a_window_and_the_tab_follows(scene: Stage) -> None:
    await scene.ada.type("/attend ARC301")
    home = await scene.ada.open_home()
    before = len(scene.peer.of("views.publish"))
    window = await scene.ada.press(home, "On my way")
    assert window.method == "views.open"
    assert words(window) == (
        'Have a good walk! "Queues that never sleep" starts at <!date^1638205200^{time}|09:00 PST>. '
        "No more reminders for this one."
    )
    await scene.peer.until(lambda: len(scene.peer.of("views.publish")) > before)
    details = await scene.ada.press(home, "Details")
    inside = await scene.ada.press(details, labels(details)[1])
    assert inside.method == "views.update"


async def test_a_form_there_is_put_on_the_window_and_answers_in_it(scene: Stage) -> None:
    async def asking(call: Call, context: Context) -> Reply:
        return Reply((("Ask me.",),), buttons=(Button("Another…", "hotel", asks=("venue",)),))

    commands = {**scene.app.dispatch.commands, "nextsession": Command("nextsession", "next", asking)}
    object.__setattr__(scene.app.dispatch, "commands", commands)
    home = await scene.ada.open_home()
    form = await scene.ada.press(home, "Another…")
    assert form.method == "views.open"
    body = scene.ada.fills_in(form, venue="MGM Grand")
    status, said = await scene.ada.post.payload(body)
    assert status == 200
    assert '"response_action": "update"' in said
    await scene.peer.until(lambda: bool(scene.peer.of("views.update")))
    (update,) = scene.peer.of("views.update")
    assert update["view_id"] == body["view"]["id"]
    assert words(update) == STAYING
    over = await scene.ada.press({**form.body["view"], "blocks": home["blocks"], "id": "V1"}, "Another…")
    assert over.method == "views.push"


async def test_it_follows_what_its_reader_does_elsewhere_and_nobody_elses(scene: Stage) -> None:
    await scene.ada.open_home()
    await scene.ada.type("/attend ARC301")
    await scene.peer.until(lambda: len(scene.peer.of("views.publish")) == 2)
    assert "ARC301" in words(scene.peer.homes["U031"])
    await Person(scene.ada.post, "U044", "eve").type("/attend SEC203")
    await scene.quiet()
    assert len(scene.peer.of("views.publish")) == 2


async def test_it_follows_the_schedule(scene: Stage) -> None:
    await scene.ada.type("/attend ARC301")
    await scene.ada.open_home()
    await scene.handler.home_tab.refresh()
    assert len(scene.peer.of("views.publish")) == 1
    await scene.app.publish(moved())
    await scene.handler.home_tab.refresh()
    assert len(scene.peer.of("views.publish")) == 2
    assert "Wynn" in words(scene.peer.homes["U031"])
    await scene.handler.home_tab.refresh()
    assert len(scene.peer.of("views.publish")) == 2


async def test_who_has_not_looked_for_an_hour_is_left_alone(scene: Stage) -> None:
    await scene.ada.open_home()
    scene.handler.home_tab._viewers.expire(time.monotonic() + VIEWING_TIME)
    await scene.app.publish(moved())
    await scene.handler.home_tab.refresh()
    assert len(scene.peer.of("views.publish")) == 1


async def test_it_leaves_the_numbers_of_the_conversation_alone(scene: Stage) -> None:
    await scene.ada.type("/find keys")
    home = await scene.ada.open_home()
    assert "*1 · " not in words(home)
    assert "SEC203" in words(await scene.ada.type("/session 1"))


async def test_without_a_conference_it_asks_which(scene: Stage) -> None:
    other = replace(schedule(), conference=replace(schedule().conference, slug="other", title="Other"))
    await scene.app.publish(other)
    home = await scene.ada.open_home()
    assert [each["text"]["text"] for each in home["blocks"] if each["type"] == "header"] == ["Next"]
    assert "Which conference does this community follow?" in words(home)


async def test_a_day_that_is_longer_than_the_tab_says_so(scene: Stage) -> None:
    async def many(call: Call, context: Context) -> Reply:
        return Reply(cards=tuple(Card(f"Card {number}") for number in range(40)))

    commands = {**scene.app.dispatch.commands, "agenda": Command("agenda", "agenda", many)}
    object.__setattr__(scene.app.dispatch, "commands", commands)
    home = await scene.ada.open_home()
    assert "Card 11" in words(home)
    assert "Card 12" not in words(home)
    assert "… there is more: `/agenda` lists all." in words(home)


async def test_what_slack_does_not_take_breaks_nothing(scene: Stage) -> None:
    scene.peer.faults.append(Fault("views.publish", 200, {"ok": False, "error": "internal_error"}))
    event = {"type": "app_home_opened", "user": "U031", "channel": "D1"}
    await scene.ada.post.event(scene.ada.event({**event, "tab": "home"}))
    await scene.quiet()
    await scene.ada.post.event(scene.ada.event({**event, "tab": "messages"}))
    await scene.quiet()
    assert len(scene.peer.of("views.publish")) == 1
    assert await scene.ada.open_home()


async def test_a_store_that_is_away_is_written_down_and_tried_again(scene: Stage) -> None:
    await scene.ada.open_home()
    dispatch = scene.handler.home_tab.dispatch

    class Away:
        commands = dispatch.commands

        async def schedule_of(self, platform: str, tenant: str) -> None:
            raise StoreError("away")

    scene.handler.home_tab.dispatch = Away()  # type: ignore[assignment]  # only what is asked of it
    await scene.handler.home_tab.refresh()
    event = {"type": "app_home_opened", "user": "U031", "channel": "D1", "tab": "home"}
    await scene.ada.post.event(scene.ada.event(event))
    await scene.quiet()
    scene.handler.home_tab.dispatch = dispatch
    assert await scene.ada.open_home()
