"""Times as people write them: days, hours, spans, time zones and the clock of 12 or 24 hours."""
