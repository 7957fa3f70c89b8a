"""Announcements of organizers: drafts, recipients, sending, progress, corrections and linked communities."""
