"""Parsing in a child process: a file that the parser cannot handle is refused, and never stops the bot."""
