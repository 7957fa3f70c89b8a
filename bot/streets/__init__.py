"""Streets and buildings of an OpenStreetMap extract: finding venues, and routes on foot between them.

Only the command line reads extracts, and each in a child process: the bot itself holds no map.
"""

ATTRIBUTION = "(c) OpenStreetMap contributors, ODbL"
"""The credit to show with every line, outline and venue of the map."""
