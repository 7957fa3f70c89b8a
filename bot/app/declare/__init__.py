"""How a command is declared: its name, help, typed parameters and handler. Everything else is derived from that."""

from bot.app.declare.command import Call, Command, Context, Handler, Kind, Option, Param
from bot.app.declare.kinds import (
    CHANNEL,
    DAY,
    DURATION,
    LEVEL,
    NUMBER,
    QUIET,
    SESSION,
    TEXT,
    TRACK,
    VENUE,
    ZONE,
    Unclear,
    choice,
)
from bot.app.declare.nudge import NudgeText, Occasion

__all__ = [
    "CHANNEL",
    "DAY",
    "DURATION",
    "LEVEL",
    "NUMBER",
    "QUIET",
    "SESSION",
    "TEXT",
    "TRACK",
    "VENUE",
    "ZONE",
    "Call",
    "Command",
    "Context",
    "Handler",
    "Kind",
    "NudgeText",
    "Occasion",
    "Option",
    "Param",
    "Unclear",
    "choice",
]
