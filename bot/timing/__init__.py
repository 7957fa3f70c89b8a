"""Clocks and the alarm: the only place that knows what time it really is."""
