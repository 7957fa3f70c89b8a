"""Every claim of speed or memory is a command here: `python -m benchmarks.NAME`."""
