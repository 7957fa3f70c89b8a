"""The ports of the store on dicts: what the SQL stores are compared with, and a fast store for tests."""

from tests.fakes.memory_store.store import MemoryStore, MemoryUnitOfWork

__all__ = ["MemoryStore", "MemoryUnitOfWork"]
