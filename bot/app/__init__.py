"""What Hallway does: commands, nudges, deliveries and imports. It uses ports and knows no platform."""
