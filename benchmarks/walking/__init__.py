"""Walking times: learned ones in simulated conferences with a known truth, and what they cost."""
