"""Answers requests from all platforms: from a typed line or a pressed button to a reply."""

from bot.app.dispatcher.pipeline import Dispatch

__all__ = ["Dispatch"]
