"""Says how late a nudge is, if that matters to its reader."""

from datetime import timedelta

from bot.app.messages import Text
from bot.app.text.catalog import t
from bot.app.text.format import minutes_text

WORTH_SAYING = timedelta(minutes=1)


def lateness_text(late: timedelta) -> Text:
    """A remark for a nudge that is sent more than a minute after it was due; else empty."""
    return t("(Sorry, this comes {time} late.)", time=minutes_text(late)) if late > WORTH_SAYING else ()
