"""The sentences that people read, in neutral parts, and the wording that commands and nudges share."""

from bot.app.text.agenda import conflict_text, numbered_stop, overlap_text, stop_card
from bot.app.text.announcement import (
    Report,
    announcement_card,
    announcement_name,
    channel_message,
    direct_message,
    progress,
    report_card,
    stage_text,
)
from bot.app.text.announcement_preview import CommunityPreview, Preview, preview, urgent_confirmation, when_text
from bot.app.text.catalog import n, plain, s, t
from bot.app.text.changes import change_text
from bot.app.text.departure import departure_text, leg_text, route_text, start_text
from bot.app.text.format import community_text, count, day_text, either, lines, listed, minutes_text, sentence
from bot.app.text.lateness import lateness_text
from bot.app.text.local_times import Reader
from bot.app.text.nudges import nudge_text
from bot.app.text.sessions import (
    numbered,
    place_text,
    session_buttons,
    session_card,
    session_line,
    session_name,
)

__all__ = [
    "CommunityPreview",
    "Preview",
    "Reader",
    "Report",
    "announcement_card",
    "announcement_name",
    "change_text",
    "channel_message",
    "community_text",
    "conflict_text",
    "count",
    "day_text",
    "departure_text",
    "direct_message",
    "either",
    "lateness_text",
    "leg_text",
    "lines",
    "listed",
    "minutes_text",
    "n",
    "nudge_text",
    "numbered",
    "numbered_stop",
    "overlap_text",
    "place_text",
    "plain",
    "preview",
    "progress",
    "report_card",
    "route_text",
    "s",
    "sentence",
    "session_buttons",
    "session_card",
    "session_line",
    "session_name",
    "stage_text",
    "start_text",
    "stop_card",
    "t",
    "urgent_confirmation",
    "when_text",
]
