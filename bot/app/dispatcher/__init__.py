"""Answers requests from all platforms: from a typed line or a pressed button to a reply."""

from bot.app.dispatcher.fair_slots import FairSlots, NoSlotError
from bot.app.dispatcher.limits import CommandLimits
from bot.app.dispatcher.pipeline import Dispatcher
from bot.app.dispatcher.precedence import Precedence

__all__ = ["CommandLimits", "Dispatcher", "FairSlots", "NoSlotError", "Precedence"]
