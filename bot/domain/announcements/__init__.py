"""Announcements, their audiences, organizers and linked communities."""
