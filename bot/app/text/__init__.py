"""The sentences that people read, in neutral parts, and the wording that commands and nudges share."""

from bot.app.text.agenda import AgendaWriter, assumption_text, sizes_text
from bot.app.text.announcement import (
    Report,
    announcement_body,
    announcement_name,
    channel_message,
    direct_message,
    progress,
    report_card,
    result_cards,
    stage_text,
)
from bot.app.text.announcement_details import followed
from bot.app.text.announcement_moment import held_announcement, when_text
from bot.app.text.announcement_preview import CommunityPreview, Preview, preview, urgent_confirmation
from bot.app.text.blocks import block_again, remove_block
from bot.app.text.catalog import error_text, n, plain, s, t
from bot.app.text.chances import cases_text, share_text
from bot.app.text.changes import change_headline, change_text
from bot.app.text.choices import session_choices
from bot.app.text.clashes import clash_text
from bot.app.text.conference_days import is_over, outside_text
from bot.app.text.consent import first_time_text
from bot.app.text.departure import (
    departure_text,
    hours_text,
    late_for_line_text,
    leg_text,
    other_way_text,
    passed_text,
    route_text,
    slip_out_text,
    start_text,
    step_free_text,
    whole_minutes,
)
from bot.app.text.drop_ins import drop_in_cards
from bot.app.text.edits import edit_text, source_text
from bot.app.text.fallbacks import fallback_text, later_text, risk_texts
from bot.app.text.feedback import overflow_text, rating_buttons, room_buttons, room_text
from bot.app.text.format import (
    community_text,
    day_text,
    either,
    lines,
    listed,
    minutes_text,
    sentence,
    shortened,
)
from bot.app.text.group_recap import group_recap_text
from bot.app.text.lateness import WORTH_SAYING, lateness_text
from bot.app.text.local_times import Reader
from bot.app.text.map_links import map_links, room_links
from bot.app.text.moved import moved_text
from bot.app.text.nudge_subjects import nudge_text, silenced_text
from bot.app.text.numbers import numbers_reply
from bot.app.text.places import place_name, stay_text
from bot.app.text.recap import RecapWriter
from bot.app.text.recap_picture import day_picture, picture_file, week_picture
from bot.app.text.search import part_text, query_text
from bot.app.text.sessions import (
    join_buttons,
    later_button,
    listed_once,
    numbered,
    once,
    place_text,
    recording_link,
    session_buttons,
    session_card,
    session_line,
    session_name,
    watch_buttons,
)
from bot.app.text.stars import StarWriter, star_buttons, starred_change_text, starred_text
from bot.app.text.walks import closed, walks_reply, walks_report
from bot.app.text.ways import venue_text, way_text

__all__ = [
    "WORTH_SAYING",
    "AgendaWriter",
    "CommunityPreview",
    "Preview",
    "Reader",
    "RecapWriter",
    "Report",
    "StarWriter",
    "announcement_body",
    "announcement_name",
    "assumption_text",
    "block_again",
    "cases_text",
    "change_headline",
    "change_text",
    "channel_message",
    "clash_text",
    "closed",
    "community_text",
    "day_picture",
    "day_text",
    "departure_text",
    "direct_message",
    "drop_in_cards",
    "edit_text",
    "either",
    "error_text",
    "fallback_text",
    "first_time_text",
    "followed",
    "group_recap_text",
    "held_announcement",
    "hours_text",
    "is_over",
    "join_buttons",
    "late_for_line_text",
    "lateness_text",
    "later_button",
    "later_text",
    "leg_text",
    "lines",
    "listed",
    "listed_once",
    "map_links",
    "minutes_text",
    "moved_text",
    "n",
    "nudge_text",
    "numbered",
    "numbers_reply",
    "once",
    "other_way_text",
    "outside_text",
    "overflow_text",
    "part_text",
    "passed_text",
    "picture_file",
    "place_name",
    "place_text",
    "plain",
    "preview",
    "progress",
    "query_text",
    "rating_buttons",
    "recording_link",
    "remove_block",
    "report_card",
    "result_cards",
    "risk_texts",
    "room_buttons",
    "room_links",
    "room_text",
    "route_text",
    "s",
    "sentence",
    "session_buttons",
    "session_card",
    "session_choices",
    "session_line",
    "session_name",
    "share_text",
    "shortened",
    "silenced_text",
    "sizes_text",
    "slip_out_text",
    "source_text",
    "stage_text",
    "star_buttons",
    "starred_change_text",
    "starred_text",
    "start_text",
    "stay_text",
    "step_free_text",
    "t",
    "urgent_confirmation",
    "venue_text",
    "walks_reply",
    "walks_report",
    "watch_buttons",
    "way_text",
    "week_picture",
    "when_text",
    "whole_minutes",
]
