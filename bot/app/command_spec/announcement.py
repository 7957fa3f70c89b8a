"""The parameters of `/announce`."""

from typing import Any

from bot.app.command_spec.announcement_param_types import LINK, MOMENT, PROSE, TARGET, WHOLE
from bot.app.command_spec.command import Param, ParamType, StaticContext
from bot.app.command_spec.param_types import CHANNEL, TEXT, choice
from bot.domain.errors import BadInputError

MAX_TITLE_CHARACTERS = 100


def read_title(text: str, context: StaticContext) -> str:
    """Read a title of at most `MAX_TITLE_CHARACTERS`."""
    title = TEXT.read(text, context)
    if len(title) > MAX_TITLE_CHARACTERS:
        message = f"That title is too long: {len(title)} characters, and {MAX_TITLE_CHARACTERS} fit everywhere."
        raise BadInputError(message)
    return title


ACTIONS_NAMED = ("new", "list", "show", "confirm", "really", "change", "edit", "pause", "resume", "cancel", "recall")
ACTION = Param("action", choice(*ACTIONS_NAMED, "report"), "what to do; new if nothing")
NUMBER = Param("number", WHOLE, "which announcement, by its number")
WORDS = Param("text", PROSE, "what to tell, in quotes; *this* stands out")
TO = Param(
    "to",
    ParamType(TARGET.name, TARGET.read),
    "everyone, going ARC301, hotel Wynn, #general, …",
    keyword="to",
    keyword_required=True,
)
WHEN = Param(
    "when", ParamType(MOMENT.name, MOMENT.read), "now, 14:00, 10m before ARC301", keyword="at", keyword_required=True
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
    "title", ParamType("title", read_title, is_text=True), "its title", keyword="titled", keyword_required=True
)
LEADS = Param("link", LINK, "a link, shown as it is", keyword="link", keyword_required=True)
PICTURE = Param("picture", LINK, "the address of a picture", keyword="picture", keyword_required=True)
URGENCY = Param("urgency", choice("urgent", "normal"), "urgent passes quiet hours, and asks twice")
NOTIFY = Param("notify", choice("notify", "silent"), "notify calls everybody in the channel, if you may")
WHERE = Param("where", choice("everywhere", "local"), "everywhere: in the linked communities too")
PARAMS: tuple[Param[Any], ...] = (
    ACTION, NUMBER, WORDS, TITLE, TO, WHEN, BY, IN, LEADS, PICTURE, URGENCY, NOTIFY, WHERE,
)  # fmt: skip
