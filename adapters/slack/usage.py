"""Completes the refusal of a typed line, because Slack shows nobody what they typed after a command. Pure."""

from dataclasses import replace

from bot.app.command_spec import Command
from bot.app.messages import Button, Reply, Text, Typed

NO_USAGE = ("Only organizers", "That was a lot at once", "Many people are asking me")
"""How replies begin that refuse a command: its usage does not help this user."""


def with_usage(reply: Reply, command: Command | None, line: str) -> Reply:
    """Add the usage of a command that was typed wrongly, a button for its form, and a text that may be long."""
    text = "".join(part for line_parts in reply.lines for part in line_parts if isinstance(part, str))
    if not reply.is_error or command is None or not command.params or text.startswith(NO_USAGE):
        return reply
    usage: tuple[Text, ...] = () if command.usage in text else (("Type ", Typed(command.usage), "."),)
    if line and any(param.type.multiline for param in command.params):
        usage = (*usage, ("You typed ", Typed(f"/{command.name} {line}")))
    fill_in = Button("Fill in…", command.name, asks=tuple(param.name for param in command.params))
    return replace(reply, lines=(*reply.lines, *usage), buttons=(*reply.buttons, fill_in))
