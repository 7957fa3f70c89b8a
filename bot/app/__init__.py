"""What Hallway does: commands, nudges, dispatch, outbox and ingest, on ports and without a platform."""
