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
from tests.adapters.slack.harness import SlackHarness
from tests.adapters.slack.test_conversation import STAYING
from tests.builders import ARC, KEY, SEC, at, schedule
from tests.fake_servers.slack import Fault, Person, labels, words


def moved() -> Schedule:
    made = schedule([replace(ARC, starts_at=at(15), ends_at=at(16), venue="Wynn", revision=2), KEY, SEC])
    return replace(made, conference=replace(made.conference, revision=2))


async def test_it_shows_the_next_session_today_reminders_and_privacy(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/hotel MGM")
    await slack_app.ada.type("/attend ARC301 reserved")
    home = await slack_app.ada.open_home()
    assert home["type"] == "home"
    assert [block["text"]["text"] for block in home["blocks"] if block["type"] == "header"] == [
        "Next",
        "Today",
        "Reminders",
        "Privacy",
    ]
    assert "Queues that never sleep (ARC301)" in words(home)
    assert "\nLeave MGM Grand by " in words(home)
    assert "On my way" in labels(home)


async def test_a_list_there_has_buttons_and_no_numbers(slack_app: SlackHarness) -> None:
    """It said "Type /attend 1", which attended the first session of another list."""
    await slack_app.ada.type("/find keynote")
    home = await slack_app.ada.open_home()
    assert "/attend 1" not in words(home)
    assert "Open a session to put it on your agenda" in words(home)
    assert not re.search(r"^\*?1[.·]? ", words(home), re.MULTILINE)
    opens = [block["accessory"]["text"]["text"] for block in home["blocks"] if "accessory" in block]
    assert set(opens) == {"Open"}
    details = await slack_app.ada.press(home, "Open")
    assert "Going" in labels(details)
    await slack_app.ada.type("/attend 1")
    chosen = [attendance.session for attendance in await attended(slack_app)]
    assert chosen == ["key001"]


async def attended(slack_app: SlackHarness) -> Sequence[Attendance]:
    async with slack_app.app.store.read_transaction() as work:
        return await work.attendances.of_attendee((await slack_app.attendee()).id, "cloud21")


async def test_a_press_there_answers_in_a_window_and_the_tab_follows(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    home = await slack_app.ada.open_home()
    before = len(slack_app.peer.of("views.publish"))
    window = await slack_app.ada.press(home, "On my way")
    assert window.method == "views.open"
    assert words(window) == (
        'Have a good walk! "Queues that never sleep" starts at <!date^1638205200^{time}|09:00 PST>. '
        "No more reminders for this one."
    )
    await slack_app.peer.until(lambda: len(slack_app.peer.of("views.publish")) > before)
    details = await slack_app.ada.press(home, "Details")
    inside = await slack_app.ada.press(details, labels(details)[1])
    assert inside.method == "views.update"


async def test_a_form_there_is_put_on_the_window_and_answers_in_it(slack_app: SlackHarness) -> None:
    async def asking(call: Call, context: Context) -> Reply:
        return Reply((("Ask me.",),), buttons=(Button("Another…", "hotel", asks=("venue",)),))

    commands = {**slack_app.app.dispatch.commands, "nextsession": Command("nextsession", "next", asking)}
    object.__setattr__(slack_app.app.dispatch, "commands", commands)
    home = await slack_app.ada.open_home()
    form = await slack_app.ada.press(home, "Another…")
    assert form.method == "views.open"
    body = slack_app.ada.fills_in(form, venue="MGM Grand")
    status, text = await slack_app.ada.post.payload(body)
    assert status == 200
    assert '"response_action": "update"' in text
    await slack_app.peer.until(lambda: bool(slack_app.peer.of("views.update")))
    (update,) = slack_app.peer.of("views.update")
    assert update["view_id"] == body["view"]["id"]
    assert words(update) == STAYING
    over = await slack_app.ada.press({**form.body["view"], "blocks": home["blocks"], "id": "V1"}, "Another…")
    assert over.method == "views.push"


async def test_it_follows_what_its_reader_does_elsewhere_and_nobody_elses(slack_app: SlackHarness) -> None:
    await slack_app.ada.open_home()
    await slack_app.ada.type("/attend ARC301")
    await slack_app.peer.until(lambda: len(slack_app.peer.of("views.publish")) == 2)
    assert "ARC301" in words(slack_app.peer.homes["U031"])
    await Person(slack_app.ada.post, "U044", "eve").type("/attend SEC203")
    await slack_app.quiet()
    assert len(slack_app.peer.of("views.publish")) == 2


async def test_it_follows_the_schedule(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    await slack_app.ada.open_home()
    await slack_app.handler.home_tab.refresh()
    assert len(slack_app.peer.of("views.publish")) == 1
    await slack_app.app.publish(moved())
    await slack_app.handler.home_tab.refresh()
    assert len(slack_app.peer.of("views.publish")) == 2
    assert "Wynn" in words(slack_app.peer.homes["U031"])
    await slack_app.handler.home_tab.refresh()
    assert len(slack_app.peer.of("views.publish")) == 2


async def test_who_has_not_looked_for_an_hour_is_left_alone(slack_app: SlackHarness) -> None:
    await slack_app.ada.open_home()
    slack_app.handler.home_tab._viewers.expire(time.monotonic() + VIEWING_TIME)
    await slack_app.app.publish(moved())
    await slack_app.handler.home_tab.refresh()
    assert len(slack_app.peer.of("views.publish")) == 1


async def test_it_leaves_the_numbers_of_the_conversation_alone(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/find keys")
    home = await slack_app.ada.open_home()
    assert "*1 · " not in words(home)
    assert "SEC203" in words(await slack_app.ada.type("/session 1"))


async def test_without_a_conference_it_asks_which(slack_app: SlackHarness) -> None:
    other = replace(schedule(), conference=replace(schedule().conference, slug="other", title="Other"))
    await slack_app.app.publish(other)
    home = await slack_app.ada.open_home()
    assert [block["text"]["text"] for block in home["blocks"] if block["type"] == "header"] == ["Next"]
    assert "Which conference does this community follow?" in words(home)


async def test_a_day_that_is_longer_than_the_tab_says_so(slack_app: SlackHarness) -> None:
    async def many(call: Call, context: Context) -> Reply:
        return Reply(cards=tuple(Card(f"Card {number}") for number in range(40)))

    commands = {**slack_app.app.dispatch.commands, "agenda": Command("agenda", "agenda", many)}
    object.__setattr__(slack_app.app.dispatch, "commands", commands)
    home = await slack_app.ada.open_home()
    assert "Card 11" in words(home)
    assert "Card 12" not in words(home)
    assert "… there is more: `/agenda` lists all." in words(home)


async def test_what_slack_does_not_take_breaks_nothing(slack_app: SlackHarness) -> None:
    slack_app.peer.faults.append(Fault("views.publish", 200, {"ok": False, "error": "internal_error"}))
    event = {"type": "app_home_opened", "user": "U031", "channel": "D1"}
    await slack_app.ada.post.event(slack_app.ada.event({**event, "tab": "home"}))
    await slack_app.quiet()
    await slack_app.ada.post.event(slack_app.ada.event({**event, "tab": "messages"}))
    await slack_app.quiet()
    assert len(slack_app.peer.of("views.publish")) == 1
    assert await slack_app.ada.open_home()


async def test_a_store_that_is_away_is_written_down_and_tried_again(slack_app: SlackHarness) -> None:
    await slack_app.ada.open_home()
    dispatch = slack_app.handler.home_tab.dispatch

    class Away:
        commands = dispatch.commands

        async def schedule_of(self, platform: str, tenant: str) -> None:
            raise StoreError("away")

    slack_app.handler.home_tab.dispatch = Away()  # type: ignore[assignment]  # only what is asked of it
    await slack_app.handler.home_tab.refresh()
    event = {"type": "app_home_opened", "user": "U031", "channel": "D1", "tab": "home"}
    await slack_app.ada.post.event(slack_app.ada.event(event))
    await slack_app.quiet()
    slack_app.handler.home_tab.dispatch = dispatch
    assert await slack_app.ada.open_home()
