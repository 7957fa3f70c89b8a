"""The model of a conference and of an attendee's way through it: pure, without a clock, a database or a platform."""
