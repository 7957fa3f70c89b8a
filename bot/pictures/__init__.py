"""Pictures of a day: drawn as SVG, and turned into PNG."""

from bot.pictures.png import paint

__all__ = ["paint"]
