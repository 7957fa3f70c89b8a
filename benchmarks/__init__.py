"""What Hallway promises about speed and safety, measured beside a rival in the same run."""
