"""Slack: commands, cards, buttons and direct messages, on slack-bolt."""
