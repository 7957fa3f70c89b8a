"""How a command is declared: its name, help, typed parameters and handler. Everything else is derived from that."""

from bot.app.declare.command import Call, Command, Context, Handler, Param
from bot.app.declare.kinds import (
    DAY,
    DURATION,
    NUMBER,
    QUIET,
    SESSION,
    TEXT,
    VENUE,
    ZONE,
    Kind,
    Unclear,
    choice,
)

__all__ = [
    "DAY",
    "DURATION",
    "NUMBER",
    "QUIET",
    "SESSION",
    "TEXT",
    "VENUE",
    "ZONE",
    "Call",
    "Command",
    "Context",
    "Handler",
    "Kind",
    "Param",
    "Unclear",
    "choice",
]
