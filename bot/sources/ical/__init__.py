"""The parts of an iCalendar file: its times, its time zones, versions of one event, and repeated events."""
