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
    UNTIL,
    VENUE,
    ZONE,
    Unclear,
    choice,
)
from bot.app.declare.mentions import ROLE, USER, Mention
from bot.app.declare.nudge import NudgeText, Occasion

__all__ = [
    "CHANNEL",
    "DAY",
    "DURATION",
    "LEVEL",
    "NUMBER",
    "QUIET",
    "ROLE",
    "SESSION",
    "TEXT",
    "TRACK",
    "UNTIL",
    "USER",
    "VENUE",
    "ZONE",
    "Call",
    "Command",
    "Context",
    "Handler",
    "Kind",
    "Mention",
    "NudgeText",
    "Occasion",
    "Option",
    "Param",
    "Unclear",
    "choice",
]
