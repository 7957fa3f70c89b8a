"""The `hallway` command: one file per subcommand, each wiring what it needs and importing it only then."""
