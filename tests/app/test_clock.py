"""Every time that a person sees follows their clock: by choice, else by the locale that their platform sends."""

import re
from dataclasses import replace

import pytest

from adapters.discord.render.markdown import markdown
from adapters.slack.render.mrkdwn import render_text
from bot.app.messages import Request, TimeForm, When
from bot.domain.times.hour_format import HourFormat
from tests.builders import at
from tests.fakes.app_harness import AppHarness

LONG_CLOCK = re.compile(r"\b(?:[01]\d|2[0-3]):[0-5]\d\b(?! [ap]m)")
"""A time such as 09:05 or 13:05, but not 10:05 am."""
LINES = (
    "/hotel MGM", "/attend ARC301 reserved", "/attend SEC203", "/attend DAT310", "/nextsession", "/agenda", "/now",
    "/session KEY001", "/find keys", "/nextsession forum", "/nudges 22:00-08:30", "/nudges", "/skip", "/onmyway", "/recap",
    "/attend KEY001", "/session xyz", "/whosgoing ARC301", "/timezone Berlin", "/agenda tuesday", "/onmyway ARC301",
)  # fmt: skip


async def test_every_answer_and_every_message_of_a_day_has_the_chosen_clock(app: AppHarness) -> None:
    await app.say("/timezone 12h")
    answers = [await app.say(line) for line in LINES]
    await app.wait(hours=30)
    answers += [app.text(message.content) for message in app.post.sent]
    files = [file.content for message in app.post.sent for file in message.content.files if file.name.endswith(".md")]
    assert {message.kind for message in app.post.sent} >= {"leave-by", "evening-recap", "early-start"}
    assert files
    shown = [line.replace("22:00-08:30", "") for text in (*answers, *files) for line in text.splitlines()]
    assert [line for line in shown if LONG_CLOCK.search(line)] == []
    assert any("9:00 am" in line for line in shown)


async def test_the_locale_of_the_platform_is_stored_with_the_person_and_the_choice_wins(app: AppHarness) -> None:
    async def answer(command: str, locale: str, **arguments: str) -> str:
        request = Request("console", "club", "ada", command, arguments=arguments, locale=locale)
        return app.text(await app.dispatch.handle(request))

    assert "9:00 am" in await answer("nextsession", "en-US")
    assert "9:00 am" in await answer("nextsession", ""), "a request without a locale changes nothing"
    assert "09:00" in await answer("nextsession", "de")
    assert "9:00 am" in await answer("nextsession", "en-US")
    await answer("timezone", "en-US", clock="24h")
    assert "09:00" in await answer("nextsession", "en-US")
    await answer("timezone", "en-US", clock="auto")
    assert "9:00 am" in await answer("nextsession", "en-US")


async def test_the_next_leave_by_message_follows_a_new_choice(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/nudges off", "/attend ARC301", "/nudges on", "/timezone 12h")
    await app.wait(minutes=5)
    (sent,) = app.post.sent
    assert app.text(sent.content).startswith('Leave MGM Grand by 7:51 am for "Queues')


async def test_where_to_choose_the_clock(app: AppHarness) -> None:
    shown = await app.ask("/timezone")
    assert app.text(shown) == (
        "You see times in America/Los_Angeles, the conference's time zone.\n"
        "I use the clock of your device, if I know it.\n"
        "→ /timezone 12h · /timezone 24h"
    )
    assert await app.press(shown, "12-hour clock") == "It is 8:00 am. I'll show all times like this."
    assert await app.say("/timezone Berlin 24h") == (
        "It is 08:00 (17:00 in Europe/Berlin). I'll show all times like this."
    )
    assert (await app.say("/timezone")).endswith("You chose the 24-hour clock.\n→ /timezone 12h · /timezone auto")


async def test_suggestions_have_the_clock_too(app: AppHarness) -> None:
    await app.say("/timezone 12h")
    options = await app.dispatch.suggest(Request("console", "club", "ada", "attend"), "code", "ARC301")
    assert [option.label for option in options] == ["ARC301 Queues that never sleep (Mon 9:00 am)"]


NINE = When(at(9), "America/Los_Angeles", hours=HourFormat.H12)


@pytest.mark.parametrize(
    ("when", "discord", "slack"),
    [
        (NINE, "<t:1638205200:t>", "<!date^1638205200^{time}|9:00 am PST>"),
        (replace(NINE, hours=HourFormat.H24), "<t:1638205200:t>", "<!date^1638205200^{time}|09:00 PST>"),
        (replace(NINE, by_choice=True), "9:00 am", "9:00 am"),
        (replace(NINE, by_choice=True, hours=HourFormat.H24), "09:00", "09:00"),
        (replace(NINE, by_choice=True, form=TimeForm.DAY_TIME), "Mon 29 Nov 9:00 am", "Mon 29 Nov 9:00 am"),
        (
            replace(NINE, by_choice=True, form=TimeForm.RELATIVE),
            "<t:1638205200:R>",
            "<!date^1638205200^{ago}|at 9:00 am PST>",
        ),
        (
            replace(NINE, by_choice=True, own="Asia/Tokyo"),
            "9:00 am (2:00 am in Asia/Tokyo)",
            "9:00 am (2:00 am in Asia/Tokyo)",
        ),
    ],
)
def test_a_platform_shows_its_own_clock_until_one_is_chosen(when: When, discord: str, slack: str) -> None:
    assert markdown((when,)).replace("\\", "") == discord
    assert render_text((when,)).replace("\u200b", "") == slack
