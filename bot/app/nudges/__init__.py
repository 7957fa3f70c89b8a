"""What Hallway sends on its own: one file per kind of nudge, exporting `NUDGE`."""
