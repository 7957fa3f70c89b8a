"""From a parsed file to a schedule: drafts, resolution, matching with the last version, the report."""
