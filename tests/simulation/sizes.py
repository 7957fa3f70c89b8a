"""How much is simulated: `HALLWAY_SIMULATION_DAYS` says it, and `make simulate` asks for thousands of days."""

import os

DAYS = int(os.environ.get("HALLWAY_SIMULATION_DAYS", "320"))
SOAK = DAYS >= 1_000
"""Whether crowds and peaks are as large as at a large conference, and there are more of them."""
