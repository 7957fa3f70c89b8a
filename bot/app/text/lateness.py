"""How late a nudge is, where that is worth saying."""

from datetime import timedelta

from bot.app.messages import Text
from bot.app.text.format import minutes_text, sentence

WORTH_SAYING = timedelta(minutes=1)


def lateness_text(late: timedelta) -> Text:
    """Said of a nudge that comes more than a minute after it was due."""
    return sentence(f"(This comes {minutes_text(late)} late.)") if late > WORTH_SAYING else ()
