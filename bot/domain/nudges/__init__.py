"""The messages that Hallway sends on its own: which ones, when, and about what."""
