"""The parameters of `/announce`."""

from dataclasses import replace
from typing import Any

from bot.app.command_spec.announcement_param_types import LINK, PROSE, TARGET, WHOLE
from bot.app.command_spec.command import Param
from bot.app.command_spec.moments import MOMENT
from bot.app.command_spec.param_types import CHANNEL, TEXT, choice

MAX_TITLE_CHARACTERS = 100


ACTIONS_NAMED = (
    "new", "list", "show", "confirm", "really", "send", "change", "edit", "pause", "resume", "cancel", "recall",
)  # fmt: skip
ACTION = Param("action", choice(*ACTIONS_NAMED, "report"), "what to do; without it, a new announcement")
NUMBER = Param("number", WHOLE, "which announcement, by its number")
WORDS = Param("text", PROSE, "the text, in quotes; *this* stands out")
TO = Param(
    "to",
    TARGET,
    "everyone, going ARC301, hotel Wynn, #general, …",
    keyword="to",
    keyword_required=True,
)
WHEN = Param(
    "when",
    MOMENT,
    "now, 14:00, 10m before ARC301, the end of ARC301, the start of the day",
    keyword="at",
    keyword_required=True,
)
BY = Param(
    "by",
    choice("channel", "dm", "both"),
    "channel, dm (to those who agreed to it) or both",
    keyword="by",
    keyword_required=True,
)
IN = Param("channel", CHANNEL, "the channel it is posted in", keyword="in", keyword_required=True)
TITLE = Param(
    "title",
    replace(TEXT, name="title", max_length=MAX_TITLE_CHARACTERS),
    "its title",
    keyword="titled",
    keyword_required=True,
)
LEADS = Param("link", LINK, "a link, shown in full", keyword="link", keyword_required=True)
PICTURE = Param("picture", LINK, "the address of a picture", keyword="picture", keyword_required=True)
URGENCY = Param("urgency", choice("urgent", "normal"), "urgent ignores quiet hours, and asks you twice")
NOTIFY = Param("notify", choice("notify", "silent"), "notify mentions everybody in the channel, if you are allowed to")
WHERE = Param("where", choice("everywhere", "local"), "everywhere: in the linked communities too")
PARAMS: tuple[Param[Any], ...] = (
    ACTION, NUMBER, WORDS, TITLE, TO, WHEN, BY, IN, LEADS, PICTURE, URGENCY, NOTIFY, WHERE,
)  # fmt: skip
