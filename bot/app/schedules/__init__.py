"""Importing schedules, polling their feeds, caching them and planning nudges again after a change."""
