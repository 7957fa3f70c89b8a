"""Parsing in a child process: a file that no parser can cope with costs one refused file, never the bot."""
