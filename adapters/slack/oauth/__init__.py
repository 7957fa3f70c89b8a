"""Installing Hallway in Slack workspaces: OAuth routes, tokens, their rotation and removal."""
