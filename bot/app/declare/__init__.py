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
from bot.app.declare.nudge import NotYet, NudgeText, Occasion
from bot.app.declare.targets import LINK, MOMENT, PROSE, TARGET, WHOLE, Target

__all__ = [
    "CHANNEL",
    "DAY",
    "DURATION",
    "LEVEL",
    "LINK",
    "MOMENT",
    "NUMBER",
    "PROSE",
    "QUIET",
    "ROLE",
    "SESSION",
    "TARGET",
    "TEXT",
    "TRACK",
    "UNTIL",
    "USER",
    "VENUE",
    "WHOLE",
    "ZONE",
    "Call",
    "Command",
    "Context",
    "Handler",
    "Kind",
    "Mention",
    "NotYet",
    "NudgeText",
    "Occasion",
    "Option",
    "Param",
    "Target",
    "Unclear",
    "choice",
]
