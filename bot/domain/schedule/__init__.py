"""Conferences and sessions, and what organizers change of them."""
