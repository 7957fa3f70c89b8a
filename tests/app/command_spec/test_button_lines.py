"""A button as a line to type does the same as the button."""

import pytest

from bot.app.messages import Button, Reply
from tests.fakes.app_harness import AppHarness


@pytest.mark.parametrize(
    ("button", "line"),
    [
        (Button("", "plan", {"words": "monday security"}), "/plan monday security"),
        (Button("", "here", {"venue": "Caesars Forum"}), "/here Caesars Forum"),
        (Button("", "find", {"words": "monday at MGM Grand"}), "/find monday at MGM Grand"),
        (Button("", "info", {"topic": "Wi-Fi in the halls"}), "/info Wi-Fi in the halls"),
        (Button("", "gap", {"until": "30 min"}), "/gap 30 min"),
        (Button("", "session", {"code": "Counting to infinity"}), "/session Counting to infinity"),
        (Button("", "walk", {"from": "MGM Grand", "to": "Caesars Forum"}), '/walk "MGM Grand" "Caesars Forum"'),
    ],
)
async def test_the_line_says_what_the_button_does(app: AppHarness, button: Button, line: str) -> None:
    assert button.line == line
    assert await app.say(line) == await app.press(Reply(buttons=(button,)), "")
