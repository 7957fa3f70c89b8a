"""Understand plain words, such as "what's next": a deterministic matcher from a sentence to commands.

It has no model and learns nothing. `english.toml` has the tables, `words.py` reads a line into words, `slots.py` finds
the sessions, places and days in it, `sentence.py` compares the rest with the tables, `matcher.py` chooses, and
`small_talk.py` says whether a line that means nothing wants an answer.
"""

from bot.app.plain_words.matcher import MAX_MEANINGS, Understood, understand
from bot.app.plain_words.meaning import Meaning
from bot.app.plain_words.words import MAX_CHARACTERS

__all__ = ["MAX_CHARACTERS", "MAX_MEANINGS", "Meaning", "Understood", "understand"]
