"""What keeps a process running and observed: the job loop, the heartbeat and the metrics."""
