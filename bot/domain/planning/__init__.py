"""The most valuable day that can be walked: pure, exact, without a library."""
