"""Keeps a process running and observable: the job loop, the heartbeat and the metrics."""
