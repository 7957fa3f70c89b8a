"""How Hallway says things: the wording that commands and nudges share, in neutral parts."""

from bot.app.say.departure import departure_text, leg_text, leg_walk
from bot.app.say.reader import Reader
from bot.app.say.sessions import line_of, numbered, place_text, session_card, span, traits
from bot.app.say.words import count, joined, minutes_text, sentence

__all__ = [
    "Reader",
    "count",
    "departure_text",
    "joined",
    "leg_text",
    "leg_walk",
    "line_of",
    "minutes_text",
    "numbered",
    "place_text",
    "sentence",
    "session_card",
    "span",
    "traits",
]
