"""How Hallway says things: the wording that commands and nudges share, in neutral parts."""

from bot.app.text.agenda import fit_text, numbered_stop, overlap_text, stop_card
from bot.app.text.announcement import Report, announcement_card, posted, progress, report_card, stage_text, told
from bot.app.text.announcement_preview import CommunityPreview, Preview, asked_again, preview, when_text
from bot.app.text.changes import change_text
from bot.app.text.departure import departure_text, leg_text, leg_walk
from bot.app.text.format import community_text, count, either, minutes_text, sentence
from bot.app.text.lateness import lateness_text
from bot.app.text.reader import Reader
from bot.app.text.sessions import line_of, numbered, place_text, session_buttons, session_card, span, traits

__all__ = [
    "CommunityPreview",
    "Preview",
    "Reader",
    "Report",
    "announcement_card",
    "asked_again",
    "change_text",
    "community_text",
    "count",
    "departure_text",
    "either",
    "fit_text",
    "lateness_text",
    "leg_text",
    "leg_walk",
    "line_of",
    "minutes_text",
    "numbered",
    "numbered_stop",
    "overlap_text",
    "place_text",
    "posted",
    "preview",
    "progress",
    "report_card",
    "sentence",
    "session_buttons",
    "session_card",
    "span",
    "stage_text",
    "stop_card",
    "told",
    "traits",
    "when_text",
]
