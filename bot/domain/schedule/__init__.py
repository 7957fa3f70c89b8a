"""Conferences, sessions, venues, walking between them, and times as people write them."""
