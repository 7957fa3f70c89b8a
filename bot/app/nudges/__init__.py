"""The messages that Hallway sends on its own: each file has one kind of nudge and exports it as `NUDGE`."""
