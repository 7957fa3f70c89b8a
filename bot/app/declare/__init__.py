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
from bot.app.declare.nudge import NotYet, NudgeText, Occasion
from bot.app.declare.targets import LINK, MOMENT, PERSON, PROSE, TARGET, WHOLE, Target

__all__ = [
    "CHANNEL",
    "DAY",
    "DURATION",
    "LEVEL",
    "LINK",
    "MOMENT",
    "NUMBER",
    "PERSON",
    "PROSE",
    "QUIET",
    "SESSION",
    "TARGET",
    "TEXT",
    "TRACK",
    "VENUE",
    "WHOLE",
    "ZONE",
    "Call",
    "Command",
    "Context",
    "Handler",
    "Kind",
    "NotYet",
    "NudgeText",
    "Occasion",
    "Option",
    "Param",
    "Target",
    "Unclear",
    "choice",
]
