"""Venues, the ways between them, and how long each way takes one person."""
