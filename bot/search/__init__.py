"""Full-text search in one schedule, in memory, the same on every database."""

from bot.search.index import index_of

__all__ = ["index_of"]
