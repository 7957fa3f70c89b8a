"""Clocks and timers: the only code that reads the real time."""
