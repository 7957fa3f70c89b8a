"""The `hallway` command: one file per subcommand. Each imports and builds its dependencies only when it runs."""
