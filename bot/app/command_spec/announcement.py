"""The parameters of `/announce`."""

from typing import Any

from bot.app.command_spec.command import Context, Kind, Param
from bot.app.command_spec.param_types import CHANNEL, TEXT, choice
from bot.app.command_spec.targets import LINK, MOMENT, PROSE, TARGET, WHOLE
from bot.domain.errors import BadInputError

LONGEST_TITLE = 100


def read_title(text: str, context: Context) -> str:
    """One short line."""
    title = TEXT.read(text, context)
    if len(title) > LONGEST_TITLE:
        message = f"That title is too long: {len(title)} characters, and {LONGEST_TITLE} fit everywhere."
        raise BadInputError(message)
    return title


ACTIONS_NAMED = ("new", "list", "show", "confirm", "really", "change", "edit", "pause", "resume", "cancel", "recall")
ACTION = Param("action", choice(*ACTIONS_NAMED, "report"), "what to do; new if nothing")
NUMBER = Param("number", WHOLE, "which announcement, by its number")
WORDS = Param("text", PROSE, "what to tell, in quotes; *this* stands out")
TO = Param("to", Kind(TARGET.name, TARGET.read), "everyone, going ARC301, hotel Wynn, #general, …", lead="to", led=True)
WHEN = Param("when", Kind(MOMENT.name, MOMENT.read), "now, 14:00, 10m before ARC301", lead="at", led=True)
BY = Param(
    "by", choice("channel", "dm", "both"), "channel, dm (to those who agreed to it) or both", lead="by", led=True
)
IN = Param("channel", CHANNEL, "the channel it is posted in", lead="in", led=True)
TITLE = Param("title", Kind("title", read_title, free=True), "its title", lead="titled", led=True)
LEADS = Param("link", LINK, "a link, shown as it is", lead="link", led=True)
PICTURE = Param("picture", LINK, "the address of a picture", lead="picture", led=True)
URGENCY = Param("urgency", choice("urgent", "normal"), "urgent passes quiet hours, and asks twice")
NOTIFY = Param("notify", choice("notify", "silent"), "notify calls everybody in the channel, if you may")
WHERE = Param("where", choice("everywhere", "local"), "everywhere: in the linked communities too")
PARAMS: tuple[Param[Any], ...] = (
    ACTION, NUMBER, WORDS, TITLE, TO, WHEN, BY, IN, LEADS, PICTURE, URGENCY, NOTIFY, WHERE,
)  # fmt: skip
