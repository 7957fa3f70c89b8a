"""The day that is worth most and can be walked: pure, exact, without a library."""
