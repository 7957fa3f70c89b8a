"""Hallway: when to leave and how to walk to each session you chose."""
