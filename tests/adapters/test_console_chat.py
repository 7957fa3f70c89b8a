"""A conversation on the console: lines in, text or JSON out."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta

import pytest

from adapters.console import ChatSession, ConsoleMessenger, JsonSink, TerminalStyle, TextSink, chat_piped
from adapters.console.interactions import (
    CommandInput,
    OrganizerInput,
    PlainInput,
    QuitInput,
    SetClockInput,
    ShowFilesInput,
    SwitchUserInput,
    WaitInput,
    read_line,
)
from bot.app.messages import Reply
from bot.domain.attendee.attendee import Community
from bot.domain.errors import BadInputError
from tests.builders import at
from tests.fakes.app_harness import AppHarness


async def given(lines: Iterable[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


def chat_session(app: AppHarness, *, as_json: bool = False) -> tuple[ChatSession, list[str]]:
    written: list[str] = []
    sink = JsonSink(written.append) if as_json else TextSink(written.append, TerminalStyle())
    messenger = ConsoleMessenger(app.rehearsal, sink)
    app.scheduler.messengers = {"console": messenger}
    return ChatSession(app.rehearsal, sink, "club", "ada"), written


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("/nextsession", CommandInput("nextsession", "")),
        ("  /Attend ARC301 reserved ", CommandInput("attend", "ARC301 reserved")),
        ("nextsession wynn", PlainInput("nextsession wynn")),
        (" what's next? ", PlainInput("what's next?")),
        ("/hallway nextsession wynn", CommandInput("nextsession", "wynn")),
        (":as @bob", SwitchUserInput("bob")),
        (":organizer on", OrganizerInput(on=True)),
        (":organizer off", OrganizerInput(on=False)),
        (":wait 1h30", WaitInput(timedelta(minutes=90))),
        (":at 2021-11-29T08:30-08:00", SetClockInput(at(8, 30))),
        (":at 2021-11-29T08:30", SetClockInput(at(8, 30))),
        (":quit", QuitInput()),
        (":show", ShowFilesInput()),
        ("", None),
        ("# a remark", None),
    ],
)
def test_a_line_means_an_action(line: str, action: object) -> None:
    assert read_line(line, "America/Los_Angeles") == action


@pytest.mark.parametrize("line", [":", ":as", ":wait", ":wait long", ":at noon", ":fly", ":organizer maybe"])
def test_a_turn_that_is_none_is_answered_in_one_sentence(line: str) -> None:
    with pytest.raises(BadInputError):
        read_line(line, "UTC")


async def test_a_pipe_shows_what_was_said_the_answers_and_the_nudges(app: AppHarness) -> None:
    simulated_clock, written = chat_session(app)
    await chat_piped(
        simulated_clock,
        given(["/hotel Venetian\n", "/attend SEC203\n", ":fly\n", ":wait 2h30m\n", ":quit\n", "/never\n"]),
    )
    assert written[0] == "> /hotel Venetian"
    assert "● Mon 10:12  leave-by  (to ada)" in written
    assert ":fly is not a turn of the rehearsal." in "".join(written)
    assert written[-1] == "> :quit"


async def test_with_json_every_message_is_one_line(app: AppHarness) -> None:
    simulated_clock, written = chat_session(app, as_json=True)
    lines = ["/hotel Venetian", "/attend SEC203", "/nope", ":as bob", "/hotel", ":wait 12h"]
    await chat_piped(simulated_clock, given(lines))
    messages = [json.loads(line) for line in written]
    assert [(m["at"], m["to"], m["kind"], m["name"]) for m in messages] == [
        ("2021-11-29T08:00:00-08:00", "ada", "reply", "hotel"),
        ("2021-11-29T08:00:00-08:00", "ada", "reply", "attend"),
        ("2021-11-29T08:00:00-08:00", "ada", "error", "nope"),
        ("2021-11-29T08:00:00-08:00", "bob", "reply", "hotel"),
        ("2021-11-29T10:12:00-08:00", "ada", "nudge", "leave-by"),
        ("2021-11-29T18:00:00-08:00", "ada", "nudge", "evening-recap"),
    ]
    assert all(list(m)[:7] == ["at", "to", "kind", "name", "text", "buttons", "files"] for m in messages)
    assert [list(m)[7:] for m in messages] == [[], ["links"], [], [], ["links"], []]
    assert messages[4]["buttons"][1] == {"label": "I'm here", "line": "/here Caesars Forum"}
    assert 'Leave Venetian by 10:22 for "Keys, locks and doors" at Caesars Forum.' in messages[4]["text"]
    assert messages[5]["files"][0]["name"] == "2021-11-29-cloud21.md"


async def test_a_line_without_a_slash_is_plain_words_and_small_talk_gets_no_answer(app: AppHarness) -> None:
    session, written = chat_session(app, as_json=True)
    lines = ["where is ARC301", "thanks", "lol", "hi", "agenda tomorrow", "I can wash my elephant where?"]
    await chat_piped(session, given(lines))
    messages = [json.loads(line) for line in written]
    assert [(m["kind"], m["name"]) for m in messages] == [
        ("reply", "session"),
        ("reply", "words"),
        ("reply", "agenda"),
        ("error", "words"),
    ]


async def test_the_last_file_can_be_printed(app: AppHarness) -> None:
    simulated_clock, written = chat_session(app)
    await chat_piped(simulated_clock, given([":show", "/hotel Venetian", "/mydata", "/hotel", ":show"]))
    assert "There is no file yet: /mydata makes one, and so does the evening recap." in written
    begins = written.index("hallway-my-data.json")
    assert written[begins + 1 : begins + 3] == ["│ {", '│   "conference": "cloud21",']


async def test_the_clock_can_be_set_and_the_organizers_hat_put_on(app: AppHarness) -> None:
    simulated_clock, _ = chat_session(app)
    await chat_piped(simulated_clock, given(["/conference", ":at 2021-11-29T12:00", ":organizer on"]))
    assert app.clock.now() == at(12)
    assert simulated_clock.organizer


async def test_without_a_rehearsed_clock_time_cannot_be_moved(app: AppHarness) -> None:
    app.rehearsal.simulated_clock = None
    simulated_clock, written = chat_session(app)
    await chat_piped(simulated_clock, given([":wait 5m", f":at {datetime(2021, 1, 1).isoformat()}"]))
    assert sum("move the real clock" in line for line in written) == 2


async def test_what_stands_in_a_channel_is_shown_when_it_is_posted_edited_and_taken_back(app: AppHarness) -> None:
    _, written = chat_session(app, as_json=True)
    messenger, club = app.scheduler.messengers["console"], Community(1, "console", "club")
    receipt = await messenger.post(club, "general", "k1", "announcement", Reply((("Lunch",),)))
    await messenger.edit(club, receipt.channel, receipt.message, Reply((("Dinner",),)))
    await messenger.delete(club, receipt.channel, receipt.message)
    shown = [(line["to"], line["kind"], line["name"], line["text"]) for line in map(json.loads, written)]
    assert shown == [
        ("#general", "announcement", "announcement", "Lunch"),
        ("#general", "announcement", "edited", "Dinner"),
        ("#general", "announcement", "deleted", "A message was deleted."),
    ]
